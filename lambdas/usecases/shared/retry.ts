import { ATTEMPT_MINIMUM_MS, pauseBeforeRetry, type Setback } from "../../core/shared/retry-policy.ts";
import type { Clock } from "../../ports/clock.ts";
import { DependencyError, type FailureKind } from "../../ports/errors.ts";

export interface RetryPorts {
  readonly clock: Clock;
  /** 0 ≤ chance < 1. */
  readonly chance: () => number;
}

const SETBACKS: ReadonlySet<FailureKind> = new Set<Setback>(["throttled", "unreachable", "reset", "timeout", "unavailable"]);

/**
 * Runs `attempt` until it returns, fails for good or the deadline forbids another; throws the last DependencyError, or
 * one of kind `timeout` and code `deadline` where not even a first attempt could end in time.
 *
 * @param operation names the work in that error
 * @param deadline Unix ms
 * @param longest ms that one attempt may take
 * @param attempt gets its time limit in ms
 * @param onSetback called after every attempt that another follows
 */
export async function withRetries<T>(
  { clock, chance }: RetryPorts,
  { operation, deadline, longest }: { operation: string; deadline: number; longest: number },
  attempt: (limit: number) => Promise<T>,
  onSetback: (error: DependencyError) => void = () => undefined,
): Promise<T> {
  let timeouts = 0;
  for (let attempts = 1; ; attempts += 1) {
    const left = deadline - clock.now();
    if (left < ATTEMPT_MINIMUM_MS) throw new DependencyError(operation, "timeout", "deadline");
    try {
      return await attempt(Math.min(longest, left));
    } catch (error) {
      if (!(error instanceof DependencyError) || !SETBACKS.has(error.kind)) throw error;
      if (error.kind === "timeout") timeouts += 1;
      const pause = pauseBeforeRetry(error.kind as Setback, { attempts, timeouts }, deadline - clock.now(), chance());
      if (pause === undefined) throw error;
      onSetback(error);
      if (pause > 0) await clock.sleep(pause);
    }
  }
}
