import { Duration } from "aws-cdk-lib";
import type { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { AlarmPlan } from "./service-alarm.ts";
import type { ServiceMetrics, Watched } from "./service-metrics.ts";

/** An alarm fires at this share of a quota. */
export const NEAR = 0.8;
/** So many refusals by API Gateway or DynamoDB in five minutes are no single scanner's, and no hiccup's. */
export const REFUSALS = 10;

/** Quotas are by the second, and minutes are the shortest that AWS tells of: five would level what is over after one. */
const MINUTE = Duration.minutes(1);
const everyMinute = (calls: MathExpression, label: string): MathExpression => calls.with({ period: MINUTE, label });

/** Limits of AWS that we are near, or at. */
export function limitAlarms(metrics: ServiceMetrics, watched: Watched): readonly AlarmPlan[] {
  const { config, tables, platforms } = watched;
  const { quotas } = config;
  const near = (quota: number) => NEAR * quota;
  const inMinute = (quota: number) => near(quota) * MINUTE.toSeconds();
  const connects = metrics.math(
    "connects / PERIOD(connects)",
    { connects: metrics.socket("ConnectCount") },
    "connects",
  );
  return [
    {
      id: "throttled",
      severity: "degraded",
      impact: "API Gateway turns PBXes away by itself: they wait for answers that never come, calls do not ring.",
      runbook: "throttled",
      metric: metrics.socket("ClientError"),
      threshold: REFUSALS,
    },
    {
      id: "pages-throttled",
      severity: "degraded",
      impact: "API Gateway turns browsers away by itself: nobody can register, or see this status page.",
      runbook: "pages-throttled",
      metric: metrics.pagesThrottled(),
      threshold: REFUSALS,
    },
    {
      id: "connects-near-limit",
      severity: "upkeep",
      impact: "PBXes connect almost as fast as the account allows; beyond that they are refused and come back later.",
      runbook: "connects-near-limit",
      metric: everyMinute(connects, "connects per second"),
      threshold: near(quotas.connects),
    },
    {
      id: "concurrency-near-limit",
      severity: "upkeep",
      impact: "The account's functions run almost at their limit; beyond it wake-ups are refused.",
      runbook: "concurrency-near-limit",
      metric: metrics.concurrency(),
      threshold: near(quotas.concurrency),
    },
    {
      id: "publishes-near-limit",
      severity: "upkeep",
      impact: "SNS takes little more; beyond that wake-ups are answered with ApnServiceDown or GcmDeviceRate.",
      runbook: "publishes-near-limit",
      metric: everyMinute(metrics.publishes(), "Publish per minute"),
      threshold: inMinute(quotas.publishes),
    },
    ...(platforms.length === 0 ? [] : [endpointCalls(metrics, inMinute(quotas.endpointCalls))]),
    ...Object.entries(tables).map(
      ([name, table]): AlarmPlan => ({
        id: `tables-throttled-${name}`,
        severity: "degraded",
        impact: "DynamoDB refuses reads or writes: logins fail, wake-ups are answered with DatabaseErr.",
        runbook: "tables-throttled",
        metric: metrics.throttles(name, table),
        threshold: REFUSALS,
      }),
    ),
  ];
}

/** Only where there are apps: the canary's phone is no endpoint. */
const endpointCalls = (metrics: ServiceMetrics, threshold: number): AlarmPlan => ({
  id: "endpoints-near-limit",
  severity: "upkeep",
  impact:
    "SNS makes few more endpoints; beyond that the first wake-up of a phone, or of one that came back, is refused.",
  runbook: "endpoints-near-limit",
  metric: everyMinute(metrics.endpointCalls(), "endpoint calls per minute"),
  threshold,
});
