import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { cloudWatchHealth } from "../../../../lambdas/adapters/aws/monitoring/health.ts";
import type { Source } from "../../../../lambdas/core/monitoring/status.ts";
import { awsError } from "../../../support/aws/scripted-dynamo.ts";
import { scriptedSdk } from "../../../support/aws/scripted-sdk.ts";
import { NOON } from "../../../support/values/clock.ts";

const SCOPE = { namespace: "Push", stage: "prod", platforms: ["APNS", "GCM"], pages: "push-prod-pages" };
const HALF_HOUR = 1_800_000;

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}
const keyOf = ({ MetricStat: { Metric, Stat } }: Query) =>
  [
    Metric.Namespace,
    Metric.MetricName,
    Stat,
    ...Metric.Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).toSorted(),
  ].join(" ");

/** A CloudWatch in which metrics have these values in half hours from NOON, by the names that `keyOf` gives them. */
function measured(values: Readonly<Record<string, readonly number[]>>) {
  const { client, asked } = scriptedSdk<CloudWatchClient>(
    ({ MetricDataQueries }: { MetricDataQueries: readonly Query[] }) => ({
      MetricDataResults: MetricDataQueries.map((query) => {
        const found = values[keyOf(query)] ?? [];
        return { Id: query.Id, Timestamps: found.map((_, index) => new Date(NOON + index * HALF_HOUR)), Values: found };
      }),
    }),
  );
  return { health: cloudWatchHealth(client, SCOPE), asked };
}

// docs/operate/runbook.md, Alarms: what the public status shows.
describe("in a half hour", () => {
  it.each<readonly [Source, Readonly<Record<string, number>>, { readonly worked: number; readonly all: number }]>([
    ["canary", { "Push Canary SampleCount stage=prod": 30, "Push Canary Sum stage=prod": 28 }, { worked: 28, all: 30 }],
    [
      "posts",
      {
        "Push PostTrouble SampleCount platform=APNS stage=prod": 10,
        "Push PostTrouble Sum platform=APNS stage=prod": 3,
        "Push PostTrouble SampleCount platform=GCM stage=prod": 5,
        "Push PostTrouble Sum platform=GCM stage=prod": 1,
      },
      { worked: 11, all: 15 },
    ],
    [
      "canaryConnects",
      {
        "Push Canary SampleCount stage=prod": 30,
        "Push CanaryFailure Sum outcome=connect stage=prod": 1,
        "Push CanaryFailure Sum outcome=challenge stage=prod": 2,
        "Push CanaryFailure Sum outcome=login stage=prod": 3,
        "Push CanaryFailure Sum outcome=keepalive stage=prod": 4,
        "Push CanaryFailure Sum outcome=arrival stage=prod": 100,
      },
      { worked: 20, all: 30 },
    ],
    [
      "logins",
      {
        "Push Login Sum outcome=ok stage=prod": 8,
        "Push Login Sum outcome=error stage=prod": 2,
        "Push Login Sum outcome=refused stage=prod": 100,
      },
      { worked: 8, all: 10 },
    ],
    [
      "requests",
      {
        "AWS/Lambda Invocations Sum FunctionName=push-prod-pages": 20,
        "AWS/Lambda Errors Sum FunctionName=push-prod-pages": 2,
        "Push Unexpected Sum outcome=registration stage=prod": 1,
        "AWS/Lambda Throttles Sum FunctionName=push-prod-pages": 5,
      },
      { worked: 17, all: 25 },
    ],
    [
      "emails",
      { "Push Mail Sum outcome=sent stage=prod": 9, "Push Mail Sum outcome=failed stage=prod": 1 },
      { worked: 9, all: 10 },
    ],
  ])("%s are counted", async (source, values, counted) => {
    const each = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value, 2 * value]]));
    const history = await measured(each).health.history(NOON, NOON + 2 * HALF_HOUR);
    expect(history[source]).toEqual([
      { at: NOON, ...counted },
      { at: NOON + HALF_HOUR, worked: 2 * counted.worked, all: 2 * counted.all },
    ]);
  });

  it("there were no attempts if CloudWatch has no data", async () => {
    const nothing = { canary: [], posts: [], canaryConnects: [], logins: [], requests: [], emails: [] };
    expect(await measured({}).health.history(NOON, NOON + 1)).toEqual(nothing);
    for (const answer of [{}, { MetricDataResults: [{ Id: "canary0" }] }]) {
      const { client } = scriptedSdk<CloudWatchClient>(answer);
      expect(await cloudWatchHealth(client, SCOPE).history(NOON, NOON + 1)).toEqual(nothing);
    }
  });

  it("a time without a value counts as zero", async () => {
    const { client } = scriptedSdk<CloudWatchClient>(
      ({ MetricDataQueries }: { MetricDataQueries: readonly Query[] }) => ({
        MetricDataResults: MetricDataQueries.map(({ Id }) => ({ Id, Timestamps: [new Date(NOON)] })),
      }),
    );
    const { emails } = await cloudWatchHealth(client, SCOPE).history(NOON, NOON + 1);
    expect(emails).toEqual([{ at: NOON, worked: 0, all: 0 }]);
  });
});

it("queries half hours, from the first to the last, each metric with an id that CloudWatch accepts", async () => {
  const { health, asked } = measured({});
  await health.history(NOON, NOON + 48 * HALF_HOUR);
  expect(asked).toHaveLength(1);
  const { operation, input } = asked[0] as { operation: string; input: object };
  const { StartTime, EndTime, MetricDataQueries } = input as {
    StartTime: Date;
    EndTime: Date;
    MetricDataQueries: readonly Query[];
  };
  expect([operation, StartTime.getTime(), EndTime.getTime()]).toEqual(["GetMetricData", NOON, NOON + 48 * HALF_HOUR]);
  expect(new Set(MetricDataQueries.map(({ MetricStat }) => MetricStat.Period))).toEqual(new Set([1_800]));
  const names = MetricDataQueries.map(({ Id }) => Id);
  expect(new Set(names).size).toBe(names.length);
  // CloudWatch API reference, MetricDataQuery: letters, digits and underscores, a lowercase letter first.
  for (const name of names) expect(name).toMatch(/^[a-z]\w*$/u);
});

describe("alarms", () => {
  it("of both kinds in state ALARM are found by name", async () => {
    const { client, asked } = scriptedSdk<CloudWatchClient>({
      MetricAlarms: [{ AlarmName: "push-prod-canary" }],
      CompositeAlarms: [{ AlarmName: "push-prod-down" }],
    });
    const names = ["push-prod-canary", "push-prod-down", "push-prod-mail"];
    expect(await cloudWatchHealth(client, SCOPE).inAlarm(names)).toEqual(
      new Set(["push-prod-canary", "push-prod-down"]),
    );
    expect(asked).toEqual([
      {
        operation: "DescribeAlarms",
        input: {
          AlarmNames: names,
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          StateValue: "ALARM",
          MaxRecords: 100,
        },
      },
    ]);
  });

  it("are requested by at most 100 names, CloudWatch's limit", async () => {
    const { client, asked } = scriptedSdk<CloudWatchClient>({});
    const names = Array.from({ length: 101 }, (_, number) => `alarm-${number}`);
    expect(await cloudWatchHealth(client, SCOPE).inAlarm(names)).toEqual(new Set());
    expect((asked[0]?.input as { AlarmNames: readonly string[] }).AlarmNames).toEqual(names.slice(0, 100));
  });
});

it.each(["DescribeAlarms", "GetMetricData"] as const)(
  "a refused %s causes an error that names the call",
  async (operation) => {
    const health = cloudWatchHealth(scriptedSdk<CloudWatchClient>(awsError("AccessDenied")).client, SCOPE);
    const work = operation === "DescribeAlarms" ? health.inAlarm(["a"]) : health.history(NOON, NOON + 1);
    await expect(work).rejects.toMatchObject({ operation: `monitoring.${operation}`, kind: "rejected", denied: true });
  },
);
