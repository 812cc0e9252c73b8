import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attemptLimit, pauseBeforeRetry, type Setback } from "../../../../lambdas/core/shared/retry/retry-policy.ts";

const setbacks: readonly Setback[] = ["throttled", "unreachable", "reset", "timeout", "unavailable"];
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const MINIMUM_MS = 100;

describe("pauseBeforeRetry", () => {
  it("never starts an attempt that could not end before the deadline", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...setbacks),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: -5_000, max: 5_000 }),
        chance,
        (setback, attempts, left, drawn) => {
          const pause = pauseBeforeRetry(setback, attempts, left, drawn);
          if (pause === undefined) return;
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(left - pause).toBeGreaterThanOrEqual(MINIMUM_MS);
        },
      ),
    );
  });

  it.each([
    ["throttled", [25, 50, 100, 200, 400, 400, 400, 400, undefined], [49, 99, 199, 399, 799, 799, 799, 799, undefined]],
    [
      "unavailable",
      [25, 50, 100, 200, 400, 400, 400, 400, undefined],
      [49, 99, 199, 399, 799, 799, 799, 799, undefined],
    ],
    [
      "unreachable",
      [25, 50, 100, 200, 400, 400, 400, 400, undefined],
      [49, 99, 199, 399, 799, 799, 799, 799, undefined],
    ],
    ["reset", [0, 50, 100, 200, 400, 400, 400, 400, undefined], [0, 99, 199, 399, 799, 799, 799, 799, undefined]],
    ["timeout", [0, 0, 0, 0, 0, 0, 0, 0, undefined], [0, 0, 0, 0, 0, 0, 0, 0, undefined]],
  ] as const)("after %s pauses from %j to %j ms before the 2nd, 3rd, … attempt", (setback, shortest, longest) => {
    const pauses = (drawn: number) =>
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempts) => pauseBeforeRetry(setback, attempts, 10_000, drawn));
    expect(pauses(0)).toEqual(shortest);
    expect(pauses(0.999)).toEqual(longest);
  });

  it.each([
    ["timeout", 100, 0],
    ["timeout", 99, undefined],
    ["throttled", 120, 20],
    ["throttled", 119, 19],
    ["throttled", 118, undefined], // 99 ms would be left after the pause
  ] as const)("after %s with %d ms left is %s", (setback, left, pause) =>
    expect(pauseBeforeRetry(setback, 1, left, 0)).toBe(pause),
  );

  it("spreads attempts that fail immediately over the remaining time, beyond its first second", () => {
    fc.assert(
      fc.property(
        fc.array(chance, { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 2_000, max: 2_900 }),
        (drawn, time) => {
          let at = 0;
          for (const [index, draw] of drawn.entries()) {
            const pause = pauseBeforeRetry("unavailable", index + 1, time - at, draw);
            if (pause === undefined) break;
            at += pause;
          }
          expect(at).toBeGreaterThan(1_000);
          expect(at).toBeLessThan(time);
        },
      ),
    );
  });
});

describe("attemptLimit", () => {
  it("ends a hanging attempt early enough for two more of the same length", () => {
    const first = attemptLimit(2_900, 0);
    const second = attemptLimit(2_900 - first, 1);
    const third = attemptLimit(2_900 - first - second, 2);
    expect([first, second, third]).toEqual([966, 967, 967]);
  });

  it.each([
    [2_900, 5, 2_900],
    [600, 0, 300],
    [200, 0, 200],
  ])("with %i ms left after %i time-outs is %i ms", (left, timeouts, limit) =>
    expect(attemptLimit(left, timeouts)).toBe(limit),
  );

  it("is never longer than the remaining time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(10), (left, timeouts) => {
        expect(attemptLimit(left, timeouts)).toBeLessThanOrEqual(left);
      }),
    );
  });
});
