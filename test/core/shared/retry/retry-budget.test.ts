import { describe, expect, it } from "vitest";
import { type RetryBudget, retryBudget } from "../../../../lambdas/core/shared/retry/retry-budget.ts";

/** Makes calls every 100 ms from `from`; returns how many retries each was allowed, at most one. */
function calls(budget: RetryBudget, from: number, count: number, fails: (index: number) => boolean): boolean[] {
  return Array.from({ length: count }, (_, index) => {
    const now = from + index * 100;
    budget.begin();
    budget.ended(fails(index), now);
    return fails(index) && budget.spend(now);
  });
}
const always = () => true;

describe("a budget of retries", () => {
  it("allows every retry in an outage shorter than 5 s", () => {
    expect(calls(retryBudget(), 0, 50, always)).toEqual(Array(50).fill(true));
  });

  it("is limited from the fifth second of an outage", () => {
    for (const [at, allowed] of [
      [4_999, true],
      [5_000, false],
    ] as const) {
      const budget = retryBudget();
      calls(budget, 0, 50, always);
      expect(calls(budget, at, 1, always)).toEqual([allowed]);
    }
  });

  it("allows one retry for ten calls once everything has failed for 5 s", () => {
    const budget = retryBudget();
    calls(budget, 0, 50, always);
    const allowed = calls(budget, 5_000, 100, always);
    expect(allowed.filter(Boolean)).toHaveLength(10);
    for (let at = 0; at + 10 <= allowed.length; at += 10)
      expect(allowed.slice(at, at + 10).filter(Boolean)).toHaveLength(1);
  });

  it.each([
    [0.8, 5, 100],
    [0.9, 10, 9],
  ])("is limited when more than 80 %% fail: of %d failing", (_share, every, retries) => {
    const budget = retryBudget();
    const fails = (index: number) => index % every !== 0;
    calls(budget, 0, 60, fails);
    const failed = Array.from({ length: 100 }, (_, index) => index).filter(fails).length;
    const allowed = calls(budget, 6_000, 100, fails).filter(Boolean).length;
    expect(allowed).toBe(retries === 100 ? failed : 10);
  });

  it("allows all retries again soon after calls work again", () => {
    const budget = retryBudget();
    calls(budget, 0, 100, always);
    calls(budget, 10_000, 15, () => false);
    expect(calls(budget, 11_500, 5, always)).toEqual(Array(5).fill(true));
  });

  it("does not treat silence as failure: calls more than 5 s apart may always retry", () => {
    const budget = retryBudget();
    for (let at = 0; at < 100_000; at += 5_000) expect(calls(budget, at, 1, always)).toEqual([true]);
  });
});
