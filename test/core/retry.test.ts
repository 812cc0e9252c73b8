import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ATTEMPT_LIMIT, ATTEMPT_MINIMUM, pauseBeforeRetry, type Setback } from "../../lambdas/core/retry.ts";

const setbacks: readonly Setback[] = ["throttled", "unreachable", "reset", "timeout", "unavailable"];
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("pauseBeforeRetry", () => {
  it("never lets an attempt begin that could not end before the deadline", () => {
    fc.assert(
      fc.property(fc.constantFrom(...setbacks), fc.integer({ min: 1, max: 10 }), fc.integer({ min: -5_000, max: 5_000 }), chance, (setback, made, left, drawn) => {
        const pause = pauseBeforeRetry(setback, made, left, drawn);
        if (pause === undefined) return;
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(left - pause).toBeGreaterThanOrEqual(ATTEMPT_MINIMUM);
      }),
    );
  });

  it.each([
    ["throttled", [0, 0, 0, undefined], [99, 299, 599, undefined]],
    ["unavailable", [0, 0, 0, undefined], [99, 299, 599, undefined]],
    ["unreachable", [0, 0, 0, undefined], [99, 299, 599, undefined]],
    ["reset", [0, 0, 0, undefined], [0, 0, 0, undefined]],
    ["timeout", [0, undefined, undefined, undefined], [0, undefined, undefined, undefined]],
  ] as const)("after %s pauses from %j to %j ms before the 2nd, 3rd, … attempt", (setback, shortest, longest) => {
    const pauses = (drawn: number) => [1, 2, 3, 4].map((made) => pauseBeforeRetry(setback, made, 10_000, drawn));
    expect(pauses(0)).toEqual(shortest);
    expect(pauses(0.999)).toEqual(longest);
  });

  it("leaves room for a second attempt after one that timed out", () => {
    expect(pauseBeforeRetry("timeout", 1, 3_000 - ATTEMPT_LIMIT, 0)).toBe(0);
    expect(3_000 - ATTEMPT_LIMIT).toBeGreaterThanOrEqual(ATTEMPT_LIMIT);
  });
});
