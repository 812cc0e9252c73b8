import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "../../lambdas/core/push/apps.ts";
import { schemas, type Entrypoint } from "../../lambdas/env.ts";
import { readStage } from "../../lib/config.ts";
import { entrypoints } from "../../lib/entrypoints.ts";
import { stages } from "../../stages.ts";
import { flat, list, object, synthesize, text, type Resource, type Synthesized } from "./synthesize.ts";

const config = readStage("prod", stages);
let stage: Synthesized;
beforeAll(() => {
  stage = synthesize("prod");
});

const functionOf = (entrypoint: Entrypoint): Resource => {
  const found = stage
    .of("AWS::Lambda::Function")
    .find(({ properties }) => properties["Description"] === `Push service, stage prod: ${entrypoint}`);
  if (found === undefined) throw new Error(`no function ${entrypoint}`);
  return found;
};
const environmentOf = (entrypoint: Entrypoint) =>
  object(object(functionOf(entrypoint).properties["Environment"])["Variables"]);
/** The alias that every caller invokes, found by the function's logical id. */
const aliasOf = (entrypoint: Entrypoint): Resource => {
  const { logicalId } = functionOf(entrypoint);
  const alias = stage
    .of("AWS::Lambda::Alias")
    .find(({ properties }) => flat(properties["FunctionName"]) === `\${${logicalId}}`);
  if (alias === undefined) throw new Error(`no alias of ${entrypoint}`);
  return alias;
};

/** Without the console, which a stage may add (test/lib/console.test.ts). */
const always = entrypoints.filter((name) => name !== "console");

describe.each(always)("function %s", (entrypoint) => {
  it("runs on Node 24 and arm64, with the configured memory, and times out before its caller does", () => {
    expect(functionOf(entrypoint).properties).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      MemorySize: config.functions[entrypoint].memory,
    });
    // CloudFormation waits an hour, API Gateway 29 s.
    if (entrypoint === "provisioning") expect(functionOf(entrypoint).properties["Timeout"]).toBe(120);
    else expect(Number(functionOf(entrypoint).properties["Timeout"])).toBeLessThan(29);
  });

  it("has every variable it needs, in at most 4 KB", () => {
    const environment = environmentOf(entrypoint);
    const entries: Readonly<Record<string, { readonly type: string }>> = schemas[entrypoint].entries;
    const known = Object.keys(entries);
    const needed = known.filter((name) => entries[name]?.type !== "optional");
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(needed));
    expect(known).toEqual(expect.arrayContaining(Object.keys(environment)));
    // 400 more for the token key, which is known only at deployment.
    expect(JSON.stringify(environment).length + 400).toBeLessThan(4_096);
  });

  it("keeps an event it failed on, or gives a reason why not", () => {
    const { logicalId, metadata } = functionOf(entrypoint);
    expect(metadata["failures"]).toMatch(/^.{30,}\.$/u);
    const asynchronous = stage
      .of("AWS::Lambda::EventInvokeConfig")
      .filter(({ properties }) => flat(properties["FunctionName"]) === `\${${logicalId}}`);
    const destinations = asynchronous.filter(
      ({ properties }) => "OnFailure" in object(properties["DestinationConfig"]),
    );
    const sources = stage
      .of("AWS::Lambda::EventSourceMapping")
      .filter(({ properties }) =>
        JSON.stringify(properties["FunctionName"]).includes(`"${aliasOf(entrypoint).logicalId}"`),
      );
    const reason = text(metadata["failures"]);
    expect(destinations.length > 0).toBe(reason.includes("has a queue for failures"));
    expect(sources.length > 0).toBe(reason.includes("works off a queue"));
    for (const { properties } of sources)
      expect(properties["FunctionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
    // Invoked only by a schedule, it is not retried; by default, both EventBridge and Lambda would.
    const woken = ["canary", "watch"].includes(entrypoint);
    const tries = asynchronous.map(({ properties: { MaximumRetryAttempts, MaximumEventAgeInSeconds } }) => [
      MaximumRetryAttempts,
      MaximumEventAgeInSeconds,
    ]);
    expect(tries).toEqual(woken ? [[0, 60]] : destinations.map(() => [2, undefined]));
    const targets = stage
      .of("AWS::Events::Rule")
      .filter(({ properties }) => "ScheduleExpression" in properties)
      .flatMap(({ properties }) => list(properties["Targets"]).map(object))
      .filter(({ Arn }) => flat(Arn) === `\${${aliasOf(entrypoint).logicalId}}`);
    expect(targets.length > 0).toBe(woken || ["provisioning", "history"].includes(entrypoint));
    if (woken) expect(targets.map(({ RetryPolicy }) => RetryPolicy)).toEqual([{ MaximumRetryAttempts: 0 }]);
  });

  it("logs to a group of its own with retention", () => {
    const group = flat(object(functionOf(entrypoint).properties["LoggingConfig"])["LogGroup"]).replace(
      /^\$\{|\}$/gu,
      "",
    );
    const found = stage.of("AWS::Logs::LogGroup").find(({ logicalId }) => logicalId === group);
    expect(found?.properties["RetentionInDays"]).toBe(config.logRetentionDays);
  });

  it("is a bundle of one ES module", () => {
    const bundle = bundleOf(entrypoint);
    const code = readFileSync(bundle, "utf8");
    expect(code).toMatch(/export\s?\{[^}]*\bhandler\b[^}]*\}/u);
    // That would also load undici (lib/functions/shared/node-http.ts).
    expect(code).not.toMatch(/(from|import|import\()\s?"(node:)?http"/u);
  });
});

/** The bundle in the assembly, through the asset manifest. */
function bundleOf(entrypoint: Entrypoint): string {
  const { stack, properties } = functionOf(entrypoint);
  const hash = text(object(properties["Code"])["S3Key"]).replace(/\.zip$/u, "");
  const manifest = JSON.parse(readFileSync(join(stage.directory, `${stack}.assets.json`), "utf8")) as {
    readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
  };
  return join(stage.directory, manifest.files[hash]?.source.path ?? "", "index.mjs");
}

describe("functions", () => {
  it.each([
    ["push", 90_000],
    ["session", 80_000],
  ] as const)("bundle %s in at most %i bytes, without the SDK's clients", (entrypoint, most) => {
    const bundle = bundleOf(entrypoint);
    expect(statSync(bundle).size).toBeLessThanOrEqual(most);
    expect(readFileSync(bundle, "utf8")).not.toMatch(/DynamoDBClient|SNSClient|SQSClient/u);
  });

  it("are kept warm and shifted gradually as configured", () => {
    expect(aliasOf("push").properties["ProvisionedConcurrencyConfig"]).toEqual({ ProvisionedConcurrentExecutions: 2 });
    expect(aliasOf("session").properties["ProvisionedConcurrencyConfig"]).toBeUndefined();
    const groups = stage.of("AWS::CodeDeploy::DeploymentGroup");
    const shifts = (entrypoint: Entrypoint): boolean =>
      "CodeDeployLambdaAliasUpdate" in object(aliasOf(entrypoint).definition["UpdatePolicy"]);
    expect([shifts("session"), shifts("push"), shifts("registration")]).toEqual([true, true, true]);
    // CloudFormation calls the provisioning function during a deployment, so that one is never shifted.
    expect(shifts("provisioning")).toBe(false);
    for (const { properties } of groups) {
      expect(properties["DeploymentConfigName"]).toBe("CodeDeployDefault.LambdaCanary10Percent5Minutes");
      expect(list(object(properties["AlarmConfiguration"])["Alarms"])).toHaveLength(1);
      expect(object(properties["AutoRollbackConfiguration"])["Enabled"]).toBe(true);
    }
  });

  it("have the configured memory and reserved concurrency", () => {
    const functions = { push: { memory: 1_536, reserved: 7 }, mail: { memory: 384 } };
    const sized = synthesize("sized", { ...stages["minimal"]!, functions }).of("AWS::Lambda::Function");
    const size = (entrypoint: Entrypoint) => {
      const found = sized.find(
        ({ properties }) => properties["Description"] === `Push service, stage sized: ${entrypoint}`,
      );
      return [found?.properties["MemorySize"], found?.properties["ReservedConcurrentExecutions"]];
    };
    expect([size("push"), size("mail"), size("session")]).toEqual([
      [1_536, 7],
      [384, undefined],
      [512, undefined],
    ]);
  });

  it("keep earlier versions for a rollback, except those of a failed first deployment", () => {
    const versions = stage.of("AWS::Lambda::Version");
    expect(versions).toHaveLength(always.length);
    for (const { definition } of versions)
      expect(definition).toMatchObject({ DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
  });

  it("refresh credentials once a day and when one changes, by its name or ARN", () => {
    const rules = stage
      .of("AWS::Events::Rule")
      .map(({ properties: { ScheduleExpression, EventPattern, Targets } }) => ({
        ScheduleExpression,
        EventPattern,
        target: object(list(Targets)[0]),
      }))
      .filter(({ target }) => flat(target["Arn"]) === `\${${aliasOf("provisioning").logicalId}}`);
    const refreshed = (of: typeof rules) =>
      of.map(({ target }) => {
        const { refresh } = JSON.parse(flat(target["Input"])) as { readonly refresh: Readonly<Record<string, string>> };
        return [refresh["Name"], refresh["CredentialSecret"]];
      });
    const apps = [
      ["push-prod-ios-call", "push/prod/apns"],
      ["push-prod-ios", "push/prod/apns"],
      ["push-prod-android", "push/prod/fcm"],
    ];
    const daily = rules.filter(({ ScheduleExpression }) => ScheduleExpression === "rate(1 day)");
    const changed = rules.filter(({ EventPattern }) => EventPattern !== undefined);
    expect([refreshed(daily), refreshed(changed)]).toEqual([apps, apps]);
    for (const [i, { EventPattern, target }] of changed.entries()) {
      const name = apps[i]?.[1] ?? "";
      const arn = ["arn:aws:secretsmanager:eu-central-1:", { Ref: "AWS::AccountId" }, `:secret:${name}-`];
      expect(EventPattern).toEqual({
        source: ["aws.secretsmanager"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: {
          eventName: ["PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage"],
          requestParameters: { secretId: [name, { prefix: { "Fn::Join": ["", arn] } }] },
        },
      });
      expect(flat(object(target["DeadLetterConfig"])["Arn"])).toMatch(/ProvisioningDeadLetters/u);
    }
  });

  it("know the URL of the Push object", () => {
    expect(environmentOf("registration")).toMatchObject({
      PUSH_URL: "https://push.example.com/push/ws",
      PUBLIC_URL: "https://push.example.com",
      ADDRESS_HEADER: "x-viewer-address",
    });
    // Without it every address would be CloudFront's, and all clients would share one limit by source.
    for (const name of ["session", "registration"] as const)
      expect([name, environmentOf(name)["ADDRESS_HEADER"]]).toEqual([name, "x-viewer-address"]);
    expect(environmentOf("canary")["OPEN_URL"]).toBe("https://push.example.com/push/ws");
    expect(flat(environmentOf("housekeeping")["CALLBACK_URL"])).toMatch(
      /^https:\/\/\$\{.*PbxApi\w+\}\.execute-api\.eu-central-1\..*\/push$/u,
    );
  });

  it("know who operates the service if that is configured", () => {
    for (const entrypoint of ["registration", "mail", "status"] as const)
      expect(JSON.parse(flat(environmentOf(entrypoint)["OPERATOR"]))).toEqual(stages["prod"]?.operator);
    const minimal = synthesize("minimal").of("AWS::Lambda::Function");
    const said = minimal.flatMap(({ properties }) => {
      const { OPERATOR } = object(object(properties["Environment"])["Variables"]);
      return OPERATOR === undefined ? [] : [OPERATOR];
    });
    expect(said).toEqual(["{}", "{}", "{}"]);
  });

  it("know both URLs that a PBX may open without a host name", () => {
    const variables = synthesize("minimal")
      .of("AWS::Lambda::Function")
      .map(({ properties }) => object(object(properties["Environment"])["Variables"]));
    const values = (name: string) =>
      new Set(variables.flatMap((each) => (each[name] === undefined ? [] : [flat(each[name])])));
    const api = /^https:\/\/\$\{[^}]*PbxApi[^}]*\}\.execute-api\.eu-central-1\.[^/]*/u;
    expect([...values("PUSH_URL")].map((url) => url.replace(api, ""))).toEqual(["/push/ws"]);
    for (const name of ["OPEN_URL", "CALLBACK_URL"])
      expect([...values(name)].map((url) => url.replace(api, ""))).toEqual(["/push"]);
  });

  it("know the apps of the configuration", () => {
    const apps = flat(environmentOf("push")["APPS"]).replaceAll(/\$\{(\w+)\.Arn\}/gu, "arn-of-$1");
    const ofPhones = (JSON.parse(apps) as readonly App[]).filter(({ platform }) => platform !== "CANARY");
    expect(ofPhones).toEqual([
      {
        id: "ios-call",
        platform: "APNS_VOIP",
        bundle: "com.example.phone",
        default: true,
        callTtl: 8,
        notificationTtl: 86_400,
        maxPayload: 5_120,
        applicationArn: expect.stringMatching(/^arn-of-Appsioscall/u) as string,
      },
      expect.objectContaining({
        id: "ios",
        default: false,
        maxPayload: 4_096,
        alert: { titleLocKey: "PUSH_TITLE", locKey: "PUSH_TEXT" },
      }),
      expect.objectContaining({ id: "android", platform: "GCM", default: true, maxPayload: 4_096 }),
    ]);
  });
});

describe("recent posts", () => {
  it("come from the logs of two functions, with permissions limited to log group and account", () => {
    const alias = `\${${aliasOf("history").logicalId}}`;
    const filters = stage.of("AWS::Logs::SubscriptionFilter");
    expect(filters.map(({ properties }) => properties["FilterPattern"]).sort()).toEqual([
      '{ $.message = "post answered" }',
      '{ $.message = "posts watched" }',
    ]);
    const permissions = stage
      .of("AWS::Lambda::Permission")
      .filter(({ properties }) => properties["Principal"] === "logs.amazonaws.com");
    expect(permissions).toHaveLength(filters.length);
    for (const { properties } of permissions) {
      expect(flat(properties["FunctionName"])).toBe(alias);
      expect(flat(properties["SourceArn"])).toMatch(/Logs/u);
      expect(flat(properties["SourceAccount"])).toContain("AWS::AccountId");
    }
    for (const { properties } of filters) expect(flat(properties["DestinationArn"])).toBe(alias);
  });

  it("can be switched off: nothing reads the logs, and the pages know it", () => {
    const off = synthesize("prod", { ...stages["prod"]!, recentPosts: false });
    expect(off.resources.filter(({ type }) => type === "AWS::Logs::SubscriptionFilter")).toEqual([]);
    const functions = off.of("AWS::Lambda::Function").map(({ properties }) => properties);
    expect(functions.filter(({ Description }) => text(Description).endsWith(": history"))).toEqual([]);
    const pages = functions.find(({ Description }) => text(Description).endsWith(": registration"));
    expect(object(object(pages?.["Environment"])["Variables"])).toMatchObject({ RECENT_POSTS: "off" });
  });

  it("are written by a function that logs without Lambda's own lines, as those would cost more than the rest", () => {
    expect(functionOf("history").properties["LoggingConfig"]).toMatchObject({
      LogFormat: "JSON",
      SystemLogLevel: "WARN",
    });
  });
});
