/** A metric as CloudWatch names it. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Values by the start of their period, in Unix ms. */
export type Series = ReadonlyMap<number, number>;

export interface Window {
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
  /** Length of a period in ms. */
  readonly period: number;
}

/** All measured values, as percentiles need each of them. */
export interface MetricStore {
  /** @param at Unix ms of this machine's clock */
  record(metric: MetricId, value: number, at: number): void;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, `p99`: throws an Error for any other statistic. */
  series(metric: MetricId, statistic: string, window: Window): Series;
  list(): readonly MetricId[];
  /** The store's time, which may be ahead of this machine's. */
  now(): number;
  /** Moves the store's time forward, in ms: some alarms wait for hours. */
  pass(ms: number): void;
  /** Unix ms when the store was created. */
  readonly startedAt: number;
}

/** Values kept per metric; the oldest are dropped first. */
const KEPT = 20_000;

interface Point {
  readonly at: number;
  readonly value: number;
}

export function createMetricStore(clock: () => number = Date.now): MetricStore {
  const startedAt = clock();
  const stored = new Map<string, { readonly metric: MetricId; points: Point[] }>();
  let ahead = 0;

  return {
    startedAt,
    now: () => clock() + ahead,
    pass(ms) {
      ahead += ms;
    },
    record(metric, value, at) {
      const key = keyOf(metric);
      const entry = stored.get(key) ?? { metric, points: [] };
      stored.set(key, entry);
      entry.points.push({ at: at + ahead, value });
      if (entry.points.length > 2 * KEPT) entry.points = entry.points.slice(-KEPT);
    },
    series(metric, statistic, { from, to, period }) {
      const groups = new Map<number, number[]>();
      for (const { at, value } of stored.get(keyOf(metric))?.points ?? []) {
        const start = Math.floor(at / period) * period;
        if (start < from - (from % period) || at > to) continue;
        const group = groups.get(start);
        if (group === undefined) groups.set(start, [value]);
        else group.push(value);
      }
      const compute = statisticOf(statistic);
      return new Map([...groups].sort(([a], [b]) => a - b).map(([start, values]) => [start, compute(values)]));
    },
    list: () => [...stored.values()].map(({ metric }) => metric),
  };
}

export const keyOf = ({ namespace, name, dimensions }: MetricId): string =>
  JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function statisticOf(name: string): (values: readonly number[]) => number {
  const percent = /^p(\d+(?:\.\d+)?)$/u.exec(name)?.[1];
  if (percent !== undefined) return (values) => percentile(values, Number(percent));
  switch (name) {
    case "Sum":
      return sum;
    case "Average":
      return (values) => sum(values) / values.length;
    case "Minimum":
      return (values) => Math.min(...values);
    case "Maximum":
      return (values) => Math.max(...values);
    case "SampleCount":
      return (values) => values.length;
    default:
      throw new Error(`the statistic ${name} is not computed here`);
  }
}

/** Nearest rank. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
