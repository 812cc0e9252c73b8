import { LATE_MESSAGE, REPUTATION } from "./alarms-background.ts";
import { NEAR, REFUSALS } from "./alarms-limits.ts";
import type { Answer, Chart } from "./dashboard-answer.ts";
import type { ServiceMetrics, Watched } from "./service-metrics.ts";

/** A quota, and the alarm's threshold below it. */
const quotaLines = (quota: number) => [
  { value: quota, label: "quota" },
  { value: NEAR * quota, label: "alarm" },
];

/** The row about quotas, tables, queues and the reputation of our emails. */
export function limits(
  metrics: ServiceMetrics,
  { config: { quotas }, tables, queues, deadLetters, platforms }: Watched,
): Answer {
  const perSecond = (id: string, metric: ReturnType<ServiceMetrics["publishes"]>, label: string) =>
    metrics.math(`${id} / 60`, { [id]: metric }, label);
  const endpointCalls: Chart = {
    title: "SNS endpoint calls per second",
    left: [perSecond("endpoints", metrics.endpointCalls(), "endpoint calls")],
    lines: quotaLines(quotas.endpointCalls),
  };
  return {
    text: "## Are limits near?\nThe lines are the account's quotas in this Region ([connects](#connects-near-limit), [concurrency](#concurrency-near-limit), SNS [Publish](#publishes-near-limit) and [endpoints](#endpoints-near-limit)); [tables](#tables-throttled) throttle at the cost fuse in the configuration. [Queues](#queues-late), [messages given up](#dead-letters), [mail](#mail-reputation).",
    widgets: [
      { title: "New connections per second", left: [metrics.connects()], lines: quotaLines(quotas.connects) },
      {
        title: "Concurrent executions of the account",
        left: [metrics.concurrency()],
        lines: quotaLines(quotas.concurrency),
      },
      {
        title: "SNS Publish per second",
        left: [perSecond("publishes", metrics.publishes(), "Publish")],
        lines: quotaLines(quotas.publishes),
      },
      ...(platforms.length === 0 ? [] : [endpointCalls]),
      {
        title: "Tables: units used, and throttled",
        left: Object.entries(tables).flatMap(([name, table]) => [
          metrics.table("ConsumedReadCapacityUnits", table, `${name} read`),
          metrics.table("ConsumedWriteCapacityUnits", table, `${name} write`),
        ]),
        right: Object.entries(tables).map(([name, table]) => metrics.throttles(name, table)),
        unit: "units per minute",
        rightUnit: "throttled",
        rightLines: [{ value: REFUSALS, label: "alarm: throttled, in 5 min" }],
      },
      {
        title: "Queues: oldest message, and given up",
        left: Object.entries(queues).map(([name, queue]) =>
          metrics.queue("ApproximateAgeOfOldestMessage", queue, name),
        ),
        right: Object.entries(deadLetters).map(([name, queue]) =>
          metrics.queue("ApproximateNumberOfMessagesVisible", queue, `${name} given up`),
        ),
        unit: "s",
        rightUnit: "messages",
        lines: [{ value: LATE_MESSAGE, label: "alarm" }],
        rightLines: [{ value: 1, label: "alarm: given up" }],
      },
      {
        title: "Mail: reputation",
        left: [
          metrics.mail("Reputation.BounceRate", "Maximum", "bounces"),
          metrics.mail("Reputation.ComplaintRate", "Maximum", "complaints"),
        ],
        right: [metrics.mail("Send", "Sum", "sent")],
        unit: "share",
        lines: [
          { value: 0.05, label: "SES reviews (bounces)" },
          { value: REPUTATION * 0.0005, label: "alarm (bounces)" },
        ],
      },
    ],
  };
}
