import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucket, rate, recent } from "../../../lambdas/core/shared/recent.ts";
import { NOON } from "../../support/values/clock.ts";

describe("recent", () => {
  it("forgets values after their lifetime, and the oldest first when there are too many", () => {
    const memory = recent<number>(2, 1_000);
    memory.set("a", 1, NOON);
    memory.set("b", 2, NOON + 1);
    expect([memory.get("a", NOON + 999), memory.get("a", NOON + 1_000), memory.get("b", NOON + 1_000)]).toEqual([
      1,
      undefined,
      2,
    ]);
    memory.set("a", 3, NOON + 2);
    memory.set("b", 4, NOON + 3);
    memory.set("c", 5, NOON + 4);
    expect(["a", "b", "c"].map((key) => memory.get(key, NOON + 5))).toEqual([undefined, 4, 5]);
    memory.delete("b");
    expect(memory.get("b", NOON + 5)).toBeUndefined();
  });

  it("never exceeds its size and returns the last value of each key, for any sequence of calls", () => {
    const use = fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.nat(9));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(use, { maxLength: 40 }), (size, uses) => {
        const memory = recent<number>(size, 1_000);
        for (const [key, value] of uses) memory.set(key, value, NOON);
        const last = new Map<string, number>();
        for (const [key, value] of uses) {
          last.delete(key);
          last.set(key, value);
        }
        const held = [...last].slice(-size);
        for (const key of "abcde") expect(memory.get(key, NOON)).toBe(new Map(held).get(key));
      }),
    );
  });
});

it("rate: allows a number of calls per key and window", () => {
  const posts = rate(2, 1_000);
  const at = (key: string, ...times: number[]) => times.map((time) => posts.allow(key, NOON + time));
  expect(at("a", 0, 500, 999, 1_000, 1_000, 1_000)).toEqual([true, true, false, true, true, false]);
  expect(at("b", 999)).toEqual([true]);
  expect(rate(0, 1_000).allow("a", NOON)).toBe(false);
});

describe("bucket", () => {
  const uses = (limit: ReturnType<typeof bucket>, key: string, ...times: number[]) =>
    times.map((time) => limit.allow(key, NOON + time));

  it("allows a burst at once, then one per interval", () => {
    expect(uses(bucket(3, 1_000), "a", 0, 0, 0, 0, 999, 1_000, 1_000, 1_999, 2_000, 2_000)).toEqual([
      ...[true, true, true, false],
      ...[false, true, false],
      ...[false, true, false],
    ]);
  });

  it("refills up to its burst, and no further", () => {
    const limit = bucket(3, 1_000);
    expect(uses(limit, "a", 0, 0, 2_500, 2_500, 2_500, 2_500)).toEqual([true, true, true, true, true, false]);
    expect(uses(limit, "a", 90_000, 90_000, 90_000, 90_000)).toEqual([true, true, true, false]);
  });

  it("is separate for each key, and forgets the key unused for longest when there are too many", () => {
    const limit = bucket(1, 1_000, 2);
    expect(["a", "b", "b", "c", "c", "a"].flatMap((key) => uses(limit, key, 0))).toEqual([
      ...[true, true, false],
      ...[true, false, true],
    ]);
  });

  it("never allows more than its burst plus one per interval, whatever the calls", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), gaps, (burst, waits) => {
        const limit = bucket(burst, 1_000);
        const allowed: number[] = [];
        let now = 0;
        for (const wait of waits) {
          now += wait;
          if (limit.allow("a", NOON + now)) allowed.push(now);
        }
        expect(allowed[0]).toBe(waits[0]);
        for (const [index, from] of allowed.entries())
          for (const [later, until] of allowed.slice(index).entries())
            expect(later + 1).toBeLessThanOrEqual(burst + (until - from) / 1_000);
      }),
    );
  });
});
