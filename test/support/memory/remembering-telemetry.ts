import type { MetricName } from "../../../lambdas/core/shared/metrics.ts";
import type { Telemetry } from "../../../lambdas/ports/telemetry.ts";

/** Telemetry that remembers: every log line as text, every metric as text and by name and outcome. */
export function rememberingTelemetry(): Telemetry & {
  readonly lines: string[];
  /** In order: name, value, then the dimensions as given. */
  readonly metrics: string[];
  readonly counts: Map<string, number>;
  count(name: MetricName, outcome: string): number;
} {
  const lines: string[] = [];
  const metrics: string[] = [];
  const counts = new Map<string, number>();
  return {
    lines,
    metrics,
    counts,
    count: (name, outcome) => counts.get(`${name} ${outcome}`) ?? 0,
    log: (level, message, fields) => void lines.push(JSON.stringify({ level, message, ...fields })),
    metric(name, value, dimensions) {
      const named = Object.entries(dimensions ?? {}).map(([dimension, of]) => `${dimension}=${of}`);
      metrics.push([name, value, ...named].join(" "));
      const key = `${name} ${dimensions?.outcome ?? ""}`;
      counts.set(key, (counts.get(key) ?? 0) + value);
    },
  };
}
