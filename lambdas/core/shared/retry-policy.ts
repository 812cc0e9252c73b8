/** How an attempt on the call path ended that may be worth another. */
export type Setback = "throttled" | "unreachable" | "reset" | "timeout" | "unavailable";

/** One attempt waits this long at most, in ms, so that a second one fits into the deadline. */
export const ATTEMPT_LIMIT_MS = 1_400;
/** With less left than this, in ms, another attempt cannot end in time. */
export const ATTEMPT_MINIMUM_MS = 100;
/** Longest pause before the n-th attempt, in ms; the pause is random below it. */
const PAUSES_MS = [0, 100, 300, 600];
const MAX_ATTEMPTS = 4;
const MAX_TIMEOUTS = 2;

/** What has been tried so far. */
export interface Tried {
  /** 1 after the first. */
  readonly attempts: number;
  /** How many of them timed out, the last one included. */
  readonly timeouts: number;
}

/**
 * Whether and when to try again: only inside the deadline, with full jitter; a lost kept-alive socket at once; after a
 * second time-out no more, since SNS may have taken both.
 *
 * @param left ms until the deadline
 * @param chance 0 ≤ chance < 1
 * @returns pause in ms, or undefined to give up
 */
export function pauseBeforeRetry(setback: Setback, tried: Tried, left: number, chance: number): number | undefined {
  if (tried.attempts >= MAX_ATTEMPTS || tried.timeouts >= MAX_TIMEOUTS) return undefined;
  const longest = setback === "reset" || setback === "timeout" ? 0 : (PAUSES_MS[tried.attempts] ?? 0);
  const pause = Math.floor(longest * chance);
  return left - pause >= ATTEMPT_MINIMUM_MS ? pause : undefined;
}
