export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest-rank percentiles of unsorted values. @param ofNone result without any value */
export function percentiles(values: readonly number[], ofNone = Number.NaN): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? ofNone;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
