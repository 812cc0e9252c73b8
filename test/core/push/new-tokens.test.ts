import { expect, it } from "vitest";
import { type EndpointsMade, hourOf, mayMakeEndpoint, oneMoreEndpoint } from "../../../lambdas/core/push/new-tokens.ts";
import { NOON } from "../../support/values/clock.ts";

const HOUR = 3_600_000;
const limits = { newTokensPerDomainInFirstHour: 2_000, newTokensPerDomainPerHour: 100 };

/** Creates endpoints until one is refused; returns how many, and the counts then. */
function fill(from: EndpointsMade | undefined, now: number): readonly [number, EndpointsMade | undefined] {
  let made = from;
  for (let count = 0; count < 5_000; count += 1) {
    if (!mayMakeEndpoint(made, now, limits)) return [count, made];
    made = oneMoreEndpoint(made, now);
  }
  return [5_000, made];
}

it("allows 2,000 in a domain's first hour, then 100 an hour plus a tenth of the known ones", () => {
  const [first, made] = fill(undefined, NOON);
  expect(first).toBe(2_000);
  expect(fill(made, NOON + HOUR - 1)[0]).toBe(0);
  // The allowance grows with what it allows: 300, and a tenth of the new ones.
  const [second, later] = fill(made, NOON + HOUR);
  expect(second).toBe(333);
  expect(fill(later, NOON + 2 * HOUR - 1)[0]).toBe(0);
  expect(fill(later, NOON + 2 * HOUR)[0]).toBeGreaterThan(333);
});

it("counts new tokens for the rest of a second hour that began within a clock hour", () => {
  // NOON + 30 min until NOON + 90 min is the first hour; the clock's next hour is half over by then.
  const began = NOON + HOUR / 2;
  let made = oneMoreEndpoint(undefined, began);
  for (let count = 1; count < 1_000; count += 1) made = oneMoreEndpoint(made, began + HOUR - 1);
  expect(mayMakeEndpoint(made, began + HOUR - 1, limits)).toBe(true);
  // 999 of them in this clock hour, so none of its 200 are left.
  expect(mayMakeEndpoint(made, began + HOUR, limits)).toBe(false);
  expect(fill(made, NOON + 2 * HOUR)[0]).toBe(222);
});

it("keeps the hour of a count that is ahead of its clock", () => {
  const ahead = oneMoreEndpoint(undefined, NOON + HOUR);
  expect(oneMoreEndpoint(ahead, NOON)).toEqual({ firstAt: NOON + HOUR, known: 2, hour: hourOf(NOON) + 1, inHour: 2 });
});
