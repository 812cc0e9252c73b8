import type { MetricDimensions, MetricName } from "../core/shared/metrics.ts";

/**
 * Fields of a log line: identifiers, names, numbers. Never a secret, digest, key, challenge, device token, payload or
 * email address.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface Telemetry {
  /** One structured JSON line. `message` is a constant phrase, what varies goes into `fields`. */
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** One data point; unit by the metric's definition in core/shared/metrics.ts (count, or ms). */
  metric(name: MetricName, value: number, dimensions?: MetricDimensions): void;
}

/** A function's telemetry, one invocation after the other. */
export interface Reporter extends Telemetry {
  /** Fields for every line until the next call: what identifies the invocation. */
  begin(fields: LogFields): void;
  /** Writes the metrics collected since the last flush. Middleware calls it once per invocation. */
  flush(): void;
}
