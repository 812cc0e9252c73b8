import { DescribeAlarmsCommand, GetMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CONNECTING } from "../../../core/monitoring/canary.ts";
import { SLOT_MS, type History, type Source, type Tries } from "../../../core/monitoring/status.ts";
import type { MetricDimensions, MetricName } from "../../../core/shared/metrics.ts";
import type { Health } from "../../../ports/monitoring.ts";
import { call } from "../client/call.ts";

/** Most names that DescribeAlarms takes. */
const NAMES = 100;

/** What one unit of a metric adds to a slot. */
const COUNTS = {
  worked: { worked: 1, all: 1 },
  /** Of tries that `all` counts already. */
  ofThemWorked: { worked: 1, all: 0 },
  ofThemFailed: { worked: -1, all: 0 },
  all: { worked: 0, all: 1 },
} as const;

interface Counted {
  readonly metric: MetricName | "Invocations" | "Errors" | "Throttles";
  readonly stat: "Sum" | "SampleCount";
  readonly as: keyof typeof COUNTS;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Namespace of the metric; absent: ours. */
  readonly namespace?: string;
}

export interface HealthScope {
  readonly namespace: string;
  readonly stage: string;
  /** Platforms that posts may be for. */
  readonly platforms: readonly string[];
  /** Name of the function that serves the pages. */
  readonly pages: string;
}

function sourcesOf({ stage, platforms, pages }: HealthScope): Readonly<Record<Source, readonly Counted[]>> {
  const own = (
    metric: MetricName,
    stat: Counted["stat"],
    as: Counted["as"],
    dimensions: MetricDimensions = {},
  ): Counted => ({ metric, stat, as, dimensions: { stage, ...dimensions } });
  const ofPages = (metric: Counted["metric"], as: Counted["as"]): Counted => ({
    metric,
    stat: "Sum",
    as,
    dimensions: { FunctionName: pages },
    namespace: "AWS/Lambda",
  });
  return {
    canary: [own("Canary", "SampleCount", "all"), own("Canary", "Sum", "ofThemWorked")],
    posts: platforms.flatMap((platform) => [
      own("PostTrouble", "SampleCount", "worked", { platform }),
      own("PostTrouble", "Sum", "ofThemFailed", { platform }),
    ]),
    canaryConnects: [
      own("Canary", "SampleCount", "worked"),
      ...CONNECTING.map((outcome) => own("CanaryFailure", "Sum", "ofThemFailed", { outcome })),
    ],
    logins: [own("Login", "Sum", "worked", { outcome: "ok" }), own("Login", "Sum", "all", { outcome: "error" })],
    requests: [
      ofPages("Invocations", "worked"),
      ofPages("Errors", "ofThemFailed"),
      own("Unexpected", "Sum", "ofThemFailed", { outcome: "registration" }),
      ofPages("Throttles", "all"),
    ],
    emails: [own("Mail", "Sum", "worked", { outcome: "sent" }), own("Mail", "Sum", "all", { outcome: "failed" })],
  };
}

/** CloudWatch's view of one stage. */
export function cloudWatchHealth(client: CloudWatchClient, scope: HealthScope): Health {
  const sources = Object.entries(sourcesOf(scope)) as [Source, readonly Counted[]][];
  const idOf = (source: Source, index: number) => `${source}${index}`;
  const queryOf = (Id: string, { metric, stat, dimensions, namespace = scope.namespace }: Counted) => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: namespace, MetricName: metric, Dimensions };
    return { Id, MetricStat: { Metric, Period: SLOT_MS / 1000, Stat: stat } };
  };
  return {
    async inAlarm(alarms) {
      const command = new DescribeAlarmsCommand({
        AlarmNames: alarms.slice(0, NAMES),
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
        StateValue: "ALARM",
        MaxRecords: NAMES,
      });
      const { MetricAlarms = [], CompositeAlarms = [] } = await call("monitoring.DescribeAlarms", (options) =>
        client.send(command, options),
      );
      return new Set([...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName ?? ""));
    },

    async history(from, to) {
      const command = new GetMetricDataCommand({
        StartTime: new Date(from),
        EndTime: new Date(to),
        MetricDataQueries: sources.flatMap(([source, counted]) =>
          counted.map((each, index) => queryOf(idOf(source, index), each)),
        ),
      });
      const { MetricDataResults = [] } = await call("monitoring.GetMetricData", (options) =>
        client.send(command, options),
      );
      const results = new Map(MetricDataResults.map((result) => [result.Id, result]));
      const triesOf = (source: Source, counted: readonly Counted[]): readonly Tries[] => {
        const slots = new Map<number, Tries>();
        for (const [index, { as }] of counted.entries()) {
          const { Timestamps = [], Values = [] } = results.get(idOf(source, index)) ?? {};
          for (const [position, time] of Timestamps.entries()) {
            const at = time.getTime();
            const { worked, all } = slots.get(at) ?? { worked: 0, all: 0 };
            const value = Values[position] ?? 0;
            slots.set(at, { at, worked: worked + COUNTS[as].worked * value, all: all + COUNTS[as].all * value });
          }
        }
        return [...slots.values()];
      };
      return Object.fromEntries(sources.map(([source, counted]) => [source, triesOf(source, counted)])) as History;
    },
  };
}
