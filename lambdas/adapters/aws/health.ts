import { DescribeAlarmsCommand, GetMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SLOT } from "../../core/status.ts";
import type { Health } from "../../ports/health.ts";
import { call } from "./call.ts";

/** Longest list of names that DescribeAlarms takes. */
const NAMES = 100;

/** CloudWatch's view of one stage. */
export function cloudWatchHealth(client: CloudWatchClient, namespace: string, stage: string): Health {
  return {
    async ringing(alarms) {
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

    async canaryRuns(from, to) {
      const query = (Id: string, Stat: string) => ({
        Id,
        MetricStat: {
          Metric: { Namespace: namespace, MetricName: "Canary", Dimensions: [{ Name: "stage", Value: stage }] },
          Period: SLOT / 1000,
          Stat,
        },
      });
      const command = new GetMetricDataCommand({
        StartTime: new Date(from),
        EndTime: new Date(to),
        MetricDataQueries: [query("arrived", "Sum"), query("all", "SampleCount")],
      });
      const { MetricDataResults = [] } = await call("monitoring.GetMetricData", (options) => client.send(command, options));
      const series = (id: string) => {
        const { Timestamps = [], Values = [] } = MetricDataResults.find((result) => result.Id === id) ?? {};
        return new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0]));
      };
      const arrived = series("arrived");
      return [...series("all")].map(([at, all]) => ({ at, all, arrived: arrived.get(at) ?? 0 }));
    },
  };
}
