import type { Query } from "./queries.ts";
import { run } from "./queries.ts";
import type { MetricStore } from "./store.ts";

/** AWS::CloudWatch::Alarm, with normalized queries. */
export interface MetricAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly queries: readonly Query[];
  /** The query that the alarm evaluates. */
  readonly watched: Query;
  /** In ms. */
  readonly period: number;
  readonly threshold: number;
  readonly breaches: (value: number, threshold: number) => boolean;
  /** Out of the last `evaluationPeriods`. */
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  readonly breachesWithoutData: boolean;
}

/** AWS::CloudWatch::CompositeAlarm that fires while any of some alarms does. */
interface AnyAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly anyOf: readonly string[];
}

export type Alarm = MetricAlarm | AnyAlarm;

export const COMPARISONS: Readonly<Record<string, MetricAlarm["breaches"]>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Whether an alarm fires now. */
export function isOn(store: MetricStore, alarm: Alarm, all: readonly Alarm[]): boolean {
  if ("anyOf" in alarm) return all.some((other) => alarm.anyOf.includes(other.arn) && isOn(store, other, all));
  const { threshold, breaches, datapointsToAlarm, evaluationPeriods, breachesWithoutData } = alarm;
  const values = lastValues(store, alarm, evaluationPeriods);
  const breaching = values.filter((value) => (value === undefined ? breachesWithoutData : breaches(value, threshold)));
  return breaching.length >= datapointsToAlarm;
}

/** The newest value beyond the threshold, else the newest value. */
export function crossing(store: MetricStore, alarm: MetricAlarm): number | undefined {
  const values = lastValues(store, alarm, alarm.evaluationPeriods).filter((value) => value !== undefined);
  return values.find((value) => alarm.breaches(value, alarm.threshold)) ?? values[0];
}

/** Newest first; the current period counts as soon as it has data. */
function lastValues(store: MetricStore, { queries, watched, period }: MetricAlarm, count: number) {
  const now = store.now();
  const current = Math.floor(now / period) * period;
  const window = { from: current - count * period, to: now, period };
  const series = run(store, watched, queries, window)[0]?.series ?? new Map<number, number>();
  const last = series.has(current) ? current : current - period;
  return Array.from({ length: count }, (_, index) => series.get(last - index * period));
}
