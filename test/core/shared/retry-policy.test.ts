import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ATTEMPT_LIMIT_MS, ATTEMPT_MINIMUM_MS, pauseBeforeRetry, type Setback } from "../../../lambdas/core/shared/retry-policy.ts";

const setbacks: readonly Setback[] = ["throttled", "unreachable", "reset", "timeout", "unavailable"];
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("pauseBeforeRetry", () => {
  it("never lets an attempt begin that could not end before the deadline", () => {
    fc.assert(
      fc.property(fc.constantFrom(...setbacks), fc.integer({ min: 1, max: 10 }), fc.integer({ min: -5_000, max: 5_000 }), chance, (setback, attempts, left, drawn) => {
        const pause = pauseBeforeRetry(setback, { attempts, timeouts: setback === "timeout" ? 1 : 0 }, left, drawn);
        if (pause === undefined) return;
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(left - pause).toBeGreaterThanOrEqual(ATTEMPT_MINIMUM_MS);
      }),
    );
  });

  it.each([
    ["throttled", [0, 0, 0, undefined], [99, 299, 599, undefined]],
    ["unavailable", [0, 0, 0, undefined], [99, 299, 599, undefined]],
    ["unreachable", [0, 0, 0, undefined], [99, 299, 599, undefined]],
    ["reset", [0, 0, 0, undefined], [0, 0, 0, undefined]],
    ["timeout", [0, 0, 0, undefined], [0, 0, 0, undefined]],
  ] as const)("after %s pauses from %j to %j ms before the 2nd, 3rd, … attempt", (setback, shortest, longest) => {
    const pauses = (drawn: number) => [1, 2, 3, 4].map((attempts) => pauseBeforeRetry(setback, { attempts, timeouts: setback === "timeout" ? 1 : 0 }, 10_000, drawn));
    expect(pauses(0)).toEqual(shortest);
    expect(pauses(0.999)).toEqual(longest);
  });

  it("gives up after a second time-out, whatever came between", () => {
    for (const setback of setbacks) expect(pauseBeforeRetry(setback, { attempts: 3, timeouts: 2 }, 10_000, 0)).toBeUndefined();
    expect(pauseBeforeRetry("timeout", { attempts: 2, timeouts: 1 }, 10_000, 0)).toBe(0);
  });

  it("leaves room for a second attempt after one that timed out", () => {
    expect(pauseBeforeRetry("timeout", { attempts: 1, timeouts: 1 }, 3_000 - ATTEMPT_LIMIT_MS, 0)).toBe(0);
    expect(3_000 - ATTEMPT_LIMIT_MS).toBeGreaterThanOrEqual(ATTEMPT_LIMIT_MS);
  });
});
