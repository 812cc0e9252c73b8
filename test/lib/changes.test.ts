import { readFileSync } from "node:fs";
import type * as v from "valibot";
import { describe, expect, it } from "vitest";
import { readStage, type StageInput } from "../../lib/config.ts";
import { stageSchema } from "../../lib/config/schema.ts";
import { stages } from "../../stages.ts";
import { harms } from "./changes.ts";
import { synthesize } from "./synthesize.ts";

/** A stage that uses every feature. */
const whole = stages["prod"]!;
const { apps = [], hostName: _name, ...nameless } = whole;
const { hostedZone: _zone, ...zoneless } = whole;
const { mailFromDomain: _mailFrom, ...plainMail } = whole.mail;
const sized = (memory: number) => ({ memory, reserved: 20, provisioned: 3 });
const rate = { rate: 77, burst: 78 };

interface Change {
  /** The stage before the change; by default the one that uses every feature. */
  readonly from?: StageInput;
  readonly to: StageInput;
  /** What the change replaces although it is retained, and why nothing is lost. */
  readonly replaces?: RegExp;
  /** What the change leaves behind blocks the way back: the row of docs/operate/deploying.md that says what to do about it. */
  readonly backAs?: string;
}

/** A name identifies an identity: another name is another identity, and the old one stays in SES with its records. */
const otherIdentity = /^AWS::(SES::EmailIdentity Identity|Route53::RecordSet DkimRecord)\w+ is (replaced|gone)$/u;

/** Every change that a deployed stage supports; each is also tried in reverse. */
const changes: Readonly<Record<string, Change>> = {
  "an app is added": {
    to: {
      ...whole,
      apps: [
        ...apps,
        { id: "beta", platform: "APNS_SANDBOX", bundle: "com.example.beta", credentialSecret: "push/prod/beta" },
      ],
    },
  },
  "an app is removed": { to: { ...whole, apps: apps.slice(1) } },
  "all apps are removed": { to: { ...whole, apps: [] } },
  // An app's id and platform may not: another id is another app, another platform is refused by the deployment
  // (docs/operate/deploying.md, A deployment stops at Custom::PlatformApplication).
  "every setting of an app that may change": {
    to: {
      ...whole,
      apps: apps.map((app) => ({
        ...app,
        ...(app.platform === "APNS" && { alert: { locKey: "OTHER" } }),
        bundle: `${app.bundle}-2`,
        default: false,
        credentialSecret: "push/prod/other",
        callTtl: 5,
        notificationTtl: 3_600,
        maxPayload: 2_048,
        successSampleRate: 10,
      })),
    },
  },
  "the host name changes": { to: { ...whole, hostName: "wake.example.com" } },
  "the host name is removed": { to: { ...nameless, apps } },
  "the hosted zone is removed, and added again": {
    to: zoneless,
    replaces: /^AWS::Route53::RecordSet DkimRecord\d is gone$/u,
    backAs: "to take `hostedZone` out, and to put it back in",
  },
  "emails come from another domain": {
    to: { ...whole, mail: { identity: "example.net", from: "push@example.net", mailFromDomain: "bounce.example.net" } },
    replaces: otherIdentity,
    backAs: "to take an identity back into the stage",
  },
  "emails come from an address": {
    to: { ...whole, mail: { identity: "push@example.com", from: "push@example.com" } },
    replaces: otherIdentity,
    backAs: "to take an identity back into the stage",
  },
  "emails come from an identity that SES already has": {
    to: { ...whole, mail: { ...plainMail, existing: true } },
    replaces: otherIdentity,
    backAs: "to take an identity back into the stage",
  },
  "MAIL FROM is SES's own": { to: { ...whole, mail: plainMail } },
  "KeepAlive is answered by a function": { to: { ...whole, keepAlive: "lambda" } },
  "pages name another operator": {
    to: {
      ...whole,
      operator: {
        name: "Another Push",
        contact: "https://example.net/contact",
        help: "https://example.net/help",
        privacy: "https://example.net/privacy",
      },
    },
  },
  "recent posts are no longer kept": { to: { ...whole, recentPosts: false } },
  "functions are deployed at once": { to: { ...whole, deployment: "ALL_AT_ONCE" } },
  "functions are deployed step by step": { to: { ...whole, deployment: "LINEAR_10PERCENT_EVERY_1MINUTE" } },
  "nothing is retained any more": { to: { ...whole, removal: "destroy" } },
  "operators get a console, by a provider of their own": {
    to: {
      ...whole,
      console: {
        issuer: "https://id.example.com",
        clientId: "push-admin",
        clientSecretName: "push/prod/console",
        groupsClaim: "groups",
        groups: { support: "support", operator: "operators" },
      },
    },
  },
  "operators get a console with Cognito, which is removed again": {
    from: { ...whole, console: "cognito" },
    to: whole,
    replaces: /^AWS::Cognito::UserPool \w+ is gone$/u,
    backAs: 'to put `console: "cognito"` back',
  },
  "alarms go to another topic": {
    to: {
      ...whole,
      alarmAddress: "night@example.com",
      alarmTopic: "arn:aws:sns:eu-central-1:111122223333:night",
      runbookUrl: "https://example.com/runbook",
    },
  },
  "every fallback is switched on": {
    to: {
      ...whole,
      fallbacks: {
        calls: "sdk",
        certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
        deflate: "stripped",
        rights: "wide",
        sourceAccount: "unchecked",
        voipBundle: "plain",
      },
    },
  },
  "an operator may choose secrets of any length": { to: { ...whole, testSecrets: true } },
  "every number changes": {
    to: {
      ...whole,
      pbxes: 20_000,
      pushesPerPbxAndDay: 900,
      canaryMinutes: 3,
      deadlineMs: 2_000,
      logRetentionDays: 90,
      tokenLogRetentionDays: 1,
      quotas: { concurrency: 5_000, connects: 2_000, publishes: 3_000, endpointCalls: 300 },
      limits: Object.fromEntries(Object.keys(stageSchema.entries.limits.wrapped.entries).map((name) => [name, 17])),
      throttles: Object.fromEntries(
        Object.keys(stageSchema.entries.throttles.wrapped.entries).map((name) => [name, rate]),
      ),
      waf: { handshakes: 50_000, requests: 5_000 },
      functions: Object.fromEntries(
        Object.keys(stageSchema.entries.functions.wrapped.entries).map((name, i) => [name, sized(640 + i)]),
      ),
      tables: { maxReadUnits: 9_000, maxWriteUnits: 9_000 },
    },
  },
};

/** Keys that cannot change on a deployed stage: why, and where that is documented. */
const fixed = {
  account: "stacks of another account are another deployment",
  region: "stacks of another Region are another deployment (docs/operate/recovery.md, Moving to another Region)",
  dummyCredentials: "is for simulated SNS; AWS refuses a generated credential, so no deployed stage has it",
} as const;

const templates = (input: StageInput) => synthesize("prod", input).texts;

describe("a change of a deployed stage", () => {
  it.each(Object.entries(changes))(
    "deploys and loses nothing, in both directions: %s",
    (_, { from = whole, to, replaces, backAs }) => {
      const [before, after] = [templates(from), templates(to)];
      expect(after).not.toEqual(before);
      const lost = (all: readonly string[]) => all.filter((harm) => replaces?.test(harm) !== true);
      const there = harms(before, after);
      expect(lost(there)).toEqual([]);
      expect(lost(harms(after, before))).toEqual([]);
      // No exemption outlives its cause.
      if (replaces !== undefined) expect(there.some((harm) => replaces.test(harm))).toBe(true);
      // CloudFormation refuses to create a resource that an earlier template left behind.
      expect(backAs !== undefined).toBe(there.some((harm) => harm.endsWith(" is gone")));
      if (backAs !== undefined) expect(readFileSync("docs/operate/deploying.md", "utf8")).toContain(`\n| ${backAs}`);
    },
  );

  it("retains an identity and its DKIM records, except when the first deployment fails", () => {
    const { Resources } = JSON.parse(templates(whole)["push-prod-mail"] ?? "") as {
      Resources: Record<string, { Type: string }>;
    };
    const kept = Object.entries(Resources).filter(
      ([id, { Type }]) => Type === "AWS::SES::EmailIdentity" || id.startsWith("Dkim"),
    );
    expect(kept).toHaveLength(4);
    for (const [, resource] of kept)
      expect(resource).toMatchObject({ DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
  });
});

describe("harms", () => {
  const mail = (identity: string, Value: object) =>
    JSON.stringify({
      Resources: {
        Identity: {
          Type: "AWS::SES::EmailIdentity",
          DeletionPolicy: "Retain",
          Properties: { EmailIdentity: identity },
        },
      },
      Outputs: { Name: { Value, Export: { Name: "mail:Name" } } },
    });
  const user = JSON.stringify({
    Resources: { Role: { Type: "AWS::IAM::Policy", Properties: { PolicyName: { "Fn::ImportValue": "mail:Name" } } } },
  });
  const ref = { Ref: "Identity" };

  it("find an export in use whose text stays and whose resource is replaced", () => {
    const found = harms({ mail: mail("example.com", ref), user }, { mail: mail("example.net", ref), user: "{}" });
    expect(found).toEqual([
      "mail:Name is in use and Identity is replaced",
      "AWS::SES::EmailIdentity Identity is replaced",
    ]);
  });

  it.each([
    [
      "changes",
      mail("example.com", { "Fn::GetAtt": ["Identity", "DkimDNSTokenName1"] }),
      ["mail:Name is in use and changes"],
    ],
    ["goes", "{}", ["mail:Name is in use and goes", "AWS::SES::EmailIdentity Identity is gone"]],
  ])("find an export in use that %s", (_, after, found) => {
    expect(harms({ mail: mail("example.com", ref), user }, { mail: after, user: "{}" })).toEqual(found);
  });

  it("ignore a change of an unused export", () => {
    const after = mail("example.com", { "Fn::GetAtt": ["Identity", "DkimDNSTokenName1"] });
    expect(harms({ mail: mail("example.com", ref) }, { mail: after })).toEqual([]);
  });

  it("find what is replaced because it refers to a replaced resource", () => {
    const table = (Name: string) =>
      JSON.stringify({
        Resources: {
          Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: Name } },
          Log: {
            Type: "AWS::Logs::LogGroup",
            DeletionPolicy: "Retain",
            Properties: { LogGroupName: { Ref: "Queue" } },
          },
        },
      });
    expect(harms({ data: table("a") }, { data: table("b") })).toEqual(["AWS::Logs::LogGroup Log is replaced"]);
  });
});

describe("the table of changes", () => {
  /** `limits.mailsPerDay`, `apps.bundle`, … */
  const keysOf = (schema: v.GenericSchema, path: readonly string[] = []): readonly string[] => {
    if ("wrapped" in schema) return keysOf(schema.wrapped as v.GenericSchema, path);
    if ("item" in schema) return keysOf(schema.item as v.GenericSchema, path);
    if (!("entries" in schema)) return [path.join(".")];
    return Object.entries(schema.entries as Readonly<Record<string, v.GenericSchema>>).flatMap(([key, entry]) =>
      keysOf(entry, [...path, key]),
    );
  };
  const valuesOf = (value: unknown, [key, ...more]: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((item) => valuesOf(item, key === undefined ? [] : [key, ...more]));
    if (key === undefined) return value;
    return valuesOf((value as Readonly<Record<string, unknown>> | undefined)?.[key], more);
  };

  it("covers every key that stages.ts may contain", () => {
    const read = (input: StageInput) => readStage("prod", { prod: input });
    const all = Object.values(changes).map(({ to }) => read(to));
    const unwalked = keysOf(stageSchema).filter((key) => {
      const path = key.split(".");
      const before = JSON.stringify(valuesOf(read(whole), path));
      return all.every((after) => JSON.stringify(valuesOf(after, path)) === before);
    });
    expect(unwalked).toEqual(Object.keys(fixed));
  });
});
