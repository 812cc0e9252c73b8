import { DescribeAlarmsCommand, GetMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SLOT_MS } from "../../../core/monitoring/status.ts";
import type { Health } from "../../../ports/monitoring.ts";
import { call } from "../client/call.ts";

/** Longest list of names that DescribeAlarms takes. */
const NAMES = 100;

/** CloudWatch's view of one stage and the platforms that it serves. */
export function cloudWatchHealth(
  client: CloudWatchClient,
  {
    namespace,
    stage,
    platforms,
  }: { readonly namespace: string; readonly stage: string; readonly platforms: readonly string[] },
): Health {
  const query = (Id: string, MetricName: string, dimensions: Readonly<Record<string, string>>, Stat: string) => {
    const Dimensions = Object.entries({ stage, ...dimensions }).map(([Name, Value]) => ({ Name, Value }));
    return {
      Id,
      MetricStat: { Metric: { Namespace: namespace, MetricName, Dimensions }, Period: SLOT_MS / 1000, Stat },
    };
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
      const metrics = [
        { name: "Canary", dimensions: {} },
        ...platforms.map((platform) => ({ name: "PostTrouble", dimensions: { platform } })),
      ];
      const command = new GetMetricDataCommand({
        StartTime: new Date(from),
        EndTime: new Date(to),
        MetricDataQueries: metrics.flatMap(({ name, dimensions }, index) =>
          ["Sum", "SampleCount"].map((Stat) => query(`${Stat.toLowerCase()}${index}`, name, dimensions, Stat)),
        ),
      });
      const { MetricDataResults = [] } = await call("monitoring.GetMetricData", (options) =>
        client.send(command, options),
      );
      const series = (id: string) => {
        const { Timestamps = [], Values = [] } = MetricDataResults.find((result) => result.Id === id) ?? {};
        return new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0]));
      };
      const [canary = [], ...posts] = metrics.map((_, index) => {
        const sums = series(`sum${index}`);
        return [...series(`samplecount${index}`)].map(([at, all]) => ({ at, all, sum: sums.get(at) ?? 0 }));
      });
      return {
        canary: canary.map(({ at, all, sum }) => ({ at, all, arrived: sum })),
        posts: posts.flat().map(({ at, all, sum }) => ({ at, all, arrived: all - sum })),
      };
    },
  };
}
