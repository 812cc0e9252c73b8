import * as v from "valibot";
import { arn } from "../aws/arn.ts";
import type { Provider, ResourceRequest } from "../cloudformation/deploy.ts";
import { cannotRun, read } from "../cloudformation/read.ts";
import { COMPARISONS, type Alarm } from "./alarms.ts";
import type { MetricId } from "./store.ts";
import type { Query } from "./queries.ts";

/** The template's CloudWatch resources. */
export interface Declared {
  readonly alarms: Alarm[];
  /** Bodies by name. */
  readonly dashboards: Map<string, string>;
}

const dimensions = v.optional(v.array(v.object({ Name: v.string(), Value: v.string() })), []);
export const metric = v.object({ Namespace: v.string(), MetricName: v.string(), Dimensions: dimensions });
const meaning = { AlarmName: v.string(), AlarmDescription: v.optional(v.string(), "") };
const alarmSchema = v.object({
  ...meaning,
  ComparisonOperator: v.picklist(Object.keys(COMPARISONS)),
  Threshold: v.number(),
  EvaluationPeriods: v.number(),
  DatapointsToAlarm: v.optional(v.number()),
  TreatMissingData: v.optional(
    v.picklist(["breaching", "notBreaching"], "runs here as breaching or notBreaching only"),
    "notBreaching",
  ),
  Namespace: v.optional(v.string()),
  MetricName: v.optional(v.string()),
  Dimensions: dimensions,
  Period: v.optional(v.number()),
  Statistic: v.optional(v.string()),
  ExtendedStatistic: v.optional(v.string()),
  Metrics: v.optional(
    v.array(
      v.object({
        Id: v.string(),
        Expression: v.optional(v.string()),
        Period: v.optional(v.number()),
        ReturnData: v.optional(v.boolean(), true),
        MetricStat: v.optional(v.object({ Metric: metric, Period: v.number(), Stat: v.string() })),
      }),
    ),
  ),
});
type AlarmProperties = v.InferOutput<typeof alarmSchema>;

export function cloudWatchResources(declared: Declared): Readonly<Record<string, Provider>> {
  const alarmArn = (request: ResourceRequest, name: string) => arn(request.stack, "cloudwatch", `alarm:${name}`);
  const made = (request: ResourceRequest, name: string) => ({
    ref: name,
    attributes: { Arn: alarmArn(request, name) },
  });

  return {
    "AWS::CloudWatch::Dashboard"(request) {
      const { DashboardName, DashboardBody } = read(
        v.object({ DashboardName: v.string(), DashboardBody: v.string() }),
        request,
      );
      declared.dashboards.set(DashboardName, DashboardBody);
      return { ref: DashboardName };
    },

    "AWS::CloudWatch::Alarm"(request) {
      const named = request.properties["AlarmName"] === undefined ? { AlarmName: request.generatedName } : {};
      const properties = read(alarmSchema, { ...request, properties: { ...request.properties, ...named } });
      const queries = queriesOf(properties);
      const watched = queries.find(({ returned }) => returned);
      const breaches = COMPARISONS[properties.ComparisonOperator];
      if (watched === undefined || breaches === undefined) throw cannotRun(request, "it watches nothing");
      declared.alarms.push({
        name: properties.AlarmName,
        arn: alarmArn(request, properties.AlarmName),
        description: properties.AlarmDescription,
        queries: queries.map(({ query }) => query),
        watched: watched.query,
        period: 1000 * Math.max(...queries.map(({ period }) => period ?? 0)),
        threshold: properties.Threshold,
        breaches,
        datapointsToAlarm: properties.DatapointsToAlarm ?? properties.EvaluationPeriods,
        evaluationPeriods: properties.EvaluationPeriods,
        breachesWithoutData: properties.TreatMissingData === "breaching",
      });
      return made(request, properties.AlarmName);
    },

    "AWS::CloudWatch::CompositeAlarm"(request) {
      const { AlarmName, AlarmDescription, AlarmRule } = read(v.object({ ...meaning, AlarmRule: v.string() }), request);
      if (/\b(AND|NOT)\b/u.test(AlarmRule)) throw cannotRun(request, "only ALARM(…) OR ALARM(…) runs here");
      const anyOf = [...AlarmRule.matchAll(/ALARM\("?([^")]+)"?\)/gu)].flatMap(([, name]) => name ?? []);
      declared.alarms.push({
        name: AlarmName,
        arn: alarmArn(request, AlarmName),
        description: AlarmDescription,
        anyOf,
      });
      return made(request, AlarmName);
    },
  };
}

interface Declaration {
  readonly query: Query;
  /** In s. */
  readonly period: number | undefined;
  readonly returned: boolean;
}

function queriesOf(alarm: AlarmProperties): readonly Declaration[] {
  const { Namespace = "", MetricName, Statistic, ExtendedStatistic, Period, Dimensions, Metrics = [] } = alarm;
  if (MetricName !== undefined) {
    const statistic = Statistic ?? ExtendedStatistic ?? "Sum";
    const watched = metricId({ Namespace, MetricName, Dimensions });
    return [{ query: { id: "metric", metric: watched, statistic }, period: Period, returned: true }];
  }
  return Metrics.map(({ Id: id, Expression, MetricStat, Period: own, ReturnData: returned }): Declaration => {
    if (MetricStat === undefined) return { query: { id, expression: Expression ?? "" }, period: own, returned };
    const query = { id, metric: metricId(MetricStat.Metric), statistic: MetricStat.Stat };
    return { query, period: MetricStat.Period, returned };
  });
}

export const metricId = ({ Namespace, MetricName, Dimensions }: v.InferOutput<typeof metric>): MetricId => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
});
