import { ALARM_PERIOD, type AlarmPlan } from "./service-alarm.ts";
import type { ServiceMetrics, Watched } from "./service-metrics.ts";

/** An alarm rings at this share of a quota, in %. */
const NEAR = 80;

/** Limits of AWS that we are near, or at. */
export function limitAlarms(metrics: ServiceMetrics, { config: { quotas }, tables }: Watched): readonly AlarmPlan[] {
  return [
    {
      id: "throttled",
      severity: "degraded",
      impact: "API Gateway turns PBXes away by itself: they wait for answers that never come, calls do not ring.",
      runbook: "throttled",
      metric: metrics.socket("ClientError"),
      threshold: 10,
    },
    {
      id: "connects-near-limit",
      severity: "upkeep",
      impact: "PBXes connect almost as fast as the account allows; beyond that they are refused and come back later.",
      runbook: "connects-near-limit",
      metric: metrics.math(
        "connects / PERIOD(connects)",
        { connects: metrics.socket("ConnectCount") },
        "connects per second",
      ),
      threshold: (NEAR / 100) * quotas.connects,
    },
    {
      id: "concurrency-near-limit",
      severity: "upkeep",
      impact: "The account's functions run almost at their limit; beyond it wake-ups are refused.",
      runbook: "concurrency-near-limit",
      metric: metrics.concurrency(),
      threshold: (NEAR / 100) * quotas.concurrency,
    },
    {
      id: "publishes-near-limit",
      severity: "upkeep",
      impact: "SNS takes little more; beyond that wake-ups are answered with ApnServiceDown or GcmDeviceRate.",
      runbook: "publishes-near-limit",
      metric: metrics.publishes(),
      threshold: (NEAR / 100) * quotas.publishes * ALARM_PERIOD.toSeconds(),
    },
    {
      id: "tables-throttled",
      severity: "degraded",
      impact: "DynamoDB refuses reads or writes: logins fail, wake-ups are answered with DatabaseErr.",
      runbook: "tables-throttled",
      metric: metrics.sum(
        Object.values(tables).flatMap((table) => [
          metrics.table("ReadThrottleEvents", table),
          metrics.table("WriteThrottleEvents", table),
        ]),
        "throttled",
      ),
      threshold: 10,
    },
  ];
}
