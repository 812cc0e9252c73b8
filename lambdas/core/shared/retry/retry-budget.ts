/**
 * Keeps retries from burdening a dependency in a long outage: while more than 80 % of an execution environment's calls
 * have failed for 5 s, ten calls earn one retry. Before that, every retry is allowed, so that a short outage costs
 * nothing. Best effort; time is passed in.
 */
export interface RetryBudget {
  /** A piece of work begins, with its first call. */
  begin(): void;
  /** A call ended, a retry or not. */
  ended(failed: boolean, now: number): void;
  /** Whether a failed call may be retried; spends a retry that it allows. */
  spend(now: number): boolean;
}

/** How far back calls count, and how long they must have been failing, in ms. */
const WINDOW_MS = 5_000;
/** Calls are counted in slots of this length, in ms, so that memory does not grow with traffic. */
const SLOT_MS = 100;
const FAILING_SHARE = 0.8;
const CALLS_PER_RETRY = 10;

interface Slot {
  readonly number: number;
  calls: number;
  failures: number;
}

export function retryBudget(): RetryBudget {
  /** Slots of the window, oldest first; `calls` and `failures` are their sums. */
  const slots: Slot[] = [];
  let [calls, failures] = [0, 0];
  /** Since when more than FAILING_SHARE of the window has failed. */
  let failingSince: number | undefined;
  /** Calls since the last retry. */
  let saved = 0;

  const isDown = (now: number) => failingSince !== undefined && now - failingSince >= WINDOW_MS;

  function slotAt(now: number): Slot {
    const number = Math.floor(now / SLOT_MS);
    for (
      let oldest = slots[0];
      oldest !== undefined && number - oldest.number >= WINDOW_MS / SLOT_MS;
      oldest = slots[0]
    ) {
      calls -= oldest.calls;
      failures -= oldest.failures;
      slots.shift();
    }
    const last = slots.at(-1);
    if (last?.number === number) return last;
    const slot = { number, calls: 0, failures: 0 };
    slots.push(slot);
    return slot;
  }

  return {
    begin() {
      saved += 1;
    },
    ended(failed, now) {
      const slot = slotAt(now);
      if (calls === 0) failingSince = undefined;
      slot.calls += 1;
      calls += 1;
      if (failed) {
        slot.failures += 1;
        failures += 1;
      }
      if (failures <= calls * FAILING_SHARE) failingSince = undefined;
      else failingSince ??= now;
    },
    spend(now) {
      if (isDown(now) && saved < CALLS_PER_RETRY) return false;
      saved = 0;
      return true;
    },
  };
}
