/** Regions of the price table. */
export const regions = ["us-east-1", "eu-west-1", "eu-central-1"] as const;
export type Region = (typeof regions)[number];

/** What is billed, and the quantity that a price is for. */
export const units = {
  webSocketMessage: { per: 1e6, unit: "million messages of 32 KB, first billion a month" },
  webSocketMessageOverBillion: { per: 1e6, unit: "million messages of 32 KB, over a billion a month" },
  webSocketMinute: { per: 1e6, unit: "million connection minutes" },
  httpRequest: { per: 1e6, unit: "million HTTP API requests" },
  lambdaRequest: { per: 1e6, unit: "million invocations" },
  lambdaGbSecond: { per: 1, unit: "GB-second on arm64" },
  dynamoRead: { per: 1e6, unit: "million read request units" },
  dynamoWrite: { per: 1e6, unit: "million write request units" },
  snsPublish: { per: 1e6, unit: "million Publish and endpoint calls" },
  snsMobilePush: { per: 1e6, unit: "million mobile push deliveries" },
  sqsRequest: { per: 1e6, unit: "million requests" },
  sesMail: { per: 1e3, unit: "thousand mails" },
  logGb: { per: 1, unit: "GB of logs taken in" },
  logStorageGb: { per: 1, unit: "GB of logs kept for a month" },
  logScanGb: { per: 1, unit: "GB of logs scanned by queries" },
  kinesisShardHour: { per: 1, unit: "shard hour of a provisioned Kinesis stream" },
  kinesisPut: { per: 1e6, unit: "million records of 25 KB put into it" },
  customMetric: { per: 1, unit: "custom metric and month" },
  alarmMetric: { per: 1, unit: "metric of an alarm and month" },
  compositeAlarm: { per: 1, unit: "composite alarm and month" },
  dashboard: { per: 1, unit: "dashboard and month" },
  kmsKey: { per: 1, unit: "key and month" },
  kmsRequest: { per: 1e4, unit: "ten thousand requests" },
  secret: { per: 1, unit: "secret and month" },
  transferGb: { per: 1, unit: "GB out to the internet" },
  cloudFrontRequest: { per: 1e4, unit: "ten thousand HTTPS requests" },
  cloudFrontGb: { per: 1, unit: "GB out of CloudFront" },
  wafAcl: { per: 1, unit: "web ACL and month" },
  wafRule: { per: 1, unit: "rule and month" },
  wafRequest: { per: 1e6, unit: "million requests" },
  fargateCpuHour: { per: 1, unit: "vCPU-hour on arm64" },
  fargateGbHour: { per: 1, unit: "GB-hour on arm64" },
  loadBalancerHour: { per: 1, unit: "Network Load Balancer hour" },
  loadBalancerUnitHour: { per: 1, unit: "NLCU-hour" },
  publicIpv4Hour: { per: 1, unit: "hour of a public IPv4 address" },
  crossZoneGb: { per: 1, unit: "GB between zones, both directions" },
} as const;
export type Item = keyof typeof units;
export const items = Object.keys(units) as Item[];

interface Price {
  /** USD for `units[item].per` of it; on demand, without tax and without any free tier. */
  readonly usd: number;
  readonly source: Source;
}

/**
 * Where a price was read, and the day: of the price list's publication if known, else of reading. AWS's pages draw
 * their tables in the browser, so all are second hand: transcriptions of AWS's price list files, or of those pages.
 */
export const sources = {
  apiGatewayList: ["AWS price list AmazonApiGateway us-east-1, in effect from", "2025-07-01"],
  frankfurtList: ["AWS price lists AmazonApiGateway and AWSLambda eu-central-1", "2026-11-23"],
  lambdaPage: ["aws.amazon.com/lambda/pricing, arm64 first tier, as quoted by third parties", "2026-11-23"],
  dynamoList: ["AWS price list AmazonDynamoDB, publication date", "2026-08-15"],
  snsPage: ["aws.amazon.com/sns/pricing, mobile push and API requests, as quoted by third parties", "2026-11-23"],
  sqsList: ["AWS price list AWSQueueService, publication date", "2025-08-28"],
  sesPage: ["aws.amazon.com/ses/pricing, as quoted by third parties", "2026-11-23"],
  cloudWatchList: ["AWS price list AmazonCloudWatch, publication date", "2026-08-06"],
  logsInsights: ["aws.amazon.com/cloudwatch/pricing, Logs Insights, US East, as quoted by third parties", "2026-05-08"],
  kinesisPage: ["aws.amazon.com/kinesis/data-streams/pricing, US East, as quoted by third parties", "2026-11-28"],
  cloudWatchDashboards: ["aws.amazon.com/cloudwatch/pricing, as quoted by third parties", "2026-06-13"],
  kmsPage: ["aws.amazon.com/kms/pricing, as quoted by third parties; unchanged for years", "2019-10-30"],
  secretsPage: ["aws.amazon.com/secrets-manager/pricing, its examples", "2026-09-20"],
  transferList: ["AWS price list AWSDataTransfer, publication date", "2026-07-20"],
  cloudFrontRules: ["CloudFront list price of HTTPS requests (US; EU), as quoted by third parties", "2026-03-26"],
  cloudFrontPage: ["aws.amazon.com/cloudfront/pricing, first tier, as quoted by third parties", "2026-11-23"],
  wafPage: ["aws.amazon.com/waf/pricing, the same in all Regions, as quoted by third parties", "2026-11-23"],
  fargateList: ["AWS price list AmazonECS, publication date", "2026-07-07"],
  balancerList: ["AWS price list AWSELB, publication date", "2026-07-20"],
  ipv4Announcement: ["AWS blog, New: AWS Public IPv4 Address Charge, all Regions, in effect from", "2024-02-01"],
  crossZonePage: [
    "aws.amazon.com/ec2/pricing, transfer between zones, 0.01 each direction, as quoted by third parties",
    "2026-06-02",
  ],
  balancerPage: ["aws.amazon.com/elasticloadbalancing/pricing, its examples for us-east-1", "2026-09-20"],
} as const satisfies Readonly<Record<string, readonly [name: string, date: string]>>;
type Source = keyof typeof sources | "given";

const at = (source: keyof typeof sources, usd: number): Price => ({ usd, source });

/** Equal in the three Regions, according to the sources. */
const everywhere = {
  snsPublish: at("snsPage", 0.5),
  snsMobilePush: at("snsPage", 0.5),
  sqsRequest: at("sqsList", 0.4),
  sesMail: at("sesPage", 0.1),
  customMetric: at("cloudWatchList", 0.3),
  alarmMetric: at("cloudWatchList", 0.1),
  compositeAlarm: at("cloudWatchList", 0.5),
  dashboard: at("cloudWatchDashboards", 3),
  kmsKey: at("kmsPage", 1),
  kmsRequest: at("kmsPage", 0.03),
  secret: at("secretsPage", 0.4),
  transferGb: at("transferList", 0.09),
  cloudFrontGb: at("cloudFrontPage", 0.085),
  publicIpv4Hour: at("ipv4Announcement", 0.005),
  crossZoneGb: at("crossZonePage", 0.02),
  wafAcl: at("wafPage", 5),
  wafRule: at("wafPage", 1),
  wafRequest: at("wafPage", 0.6),
} as const satisfies Partial<Record<Item, Price>>;

export type PriceList = Partial<Readonly<Record<Item, Price>>>;

/**
 * What could be found, by Region. A price that no dated source names for a Region is left out, not guessed: for both
 * European Regions that is the WebSocket API, two thirds of the bill, so the cost command asks for those two prices there.
 */
export const prices: Readonly<Record<Region, PriceList>> = {
  "us-east-1": {
    ...everywhere,
    webSocketMessage: at("apiGatewayList", 1),
    webSocketMessageOverBillion: at("apiGatewayList", 0.8),
    webSocketMinute: at("apiGatewayList", 0.25),
    httpRequest: at("apiGatewayList", 1),
    lambdaRequest: at("lambdaPage", 0.2),
    lambdaGbSecond: at("lambdaPage", 0.0000133334),
    dynamoRead: at("dynamoList", 0.125),
    dynamoWrite: at("dynamoList", 0.625),
    logGb: at("cloudWatchList", 0.5),
    logStorageGb: at("cloudWatchList", 0.03),
    logScanGb: at("logsInsights", 0.005),
    kinesisShardHour: at("kinesisPage", 0.015),
    kinesisPut: at("kinesisPage", 0.014),
    cloudFrontRequest: at("cloudFrontRules", 0.01),
    fargateCpuHour: at("fargateList", 0.03238),
    fargateGbHour: at("fargateList", 0.00356),
    loadBalancerHour: at("balancerList", 0.0225),
    loadBalancerUnitHour: at("balancerPage", 0.006),
  },
  "eu-west-1": {
    ...everywhere,
    dynamoRead: at("dynamoList", 0.1415),
    dynamoWrite: at("dynamoList", 0.705),
    logGb: at("cloudWatchList", 0.57),
    logStorageGb: at("cloudWatchList", 0.03),
    cloudFrontRequest: at("cloudFrontRules", 0.012),
    fargateCpuHour: at("fargateList", 0.03238),
    fargateGbHour: at("fargateList", 0.00356),
    loadBalancerHour: at("balancerList", 0.0252),
  },
  "eu-central-1": {
    ...everywhere,
    httpRequest: at("frankfurtList", 1.2),
    lambdaRequest: at("frankfurtList", 0.2),
    lambdaGbSecond: at("frankfurtList", 0.0000133334),
    dynamoRead: at("dynamoList", 0.1525),
    dynamoWrite: at("dynamoList", 0.7625),
    logGb: at("cloudWatchList", 0.63),
    logStorageGb: at("cloudWatchList", 0.0324),
    cloudFrontRequest: at("cloudFrontRules", 0.012),
    fargateCpuHour: at("fargateList", 0.03725),
    fargateGbHour: at("fargateList", 0.00409),
  },
};

/** The Region's prices, with the given ones instead of the table's. */
export function pricesOf(region: Region, given: Readonly<Partial<Record<Item, number>>> = {}): PriceList {
  const own = Object.entries(given).map(([item, usd]) => [item, { usd, source: "given" }] as const);
  return { ...prices[region], ...Object.fromEntries(own) };
}
