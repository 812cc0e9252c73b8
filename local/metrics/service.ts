import * as v from "valibot";
import { check } from "../aws/check.ts";
import { AwsError, jsonBody, jsonResponse, type AwsService } from "../aws/protocols.ts";
import { isOn } from "./alarms.ts";
import { run, type Query } from "./queries.ts";
import { metric, metricId, type Declared } from "./resources.ts";
import type { MetricStore } from "./store.ts";

const describing = v.object({
  AlarmNames: v.optional(v.array(v.string())),
  AlarmTypes: v.optional(v.array(v.string()), ["MetricAlarm"]),
  StateValue: v.optional(v.picklist(["OK", "ALARM", "INSUFFICIENT_DATA"])),
});
const time = v.number(); // Unix s, as the JSON protocol has it
const asking = v.object({
  StartTime: time,
  EndTime: time,
  MetricDataQueries: v.array(
    v.object({ Id: v.string(), MetricStat: v.object({ Metric: metric, Period: v.number(), Stat: v.string() }) }),
  ),
});

/** CloudWatch's JSON protocol: DescribeAlarms, and GetMetricData without math. */
export function createCloudWatch(store: MetricStore, declared: Declared): AwsService {
  const operations: Readonly<Record<string, (input: unknown) => object>> = {
    DescribeAlarms(input) {
      const { AlarmNames, AlarmTypes, StateValue } = check(describing, input);
      const listed = declared.alarms.flatMap((alarm) => {
        const type = "anyOf" in alarm ? "CompositeAlarm" : "MetricAlarm";
        const state = isOn(store, alarm, declared.alarms) ? "ALARM" : "OK";
        const asked = AlarmNames?.includes(alarm.name) ?? true;
        if (!asked || !AlarmTypes.includes(type) || (StateValue !== undefined && StateValue !== state)) return [];
        const { name: AlarmName, arn: AlarmArn, description: AlarmDescription } = alarm;
        return [{ type, entry: { AlarmName, AlarmArn, AlarmDescription, StateValue: state } }];
      });
      const ofType = (type: string) => listed.flatMap((each) => (each.type === type ? [each.entry] : []));
      return { MetricAlarms: ofType("MetricAlarm"), CompositeAlarms: ofType("CompositeAlarm") };
    },

    GetMetricData(input) {
      const { StartTime, EndTime, MetricDataQueries } = check(asking, input);
      const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
        const query: Query = { id: Id, metric: metricId(Metric), statistic: Stat };
        const window = { from: StartTime * 1000, to: EndTime * 1000, period: Period * 1000 };
        const series = [...(run(store, query, [], window)[0]?.series ?? [])].reverse(); // newest first, as CloudWatch
        const Timestamps = series.map(([at]) => at / 1000);
        return {
          Id,
          Label: Metric.MetricName,
          StatusCode: "Complete",
          Timestamps,
          Values: series.map(([, value]) => value),
        };
      });
      return { MetricDataResults };
    },
  };

  return (request) => {
    const operation = operations[request.operation];
    if (operation === undefined)
      throw new AwsError("InvalidAction", `CloudWatch ${request.operation} is not simulated`);
    return jsonResponse(operation(jsonBody(request)));
  };
}
