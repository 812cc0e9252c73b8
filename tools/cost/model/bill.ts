import { items, units, type Item, type PriceList } from "./prices.ts";
import type { Usage } from "./usage.ts";

/** Services as AWS's bill names them. */
const services: Readonly<Record<Item, string>> = {
  webSocketMessage: "API Gateway WebSocket messages",
  webSocketMessageOverBillion: "API Gateway WebSocket messages",
  webSocketMinute: "API Gateway WebSocket connection minutes",
  httpRequest: "API Gateway HTTP API",
  lambdaRequest: "Lambda",
  lambdaGbSecond: "Lambda",
  dynamoRead: "DynamoDB",
  dynamoWrite: "DynamoDB",
  snsPublish: "SNS",
  snsMobilePush: "SNS",
  sqsRequest: "SQS",
  sesMail: "SES",
  logGb: "CloudWatch Logs",
  logStorageGb: "CloudWatch Logs",
  logScanGb: "CloudWatch Logs",
  kinesisShardHour: "Kinesis",
  kinesisPut: "Kinesis",
  customMetric: "CloudWatch metrics, alarms, dashboard",
  alarmMetric: "CloudWatch metrics, alarms, dashboard",
  compositeAlarm: "CloudWatch metrics, alarms, dashboard",
  dashboard: "CloudWatch metrics, alarms, dashboard",
  kmsKey: "KMS",
  kmsRequest: "KMS",
  secret: "Secrets Manager",
  transferGb: "Data transfer",
  cloudFrontRequest: "CloudFront",
  cloudFrontGb: "CloudFront",
  wafAcl: "WAF",
  wafRule: "WAF",
  wafRequest: "WAF",
  fargateCpuHour: "Fargate",
  fargateGbHour: "Fargate",
  loadBalancerHour: "Network Load Balancer",
  loadBalancerUnitHour: "Network Load Balancer",
  publicIpv4Hour: "VPC",
  crossZoneGb: "VPC",
};

interface Line {
  readonly item: Item;
  readonly service: string;
  readonly quantity: number;
  readonly usd: number;
}

/** One month. */
export interface Bill {
  readonly lines: readonly Line[];
  /** USD by service, largest first. */
  readonly services: readonly (readonly [service: string, usd: number])[];
  readonly total: number;
}

/** Used items without a price. */
export const unpriced = (usage: Usage, prices: PriceList): readonly Item[] =>
  items.filter((item) => usage[item] > 0 && prices[item] === undefined);

/** Throws an Error that names missing prices: without them the total would be wrong. */
export function billFor(usage: Usage, prices: PriceList): Bill {
  const missing = unpriced(usage, prices);
  if (missing.length > 0) throw new Error(`no price with a source for ${missing.join(", ")}`);
  const lines = items
    .filter((item) => usage[item] > 0)
    .map((item) => ({
      item,
      service: services[item],
      quantity: usage[item],
      usd: (usage[item] / units[item].per) * (prices[item]?.usd ?? 0),
    }));
  const sums = new Map<string, number>();
  for (const { service, usd } of lines) sums.set(service, (sums.get(service) ?? 0) + usd);
  return {
    lines,
    services: [...sums].sort(([, a], [, b]) => b - a),
    total: lines.reduce((sum, { usd }) => sum + usd, 0),
  };
}
