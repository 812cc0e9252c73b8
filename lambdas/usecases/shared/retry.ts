import { type RetryBudget, retryBudget } from "../../core/shared/retry/retry-budget.ts";
import {
  ATTEMPT_MINIMUM_MS,
  attemptLimit,
  pauseBeforeRetry,
  type Setback,
} from "../../core/shared/retry/retry-policy.ts";
import type { Clock } from "../../ports/clock.ts";
import { DependencyError, type FailureKind } from "../../ports/errors.ts";

export interface RetryPorts {
  readonly clock: Clock;
  /** 0 ≤ chance < 1. */
  readonly chance: () => number;
}

/** One piece of work. */
export interface Work {
  /** Names the work in errors; all work of that name shares one retry budget. */
  readonly operation: string;
  /** Unix ms. */
  readonly deadline: number;
  /** ms that one attempt may take at most; absent: a third of the time left (core/shared/retry/retry-policy.ts). */
  readonly longestMs?: number;
}

/**
 * Runs `attempt`, given its time limit in ms, until it succeeds, fails for good, or deadline or budget allow no other;
 * throws the last DependencyError, or one of kind `timeout` and code `deadline` if not even a first attempt could end
 * in time. `onSetback` is called for every failed attempt that is retried.
 */
export type WithRetries = <T>(
  work: Work,
  attempt: (limitMs: number) => Promise<T>,
  onSetback?: (error: DependencyError) => void,
) => Promise<T>;

const SETBACKS: ReadonlySet<FailureKind> = new Set<Setback>([
  "throttled",
  "unreachable",
  "reset",
  "timeout",
  "unavailable",
]);

/** Retries of one execution environment, with its memory of how calls ended. */
export function retries({ clock, chance }: RetryPorts): WithRetries {
  const budgets = new Map<string, RetryBudget>();
  const budgetOf = (operation: string): RetryBudget => {
    const budget = budgets.get(operation) ?? retryBudget();
    budgets.set(operation, budget);
    return budget;
  };

  return async ({ operation, deadline, longestMs = Infinity }, attempt, onSetback = () => undefined) => {
    const budget = budgetOf(operation);
    let timeouts = 0;
    let failed: DependencyError | undefined;
    budget.begin();
    for (let attempts = 1; ; attempts += 1) {
      const left = deadline - clock.now();
      if (left < ATTEMPT_MINIMUM_MS) throw failed ?? new DependencyError(operation, "timeout", "deadline");
      try {
        const answer = await attempt(Math.min(longestMs, attemptLimit(left, timeouts)));
        budget.ended(false, clock.now());
        return answer;
      } catch (error) {
        if (!(error instanceof DependencyError) || !SETBACKS.has(error.kind)) throw error;
        failed = error;
        const now = clock.now();
        budget.ended(true, now);
        if (error.kind === "timeout") timeouts += 1;
        const pause = pauseBeforeRetry(error.kind as Setback, attempts, deadline - now, chance());
        if (pause === undefined || !budget.spend(now)) throw error;
        onSetback(error);
        if (pause > 0) await clock.sleep(pause);
      }
    }
  };
}
