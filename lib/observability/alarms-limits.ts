import { Duration } from "aws-cdk-lib";
import type { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { Component } from "../../lambdas/core/monitoring/status.ts";
import type { Tables } from "../storage/service-table.ts";
import type { AlarmPlan } from "./service-alarm.ts";
import type { ServiceMetrics, Watched } from "./service-metrics.ts";

/** An alarm fires at this share of a quota. */
export const NEAR = 0.8;
/** This many refusals by API Gateway or DynamoDB in five minutes are more than a scanner or a hiccup. */
export const REFUSALS = 10;

/** Quotas are per second, and a minute is AWS's shortest period: five minutes would level out a short peak. */
const MINUTE = Duration.minutes(1);
const everyMinute = (calls: MathExpression, label: string): MathExpression => calls.with({ period: MINUTE, label });

/** What fails when a table does (docs/architecture.md, Tables). */
const USED_FOR: Readonly<Record<keyof Tables, readonly Component[]>> = {
  core: ["pushes", "registration", "email"],
  sessions: ["pushes", "connections", "registration", "email"],
  secrets: ["connections", "registration"],
};

/** Alarms on AWS limits that we are near or have reached. */
export function limitAlarms(metrics: ServiceMetrics, watched: Watched): readonly AlarmPlan[] {
  const { config, tables, platforms } = watched;
  const { quotas } = config;
  const near = (quota: number) => NEAR * quota;
  const inMinute = (quota: number) => near(quota) * MINUTE.toSeconds();
  return [
    {
      id: "throttled",
      degrades: ["pushes", "connections"],
      impact: "API Gateway turns PBXes away by itself: they wait for answers that never come, calls do not ring.",
      runbook: "throttled",
      metric: metrics.socket("ClientError"),
      threshold: REFUSALS,
    },
    {
      id: "pages-throttled",
      degrades: ["registration"],
      impact: "API Gateway turns browsers away by itself: nobody can register, or see the status page.",
      runbook: "pages-throttled",
      metric: metrics.pagesThrottled(),
      threshold: REFUSALS,
    },
    {
      id: "connects-near-limit",
      impact: "PBXes connect almost as fast as the account allows; beyond that they are refused and come back later.",
      runbook: "connects-near-limit",
      metric: everyMinute(metrics.connects(), "connects per second"),
      threshold: near(quotas.connects),
    },
    {
      id: "concurrency-near-limit",
      impact: "The account's functions run almost at their limit; beyond it wake-ups are refused.",
      runbook: "concurrency-near-limit",
      metric: metrics.concurrency(),
      threshold: near(quotas.concurrency),
    },
    {
      id: "publishes-near-limit",
      impact: "SNS takes little more; beyond that wake-ups are answered with ApnServiceDown or GcmDeviceRate.",
      runbook: "publishes-near-limit",
      metric: everyMinute(metrics.publishes(), "Publish per minute"),
      threshold: inMinute(quotas.publishes),
    },
    ...(platforms.length === 0 ? [] : [endpointCalls(metrics, inMinute(quotas.endpointCalls))]),
    ...Object.entries(tables).map(
      ([name, table]): AlarmPlan => ({
        id: `tables-throttled-${name}`,
        degrades: USED_FOR[name as keyof Tables],
        impact: "DynamoDB refuses reads or writes: logins fail, wake-ups are answered with DatabaseErr.",
        runbook: "tables-throttled",
        metric: metrics.throttles(name, table),
        threshold: REFUSALS,
      }),
    ),
  ];
}

/** Only if the stage has apps: the canary's phone is no endpoint. */
const endpointCalls = (metrics: ServiceMetrics, threshold: number): AlarmPlan => ({
  id: "endpoints-near-limit",
  impact:
    "SNS makes few more endpoints; beyond that the first wake-up of a phone, or of one that came back, is refused.",
  runbook: "endpoints-near-limit",
  metric: everyMinute(metrics.endpointCalls(), "endpoint calls per minute"),
  threshold,
});
