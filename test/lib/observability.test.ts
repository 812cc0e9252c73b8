import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { COMPONENTS, type ComponentAlarms } from "../../lambdas/core/monitoring/status.ts";
import { metrics as known } from "../../lambdas/core/shared/metrics.ts";
import { anchorOf } from "../../local/dashboard/markdown.ts";
import { stages } from "../../stages.ts";
import { flat, list, object, synthesize, text, type Resource, type Synthesized } from "./synthesize.ts";

const minimal = synthesize("minimal");
const prod = synthesize("prod");
const withConsole = synthesize("console", { ...stages["prod"]!, console: "cognito" });
const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
const told = synthesize("told", {
  ...stages["minimal"],
  mail: { identity: "example.com", from: "push@example.com" },
  alarmTopic: topic,
  runbookUrl: "https://git.example.com/docs/operate/runbook.md",
});

const runbook = readFileSync("docs/operate/runbook.md", "utf8");
/** Texts of the sections by anchor. */
const sections = new Map(
  runbook.split(/^#{1,4} /mu).map((section) => [anchorOf(section.split("\n", 1)[0] ?? ""), section] as const),
);

const alarmsOf = (stage: Synthesized): readonly Resource[] => [
  ...stage.of("AWS::CloudWatch::Alarm"),
  ...stage.of("AWS::CloudWatch::CompositeAlarm"),
];
const nameOf = ({ properties }: Resource) => text(properties["AlarmName"]).replace(/^push-[a-z]+-/u, "");
const named = (stage: Synthesized, name: string) => {
  const found = alarmsOf(stage).find((alarm) => nameOf(alarm) === name);
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found.properties;
};

describe.each([
  ["minimal", minimal],
  ["prod", prod],
  ["console", withConsole],
])("alarms of stage %s", (_, stage) => {
  test.each(alarmsOf(stage).map((alarm) => [nameOf(alarm), alarm] as const))(
    "%s says what users notice, and links to what to do in the runbook",
    (_name, { properties }) => {
      const [, impact = "", anchor = ""] =
        /^(.+[.]) Runbook: \S*docs\/operate\/runbook\.md#([\w-]+)$/u.exec(text(properties["AlarmDescription"])) ?? [];
      expect(impact.length).toBeGreaterThan(20);
      const section = sections.get(anchor);
      expect(section, `a section of docs/operate/runbook.md for #${anchor}`).toBeDefined();
      for (const part of ["**Look at.** ", "**Commands.**", "**Tell customers.** "]) expect(section).toContain(part);
      expect(section).toMatch(/^```sh\n[^`]+^```$/mu);
    },
  );

  test("use the name of the WebSocket API's stage", () => {
    const dimensions = [
      ...JSON.stringify(stage.resources.map(({ properties }) => properties)).matchAll(
        /\{"Name":"Stage","Value":"([^"]*)"\}/gu,
      ),
    ];
    expect(dimensions.length).toBeGreaterThan(0);
    expect(new Set(dimensions.map(([, name]) => name))).toEqual(new Set(["push"]));
  });

  test("are in the runbook's table", () => {
    for (const alarm of alarmsOf(stage)) {
      const general = nameOf(alarm).replace(/-(APNS|GCM)\w*$/u, "-PLATFORM");
      const name = general.replace(/^(deployment-errors|tables-throttled)-\w+$/u, "$1-NAME");
      expect(runbook).toMatch(new RegExp(`^\\| \\[?${name}[ \\]]`, "mu"));
    }
  });

  test("do not fire without data, except for the canary's and the credential check's", () => {
    const loud = stage
      .of("AWS::CloudWatch::Alarm")
      .filter(({ properties }) => properties["TreatMissingData"] !== "notBreaching");
    expect(loud.map(nameOf)).toEqual(["canary", "watch-silent"]);
  });

  test("name our metrics as the code does", () => {
    const text = JSON.stringify(alarmsOf(stage).map(({ properties }) => properties));
    const names = [
      ...text.matchAll(
        /"MetricName":"(\w+)"[^}]*"Namespace":"PushService"|"Namespace":"PushService","MetricName":"(\w+)"/gu,
      ),
    ];
    for (const [, before, after] of names) expect(Object.keys(known)).toContain(before ?? after);
  });
});

describe.each([
  ["minimal", minimal],
  ["prod", prod],
])("the status page of stage %s", (_, stage) => {
  const status = stage
    .of("AWS::Lambda::Function")
    .find(({ properties }) => text(properties["Description"]).endsWith(": status"));
  const variables = object(object(status?.properties["Environment"] ?? {})["Variables"] ?? {});
  const alarms = JSON.parse(flat(variables["ALARMS"])) as ComponentAlarms;
  const short = (names: readonly string[]) => names.map((name) => name.replace(/^push-[a-z]+-/u, ""));

  test("reads existing alarms, with separate ones for each component", () => {
    expect(Object.keys(alarms)).toEqual(COMPONENTS);
    const known = alarmsOf(stage).map(({ properties }) => properties["AlarmName"]);
    const told = Object.values(alarms).flatMap(({ down, degraded }) => [...down, ...degraded]);
    expect(told.filter((name) => !known.includes(name))).toEqual([]);
    expect(short(alarms.pushes.down)).toEqual(["canary"]);
    expect(short(alarms.connections.down)).toEqual(["canary-cannot-connect"]);
    const registration = ["pages-fail", "pages-throttled", "tables-throttled-core", "tables-throttled-secrets"];
    expect(short(alarms.registration.degraded).toSorted()).toEqual([...registration, "tables-throttled-sessions"]);
    const email = ["emails-fail", "emails-late", "tables-throttled-core", "tables-throttled-sessions"];
    expect(short(alarms.email.degraded).toSorted()).toEqual(email);
    expect(alarms.pushes.degraded.filter((name) => /pages|email|queues|logins/u.test(name))).toEqual([]);
  });

  test("reads the requests of the function that serves the pages", () => {
    expect(flat(variables["PAGES_FUNCTION"])).toMatch(/Registration/u);
  });
});

describe("the dashboard's links", () => {
  const texts = (stage: Synthesized) =>
    JSON.stringify(stage.of("AWS::CloudWatch::Dashboard").map(({ properties }) => properties["DashboardBody"]));

  test("lead to existing sections of the runbook", () => {
    const linked = [...texts(prod).matchAll(/\]\(([^)#]+)#([\w-]+)\)/gu)];
    expect(linked.length).toBeGreaterThan(20);
    for (const [, address, anchor = ""] of linked) {
      expect(address).toBe(stages["prod"]?.runbookUrl);
      expect([...sections.keys()]).toContain(anchor);
    }
  });

  test("are beside the alarms, one for each, with alarms in ALARM state first", () => {
    const alarms = [...prod.of("AWS::CloudWatch::Alarm"), ...prod.of("AWS::CloudWatch::CompositeAlarm")];
    const text = texts(prod);
    // CloudWatch, "Dashboard body structure and syntax": alarms in ALARM state first.
    expect(text).toContain(String.raw`\"sortBy\":\"stateUpdatedTimestamp\"`);
    const beside = /### What to do(.*?)"width/u.exec(text)?.[1] ?? "";
    const linked = [...beside.matchAll(/\[([\w-]+)\]\([^)#]+#([\w-]+)\)/gu)].map(([, id, anchor]) => [id, anchor]);
    const described = alarms.map((alarm) => [
      nameOf(alarm),
      JSON.stringify(alarm.properties["AlarmDescription"])
        .split("#")[1]
        ?.match(/^[\w-]+/u)?.[0],
    ]);
    // Alarms of deployments trigger a rollback and need no link.
    const shown = described.filter(([name = ""]) => !name.startsWith("deployment-errors-"));
    expect(linked.toSorted()).toEqual(shown.toSorted());
  });

  test("are plain text if the configuration does not say where the runbook is", () => {
    expect(texts(minimal)).toContain("in docs/operate/runbook.md; with runbookUrl");
    expect(texts(minimal)).not.toMatch(/\]\([^)]*#/u);
  });
});

test("alarms on quotas per second use periods of one minute", () => {
  for (const name of ["connects-near-limit", "publishes-near-limit", "endpoints-near-limit"]) {
    const metrics = list(named(prod, name)["Metrics"]).map(object);
    const periods = metrics.flatMap(({ MetricStat }) => object(MetricStat ?? {})["Period"] ?? []);
    expect(new Set(periods)).toEqual(new Set([60]));
  }
});

test("each table's alarm includes its indexes, and fills missing data with zero", () => {
  const alarm = named(prod, "tables-throttled-core");
  const text = JSON.stringify(alarm["Metrics"]);
  expect(text).toContain("FILL(core0, 0)");
  for (const index of ["byEndpoint", "byKind"])
    expect(text).toContain(`"Name":"GlobalSecondaryIndexName","Value":"${index}"`);
  for (const name of ["secrets", "sessions"])
    expect(JSON.stringify(named(prod, `tables-throttled-${name}`)["Metrics"])).toContain("FILL(");
});

test("a metric counts what API Gateway itself throttles, from the access log, and not what our functions refuse", () => {
  const [filter, ...others] = minimal.of("AWS::Logs::MetricFilter").map(({ properties }) => properties);
  expect(others).toEqual([]);
  expect(filter?.["FilterPattern"]).toBe('{ ($.status = "429") && ($.integration = "-") }');
  const [transformation] = list(filter?.["MetricTransformations"]).map(object);
  expect(transformation).toMatchObject({ MetricNamespace: "PushService/Logs", MetricName: "PagesThrottled" });
  expect(transformation?.["Dimensions"]).toEqual([{ Key: "ApiId", Value: "$.api" }]);
  const logged = JSON.stringify(minimal.of("AWS::ApiGatewayV2::Stage"));
  for (const field of ["api", "status", "integration"]) expect(logged).toContain(`\\"${field}\\":\\"$context.`);
});

describe("where alarms go", () => {
  test("nowhere by default", () => {
    for (const { properties } of alarmsOf(minimal)) expect(list(properties["AlarmActions"])).toEqual([]);
  });

  test("to the address, through a topic with a key that CloudWatch may use", () => {
    const subscriptions = prod
      .of("AWS::SNS::Subscription")
      .filter(({ properties }) => properties["Protocol"] === "email");
    expect(subscriptions.map(({ properties }) => properties["Endpoint"])).toEqual(["operations@example.com"]);
    const key = prod.resources.find(
      ({ type, stack }) => type === "AWS::KMS::Key" && stack === "push-prod-observability",
    );
    expect(JSON.stringify(key?.properties["KeyPolicy"])).toContain("cloudwatch.amazonaws.com");
  });

  test("to the topic, with one summary for alarms that stop pushes", () => {
    expect(named(told, "pushes-not-going-through")["AlarmActions"]).toEqual([topic]);
    expect(named(told, "credential-expires")["AlarmActions"]).toEqual([topic]);
    expect(named(told, "canary")["AlarmActions"]).toBeUndefined();
    expect(flat(named(told, "pushes-not-going-through")["AlarmRule"])).toContain("Alarmscanary");
  });
});

describe("rights", () => {
  const statements = (stage: Synthesized, role: string) =>
    stage
      .of("AWS::IAM::Policy")
      .filter(({ properties }) => flat(list(properties["Roles"])[0]).includes(role))
      .flatMap(({ properties }) => list(object(properties["PolicyDocument"])["Statement"]).map(object));

  test("the canary may use only its own rows", () => {
    const onTables = statements(minimal, "CanaryRole").filter(({ Action }) =>
      list(Action ?? []).some((each) => text(each).startsWith("dynamodb:")),
    );
    expect(onTables).toHaveLength(2);
    const keys = onTables.map(
      ({ Condition }) => object(object(Condition)["ForAllValues:StringLike"])["dynamodb:LeadingKeys"],
    );
    expect(keys.map((each) => JSON.stringify(each)).sort()).toEqual(['["DOMAIN#canary"]', '["canary"]'].sort());
  });

  test("the credential check reads no secret's value", () => {
    expect(JSON.stringify(statements(prod, "WatchRole"))).toContain("secretsmanager:DescribeSecret");
    expect(JSON.stringify(statements(prod, "WatchRole"))).not.toContain("GetSecretValue");
  });

  test("only the push function may wake the canary's phone", () => {
    const phone = minimal.of("AWS::SNS::Topic").find(({ logicalId }) => logicalId.startsWith("CanaryPhone"));
    const policies = minimal
      .of("AWS::IAM::Policy")
      .filter(({ properties }) => JSON.stringify(properties).includes(phone?.logicalId ?? "?"));
    expect(
      policies.map(({ properties }) => flat(list(properties["Roles"])[0])).every((role) => role.includes("PushRole")),
    ).toBe(true);
    expect(policies).toHaveLength(1);
  });
});

test("the canary runs as often as the configuration says", () => {
  const rules = minimal.of("AWS::Events::Rule").map(({ properties }) => properties["ScheduleExpression"]);
  expect(rules).toContain("rate(1 minute)");
});
