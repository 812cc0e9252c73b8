import { parseBody } from "../../../local/dashboard/body.ts";
import type { Alarm } from "../../../local/metrics/alarms.ts";
import type { Query } from "../../../local/metrics/queries.ts";
import { keyOf, type MetricId } from "../../../local/metrics/store.ts";

/** Every metric that dashboards and alarms name, except those they search for. */
export function usedMetrics(dashboards: Iterable<string>, alarms: readonly Alarm[]): readonly MetricId[] {
  const queries: readonly Query[] = [
    ...[...dashboards]
      .flatMap(parseBody)
      .flatMap((widget) => (widget.type === "metric" ? widget.lines.map(({ query }) => query) : [])),
    ...alarms.flatMap((alarm) => ("anyOf" in alarm ? [] : alarm.queries)),
  ];
  const metrics = queries.flatMap((query) => ("metric" in query ? [query.metric] : []));
  return [...new Map(metrics.map((metric) => [keyOf(metric), metric])).values()];
}

/** Metrics searched for: `{Namespace,dimension} MetricName="…"`, as namespace, name and dimensions' names. */
export function searchedMetrics(
  dashboards: Iterable<string>,
): readonly (readonly [name: string, dimensions: string])[] {
  const found = [...dashboards].flatMap((body) => [
    ...body.matchAll(/SEARCH\('\{PushService,([^}]+)\} MetricName=\\"(\w+)\\"/gu),
  ]);
  return found.map(([, dimensions = "", name = ""]) => [name, dimensions]);
}

/**
 * AWS's own metrics by namespace: names, and their sets of dimensions. From the user guides: API Gateway "WebSocket API
 * metrics", Lambda "Types of metrics for Lambda functions", DynamoDB "Metrics and dimensions", SQS "Available
 * CloudWatch metrics", SES "Monitoring sending activity". Also the metric of the template's metric filter.
 */
const AWS: Readonly<Record<string, { readonly names: readonly string[]; readonly dimensions: readonly string[] }>> = {
  "AWS/ApiGateway": {
    names: ["ConnectCount", "MessageCount", "IntegrationError", "ClientError", "ExecutionError", "IntegrationLatency"],
    dimensions: ["ApiId,Stage", "ApiId,Route,Stage"],
  },
  "AWS/Lambda": { names: ["Invocations", "Errors", "Throttles", "Duration"], dimensions: ["FunctionName"] },
  "AWS/DynamoDB": {
    names: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"],
    dimensions: ["TableName", "GlobalSecondaryIndexName,TableName"],
  },
  "AWS/SQS": {
    names: ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
    dimensions: ["QueueName"],
  },
  "PushService/Logs": { names: ["PagesThrottled"], dimensions: ["ApiId"] },
  "AWS/SES": { names: ["Send", "Reputation.BounceRate", "Reputation.ComplaintRate"], dimensions: [""] },
};

/** Why AWS does not publish this metric; undefined if it does. */
export function notFromAws({ namespace, name, dimensions }: MetricId): string | undefined {
  const names = Object.keys(dimensions).sort().join();
  if (namespace === "AWS/Lambda" && name === "ConcurrentExecutions" && names === "") return undefined;
  const known = AWS[namespace];
  if (known === undefined) return `AWS has no namespace ${namespace}`;
  if (!known.names.includes(name)) return `${namespace} has no ${name}`;
  return known.dimensions.includes(names)
    ? undefined
    : `${namespace} ${name} is not published with dimensions ${names || "none"}`;
}
