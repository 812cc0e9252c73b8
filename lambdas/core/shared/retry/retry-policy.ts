/** Why an attempt on the call path failed, where another may succeed. */
export type Setback = "throttled" | "unreachable" | "reset" | "timeout" | "unavailable";

/** With less left than this, in ms, another attempt cannot end in time. */
export const ATTEMPT_MINIMUM_MS = 100;
/** An attempt gets at least this long, in ms, if that much is left: a slow answer is not a hang. */
const ATTEMPT_PATIENCE_MS = 300;
/** This many attempts may hang before the deadline. */
const HANGING_ATTEMPTS = 3;
/** Longest pause before the n-th attempt, in ms; the shortest is half of it. Together they outlast an outage of 1.5 s. */
const PAUSES_MS = [50, 100, 200, 400, 800, 800, 800, 800];
/** A pause takes at most this share of the remaining time, so that another attempt can follow. */
const LARGEST_SHARE = 1 / 3;

/**
 * How long one attempt may take: it is given up early enough for two more of the same length.
 *
 * @param leftMs ms until the deadline
 * @param timeouts earlier attempts of the same work that timed out
 */
export function attemptLimit(leftMs: number, timeouts: number): number {
  const share = Math.floor(leftMs / Math.max(1, HANGING_ATTEMPTS - timeouts));
  return Math.max(share, Math.min(leftMs, ATTEMPT_PATIENCE_MS));
}

/**
 * Whether and when to retry, within the deadline: attempts are spread over the available time, with jitter. No pause
 * after a time-out, which was a pause itself, or after the first lost connection, which may have been a kept-alive
 * socket.
 *
 * @param attempts so far: 1 after the first
 * @param leftMs ms until the deadline
 * @param chance 0 ≤ chance < 1
 * @returns pause in ms, or undefined to give up
 */
export function pauseBeforeRetry(
  setback: Setback,
  attempts: number,
  leftMs: number,
  chance: number,
): number | undefined {
  const planned = PAUSES_MS[attempts - 1];
  if (planned === undefined) return undefined;
  const atOnce = setback === "timeout" || (setback === "reset" && attempts === 1);
  const longest = atOnce ? 0 : Math.min(planned, leftMs * LARGEST_SHARE);
  const pause = Math.floor((longest * (1 + chance)) / 2);
  return leftMs - pause >= ATTEMPT_MINIMUM_MS ? pause : undefined;
}
