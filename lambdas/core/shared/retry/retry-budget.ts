/**
 * Keeps retries from burdening a dependency that is down for long: while more than 80 % of an execution environment's calls
 * have failed for 5 s, ten calls earn one retry. Until then it allows every one, so that a short outage costs nothing.
 * Best effort by nature; time is passed in.
 */
export interface RetryBudget {
  /** A piece of work begins, with its first call. */
  begin(): void;
  /** A call ended, a retry or not. */
  ended(failed: boolean, now: number): void;
  /** Whether a call that failed may be tried again; spends what it allows. */
  spend(now: number): boolean;
}

/** Calls of this long count, and must have failed for this long, in ms. */
const WINDOW_MS = 5_000;
const FAILING_SHARE = 0.8;
const CALLS_PER_RETRY = 10;

export function retryBudget(): RetryBudget {
  let calls: { readonly at: number; readonly failed: boolean }[] = [];
  /** Since when more than FAILING_SHARE of the window has failed. */
  let failingSince: number | undefined;
  /** Calls since the last retry. */
  let saved = 0;

  const isDown = (now: number) => failingSince !== undefined && now - failingSince >= WINDOW_MS;

  return {
    begin() {
      saved += 1;
    },
    ended(failed, now) {
      calls = calls.filter(({ at }) => now - at < WINDOW_MS);
      if (calls.length === 0) failingSince = undefined;
      calls.push({ at: now, failed });
      const failures = calls.filter((call) => call.failed).length;
      if (failures <= calls.length * FAILING_SHARE) failingSince = undefined;
      else failingSince ??= now;
    },
    spend(now) {
      if (isDown(now) && saved < CALLS_PER_RETRY) return false;
      saved = 0;
      return true;
    },
  };
}
