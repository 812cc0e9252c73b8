import { setTimeout as sleep } from "node:timers/promises";
import { pauseBeforeRetry, type Setback } from "../../../core/shared/retry/retry-policy.ts";
import type { FailureKind } from "../../../ports/errors.ts";
import type { Operations } from "./aws-client.ts";
import { CALL_LIMIT_MS, dependencyError } from "./call.ts";
import type { LeanClient } from "./lean-client.ts";

/**
 * For calls whose caller does not handle failures: tries at most three times, like the SDK, with the pauses of the call
 * path, until the signal or CALL_LIMIT_MS ends it. Does not retry after an unreadable answer: the request may have been
 * carried out.
 *
 * @param chance 0 ≤ chance < 1
 */
export function patient<O extends Operations<O>>(client: LeanClient<O>, chance: () => number): LeanClient<O> {
  return {
    async request(operation, input, options) {
      const startedAt = performance.now();
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await client.request(operation, input, options);
        } catch (error) {
          const { kind } = dependencyError(operation, error);
          const left = CALL_LIMIT_MS - (performance.now() - startedAt);
          const again = attempts < MOST_ATTEMPTS && !options?.abortSignal?.aborted && mayPass(kind, error);
          const pause = again ? pauseBeforeRetry(kind as Setback, attempts, left, chance()) : undefined;
          if (pause === undefined) throw error;
          await sleep(pause, undefined, options?.abortSignal && { signal: options.abortSignal });
        }
      }
    },
    warmUp: (operation, input, options) => client.warmUp(operation, input, options),
  };
}

const MOST_ATTEMPTS = 3;
const MAY_PASS: ReadonlySet<FailureKind> = new Set<Setback>(["throttled", "unreachable", "reset", "timeout"]);

function mayPass(kind: FailureKind, error: unknown): boolean {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode: number } };
  return MAY_PASS.has(kind) || (kind === "unavailable" && ($metadata?.httpStatusCode ?? 0) >= 500);
}
