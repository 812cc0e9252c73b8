import { expect, it } from "vitest";
import { isOpen, opened } from "../../../lambdas/core/push/breaker.ts";
import { NOON } from "../../support/values/clock.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

it("a breaker is open for ten minutes", () => {
  const breaker = opened(undefined, NOON);
  expect(breaker).toEqual({ openedAt: NOON, openUntil: NOON + 600_000 });
  expect([
    isOpen(undefined, NOON),
    isOpen(breaker, NOON),
    isOpen(breaker, NOON + 599_999),
    isOpen(breaker, NOON + 600_000),
  ]).toEqual([false, true, true, false]);
});

it("a breaker that opens again within a day still discards marks from its first opening", () => {
  const before = opened(undefined, NOON);
  expect(opened(before, NOON + HOUR)).toEqual({ openedAt: NOON, openUntil: NOON + HOUR + 600_000 });
  expect(opened(before, before.openUntil + DAY).openedAt).toBe(before.openUntil + DAY);
});
