import { build } from "hdr-histogram-js";

/** All in ms. */
export interface Latencies {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** How many took at least `from` and less than `to` ms. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface LatencyRecorder {
  record(ms: number): void;
  summary(): Latencies;
  /** Ten buckets per decade, gaps filled. */
  buckets(): readonly Bucket[];
}

const PER_DECADE = 10;
const MICROS = 1_000;
const LONGEST_MS = 600_000;

/** Records in µs, three significant digits, up to ten minutes. */
export function latencyRecorder(): LatencyRecorder {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_MS * MICROS,
    numberOfSignificantValueDigits: 3,
  });
  const counts = new Map<number, number>();
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / MICROS;
  return {
    record: (ms) => {
      const value = Math.min(Math.max(ms, 0.001), LONGEST_MS);
      histogram.recordValue(Math.round(value * MICROS));
      const index = Math.floor(Math.log10(value) * PER_DECADE);
      counts.set(index, (counts.get(index) ?? 0) + 1);
    },
    summary: () => ({
      count: histogram.totalCount,
      mean: histogram.totalCount === 0 ? 0 : histogram.mean / MICROS,
      p50: at(50),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      max: histogram.maxValue / MICROS,
    }),
    buckets: () => {
      if (counts.size === 0) return [];
      const first = Math.min(...counts.keys());
      const last = Math.max(...counts.keys());
      const edge = (index: number) => 10 ** (index / PER_DECADE);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i).map((index) => ({
        from: edge(index),
        to: edge(index + 1),
        count: counts.get(index) ?? 0,
      }));
    },
  };
}
