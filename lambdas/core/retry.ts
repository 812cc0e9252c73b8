/** How an attempt on the call path ended that may be worth another. */
export type Setback = "throttled" | "unreachable" | "reset" | "timeout" | "unavailable";

/** One attempt waits this long at most, in ms, so that a second one fits into the deadline. */
export const ATTEMPT_LIMIT = 1_400;
/** With less left than this, in ms, another attempt cannot end in time. */
export const ATTEMPT_MINIMUM = 100;
/** Longest pause before the n-th attempt, in ms; the pause is random below it. */
const PAUSES = [0, 100, 300, 600];
const MAX_ATTEMPTS = 4;
const MAX_ATTEMPTS_AFTER_TIMEOUT = 2;

/**
 * Whether and when to try again: only inside the deadline, with full jitter; a lost kept-alive socket at once; after a
 * time-out once only, since SNS may have taken the first.
 *
 * @param attempt number of attempts made, 1 after the first
 * @param left ms until the deadline
 * @param chance 0 ≤ chance < 1
 * @returns pause in ms, or undefined to give up
 */
export function pauseBeforeRetry(setback: Setback, attempt: number, left: number, chance: number): number | undefined {
  if (attempt >= (setback === "timeout" ? MAX_ATTEMPTS_AFTER_TIMEOUT : MAX_ATTEMPTS)) return undefined;
  const longest = setback === "reset" || setback === "timeout" ? 0 : (PAUSES[attempt] ?? 0);
  const pause = Math.floor(longest * chance);
  return left - pause >= ATTEMPT_MINIMUM ? pause : undefined;
}
