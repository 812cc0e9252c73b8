import type { MetricDimensions, MetricName } from "../core/shared/metrics.ts";

/** Fields of a log line: identifiers, names, numbers. Never a secret, digest, key, challenge, device token, payload or mail address. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface Telemetry {
  /** One structured JSON line. `message` is a constant phrase, what varies stands in `fields`. */
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** One data point; unit by the metric's definition in core/shared/metrics.ts (count, or ms). */
  metric(name: MetricName, value: number, dimensions?: MetricDimensions): void;
}
