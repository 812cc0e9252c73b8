import type { Duration } from "aws-cdk-lib";
import { MathExpression, Metric, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
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

/** The canary's own platform, which has no vendor. */
export const CANARY = "CANARY" satisfies Platform;

/** Platforms that posts may be for, the canary's not among them. */
export const platformsOf = ({ apps }: StageConfig): readonly string[] => [
  ...new Set(apps.map(({ platform }) => platform)),
];

/** Functions that fail visibly to AWS. All others answer whatever happens, and count unexpected errors. */
const THROWING: ReadonlySet<Entrypoint> = new Set(["provisioning", "canary", "watch", "history"]);
/** Throttled calls of these are retried. An alarm takes ten metrics at most. */
const PATIENT: ReadonlySet<Entrypoint> = new Set(["history"]);

/** As CloudWatch spells them. */
type Statistic = "Sum" | "Average" | "Minimum" | "Maximum" | "SampleCount" | "p50" | "p95" | "p99";

/** Everything that is watched. */
export interface Watched {
  readonly config: StageConfig;
  readonly pbxApi: PbxApi;
  readonly publicApi: PublicApi;
  readonly functions: readonly ServiceFunction<Entrypoint>[];
  readonly tables: Tables;
  readonly queues: Readonly<Record<"checks" | "mails" | "feedback", Queue>>;
  readonly deadLetters: Readonly<Record<string, Queue>>;
  /** Platforms that posts may be for, the canary's not among them. */
  readonly platforms: readonly string[];
}

/** Metrics by name: our own (lambdas/core/shared/metrics.ts), and those that AWS publishes for our resources. */
export class ServiceMetrics {
  readonly #watched: Watched;
  readonly #period: Duration;

  constructor(watched: Watched, period: Duration) {
    this.#watched = watched;
    this.#period = period;
  }

  own(name: MetricName, statistic: Statistic = "Sum", dimensions: MetricDimensions = {}, label?: string): Metric {
    return this.#metric(namespace, name, statistic, { stage: this.#watched.config.name, ...dimensions }, label);
  }

  /** All series of one of our metrics, one per combination of dimensions. For dashboards only: alarms cannot search. */
  each(name: MetricName, dimensions: readonly (keyof MetricDimensions)[], label: string): IMetric {
    const schema = [namespace, "stage", ...dimensions].join(",");
    const expression = `SEARCH('{${schema}} MetricName="${name}" stage="${this.#watched.config.name}"', 'Sum', ${this.#period.toSeconds()})`;
    return this.math(expression, {}, label);
  }

  /** Crashes, unexpected errors that were caught, and throttled invocations. */
  failures(entrypoints: readonly Entrypoint[]): MathExpression {
    const each = entrypoints.flatMap((name) => [
      this.lambda("Errors", name),
      ...(PATIENT.has(name) ? [] : [this.lambda("Throttles", name)]),
      ...(THROWING.has(name) ? [] : [this.own("Unexpected", "Sum", { outcome: name })]),
    ]);
    return this.sum(each, "failures");
  }

  /** SNS calls that create or change endpoints, including retries. */
  endpointCalls(): MathExpression {
    const each = this.#watched.platforms.map((platform) => this.own("EndpointCall", "Sum", { platform }));
    return this.sum(each, "endpoint calls");
  }

  /** SNS Publish calls, including retries. */
  publishes(): MathExpression {
    const platforms = [...this.#watched.platforms, CANARY];
    const each = platforms.map((platform) => this.own("PublishLatency", "SampleCount", { platform }));
    return this.sum(each, "Publish");
  }

  /** A PBX sends KeepAlive every minute and gets an answer: two frames per minute and connection. */
  connectionMinutes(label: string): MathExpression {
    return this.math("keepalives / 2", { keepalives: this.socket("MessageCount", "Sum", label, "KeepAlive") }, label);
  }

  /** New connections per second. */
  connects(): MathExpression {
    return this.math("connects / PERIOD(connects)", { connects: this.socket("ConnectCount") }, "connects");
  }

  /** @param route a route with detailed metrics; default the whole API */
  socket(name: string, statistic: Statistic = "Sum", label?: string, route?: string): Metric {
    const { api, stageName } = this.#watched.pbxApi;
    const dimensions = { ApiId: api.apiId, Stage: stageName, ...(route !== undefined && { Route: route }) };
    return this.#metric("AWS/ApiGateway", name, statistic, dimensions, label);
  }

  lambda(name: string, entrypoint: Entrypoint): Metric {
    const found = this.#watched.functions.find((each) => each.entrypoint === entrypoint);
    if (found === undefined) throw new Error(`no function ${entrypoint} is watched`);
    return this.#metric("AWS/Lambda", name, "Sum", { FunctionName: found.name }, entrypoint);
  }

  /** All functions of the account in this Region. */
  concurrency(): Metric {
    return this.#metric("AWS/Lambda", "ConcurrentExecutions", "Maximum", {}, "concurrent executions");
  }

  /** @param index one of the table's indexes, which are throttled separately */
  table(name: string, table: ServiceTable, label?: string, index?: string): Metric {
    const dimensions = { TableName: table.tableName, ...(index !== undefined && { GlobalSecondaryIndexName: index }) };
    return this.#metric("AWS/DynamoDB", name, "Sum", dimensions, label);
  }

  /**
   * Throttled requests of a table and its indexes. DynamoDB reports throttling only while it happens, and alarms on
   * DynamoDB metrics keep their state while data is missing (CloudWatch user guide, "Configuring how alarms treat
   * missing data"), so zero replaces missing data.
   * @param name the table's name in ids and labels
   */
  throttles(name: string, table: ServiceTable): MathExpression {
    const each = [undefined, ...table.indexes].flatMap((index) =>
      ["ReadThrottleEvents", "WriteThrottleEvents"].map((each) => this.table(each, table, undefined, index)),
    );
    const named = Object.fromEntries(each.map((metric, position) => [`${name}${position}`, metric]));
    const filled = Object.keys(named).map((id) => `FILL(${id}, 0)`);
    return this.math(`SUM([${filled.join(", ")}])`, named, `${name} throttled`);
  }

  /** Browsers' requests that API Gateway itself throttled. */
  pagesThrottled(label?: string): Metric {
    const { namespace: space, name } = THROTTLED_PAGES;
    return this.#metric(space, name, "Sum", { ApiId: this.#watched.publicApi.api.apiId }, label);
  }

  queue(name: string, queue: Queue, label?: string): Metric {
    return this.#metric("AWS/SQS", name, "Maximum", { QueueName: queue.queueName }, label);
  }

  /** Metric of the account's whole SES in this Region, which is what AWS rates. */
  mail(name: string, statistic: Statistic, label?: string): Metric {
    return this.#metric("AWS/SES", name, statistic, {}, label);
  }

  math(expression: string, usingMetrics: Record<string, IMetric>, label: string): MathExpression {
    return new MathExpression({ expression, usingMetrics, label, period: this.#period });
  }

  /** Sum of metrics, even if some have no data. */
  sum(metrics: readonly IMetric[], label: string): MathExpression {
    const named = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
    return this.math(`SUM([${Object.keys(named).join(", ")}])`, named, label);
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
