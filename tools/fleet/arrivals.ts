import type { Random } from "./random.ts";

export const SHAPES = ["day", "flat"] as const;
export type Shape = (typeof SHAPES)[number];

/** Calls of an office per hour of a working day, from midnight: peaks at 10 and 14 h, a dip at noon, quiet nights. */
const HOURS = [1, 1, 1, 1, 1, 2, 5, 18, 55, 92, 100, 88, 58, 72, 98, 90, 68, 42, 22, 12, 8, 5, 3, 2];
const MEAN = HOURS.reduce((sum, hour) => sum + hour) / HOURS.length;

/** Factor on the mean rate at `progress` (0 to 1) of the run, which stands for a day; its mean is 1. */
export function shapeAt(shape: Shape, progress: number): number {
  if (shape === "flat") return 1;
  const hour = Math.min(Math.max(progress, 0), 1) * HOURS.length;
  const from = Math.floor(hour) % HOURS.length;
  const before = HOURS[from] ?? 0;
  const after = HOURS[(from + 1) % HOURS.length] ?? 0;
  return (before + (after - before) * (hour % 1)) / MEAN;
}

/** Highest factor of a shape. */
export const peakOf = (shape: Shape): number => (shape === "flat" ? 1 : Math.max(...HOURS) / MEAN);

/**
 * Arrival times in ms from 0 to `durationMs`: independent callers (a Poisson process), `rate` per second on average,
 * thinned from the peak rate to the shape. Lazy, because a run may hold millions.
 */
export function* arrivals(rate: number, durationMs: number, shape: Shape, random: Random): Generator<number, void> {
  const peak = peakOf(shape);
  for (let at = 0; rate > 0; ) {
    at += (-Math.log(1 - random.next()) * 1_000) / (rate * peak);
    if (at >= durationMs) return;
    if (random.next() * peak < shapeAt(shape, at / durationMs)) yield at;
  }
}
