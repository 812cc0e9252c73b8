import { Stack, type Duration } from "aws-cdk-lib";
import { MathExpression, Metric, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { NAMESPACE } from "../../lambdas/adapters/telemetry.ts";
import type { Platform } from "../../lambdas/core/push/apps.ts";
import type { MetricDimensions, MetricName } from "../../lambdas/core/shared/metrics.ts";
import type { StageConfig } from "../config.ts";
import type { PbxApi } from "../api/pbx-api.ts";
import type { ServiceTable, Tables } from "../storage/service-table.ts";
import { THROTTLED_PAGES, type PublicApi } from "../api/web-api.ts";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { ServiceFunction } from "../functions/shared/service-function.ts";
import type { Entrypoint } from "../../lambdas/env.ts";

const namespace: typeof NAMESPACE = "PushService";

/** The canary's own platform; no vendor stands behind it. */
export const CANARY = "CANARY" satisfies Platform;

/** Platforms that posts may be for, the canary's not among them. */
export const platformsOf = ({ apps }: StageConfig): readonly string[] => [
  ...new Set(apps.map(({ platform }) => platform)),
];

/** Functions that let AWS see their failures; all others answer whatever happens, and count what they had no plan for. */
const THROWING: ReadonlySet<Entrypoint> = new Set(["provisioning", "canary", "watch", "history"]);
/** What these are too busy for comes again. An alarm takes ten metrics at most. */
const PATIENT: ReadonlySet<Entrypoint> = new Set(["history"]);

/** `Sum`, `Average`, `p99`, … as CloudWatch spells them. */
type Statistic = "Sum" | "Average" | "Minimum" | "Maximum" | "SampleCount" | "p50" | "p95" | "p99";

/** Everything that is watched. */
export interface Watched {
  readonly config: StageConfig;
  readonly pbxApi: PbxApi;
  readonly publicApi: PublicApi;
  readonly functions: readonly ServiceFunction<Entrypoint>[];
  readonly tables: Tables;
  readonly queues: Readonly<Record<string, Queue>>;
  readonly deadLetters: Readonly<Record<string, Queue>>;
  /** Platforms that posts may be for, the canary's not among them. */
  readonly platforms: readonly string[];
}

/** Metrics by name: of our own code (lambdas/core/shared/metrics.ts) and of what AWS publishes for our resources. */
export class ServiceMetrics {
  readonly #watched: Watched;
  readonly #scope: Construct;
  readonly #period: Duration;

  constructor(scope: Construct, watched: Watched, period: Duration) {
    this.#scope = scope;
    this.#watched = watched;
    this.#period = period;
  }

  get stage(): string {
    return this.#watched.config.name;
  }

  own(name: MetricName, statistic: Statistic = "Sum", dimensions: MetricDimensions = {}, label?: string): Metric {
    return this.#metric(namespace, name, statistic, { stage: this.stage, ...dimensions }, label);
  }

  /** All series of a metric of ours, one for each combination of its dimensions. Only dashboards can search. */
  each(name: MetricName, dimensions: readonly (keyof MetricDimensions)[], label: string): IMetric {
    const schema = [namespace, "stage", ...dimensions].join(",");
    const expression = `SEARCH('{${schema}} MetricName="${name}" stage="${this.stage}"', 'Sum', ${this.#period.toSeconds()})`;
    return this.math(expression, {}, label);
  }

  /** What functions did not survive, what they caught without a plan, and what they were too busy for. */
  failures(entrypoints: readonly Entrypoint[]): MathExpression {
    const each = entrypoints.flatMap((name) => [
      this.lambda("Errors", name),
      ...(PATIENT.has(name) ? [] : [this.lambda("Throttles", name)]),
      ...(THROWING.has(name) ? [] : [this.own("Unexpected", "Sum", { outcome: name })]),
    ]);
    return this.sum(each, "failures");
  }

  /** SNS calls that make or change endpoints, retries too. */
  endpointCalls(): MathExpression {
    const each = this.#watched.platforms.map((platform) => this.own("EndpointCall", "Sum", { platform }));
    return this.sum(each, "endpoint calls");
  }

  /** SNS Publish calls, retries too. */
  publishes(): MathExpression {
    const platforms = [...this.#watched.platforms, CANARY];
    const each = platforms.map((platform) => this.own("PublishLatency", "SampleCount", { platform }));
    return this.sum(each, "Publish");
  }

  /** A PBX sends KeepAlive every minute and is answered: two frames for each minute of each connection. */
  connectionMinutes(label: string): MathExpression {
    return this.math("keepalives / 2", { keepalives: this.socket("MessageCount", "Sum", label, "KeepAlive") }, label);
  }

  /** @param route a route with detailed metrics; without one the whole API */
  socket(name: string, statistic: Statistic = "Sum", label?: string, route?: string): Metric {
    const { api, stageName } = this.#watched.pbxApi;
    const dimensions = { ApiId: api.apiId, Stage: stageName, ...(route !== undefined && { Route: route }) };
    return this.#metric("AWS/ApiGateway", name, statistic, dimensions, label);
  }

  lambda(name: string, entrypoint: Entrypoint, statistic: Statistic = "Sum", label: string = entrypoint): Metric {
    const found = this.#watched.functions.find((each) => each.entrypoint === entrypoint);
    if (found === undefined) throw new Error(`no function ${entrypoint} is watched`);
    return this.#metric("AWS/Lambda", name, statistic, { FunctionName: found.name }, label);
  }

  /** Of all functions of the account in this Region. */
  concurrency(): Metric {
    return this.#metric("AWS/Lambda", "ConcurrentExecutions", "Maximum", {}, "concurrent executions");
  }

  /** @param index one of its indexes, which throttle by themselves */
  table(name: string, table: ServiceTable, label?: string, index?: string): Metric {
    const dimensions = { TableName: table.tableName, ...(index !== undefined && { GlobalSecondaryIndexName: index }) };
    return this.#metric("AWS/DynamoDB", name, "Sum", dimensions, label);
  }

  /**
   * Requests that a table, called so here, and its indexes throttled. DynamoDB tells of throttling only while there is some, and alarms keep
   * their state while DynamoDB tells nothing (CloudWatch user guide, "Configuring how alarms treat missing data"): so zero
   * stands for nothing.
   */
  throttles(name: string, table: ServiceTable): MathExpression {
    const each = [undefined, ...table.indexes].flatMap((index) =>
      ["ReadThrottleEvents", "WriteThrottleEvents"].map((each) => this.table(each, table, undefined, index)),
    );
    const named = Object.fromEntries(each.map((metric, position) => [`${name}${position}`, metric]));
    const filled = Object.keys(named).map((id) => `FILL(${id}, 0)`);
    return this.math(`SUM([${filled.join(", ")}])`, named, `${name} throttled`);
  }

  /** Requests of browsers that API Gateway refused by itself. */
  pagesThrottled(label?: string): Metric {
    const { namespace: space, name } = THROTTLED_PAGES;
    return this.#metric(space, name, "Sum", { ApiId: this.#watched.publicApi.api.apiId }, label);
  }

  queue(name: string, queue: Queue, label?: string): Metric {
    return this.#metric("AWS/SQS", name, "Maximum", { QueueName: queue.queueName }, label);
  }

  /** Of the account's whole SES in this Region: there AWS counts reputation. */
  mail(name: string, statistic: Statistic, label?: string): Metric {
    return this.#metric("AWS/SES", name, statistic, {}, label);
  }

  math(expression: string, usingMetrics: Record<string, IMetric>, label: string): MathExpression {
    return new MathExpression({ expression, usingMetrics, label, period: this.#period });
  }

  /** Sum of some metrics, also where some of them have no data. */
  sum(metrics: readonly IMetric[], label: string): MathExpression {
    const named = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
    return this.math(`SUM([${Object.keys(named).join(", ")}])`, named, label);
  }

  get region(): string {
    return Stack.of(this.#scope).region;
  }

  #metric(
    space: string,
    metricName: string,
    statistic: string,
    dimensionsMap: Record<string, string>,
    label?: string,
  ): Metric {
    const named = label === undefined ? {} : { label };
    return new Metric({ namespace: space, metricName, statistic, dimensionsMap, period: this.#period, ...named });
  }
}
