import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { broken } from "../../bench/limits.ts";
import { isHeld, type Load } from "../../bench/load.ts";
import { overheads } from "../../bench/overhead.ts";
import { percentiles } from "../../bench/percentiles.ts";
import type { Results } from "../../bench/results.ts";
import { machine } from "../../bin/fleet/machine.ts";

describe("percentiles", () => {
  it("are values that were measured, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
        const { count, p50, p99, max } = percentiles(values);
        expect(count).toBe(values.length);
        expect(values.filter((value) => value <= p50).length).toBeGreaterThanOrEqual(values.length / 2);
        expect(p50 <= p99 && p99 <= max).toBe(true);
        expect(values).toContain(p99);
      }),
    );
  });
});

describe("the bench", () => {
  it("measures what its operations are named: by the calls of AWS that each takes", { timeout: 60_000 }, async () => {
    const { operations, silentPost } = await overheads(50, 10);
    const calls = Object.fromEntries(Object.entries(operations).map(([name, each]) => [name, each.calls]));
    expect(calls).toMatchObject({ "post, warm": 1, "post, cold": 2, AppChallenge: 1, AppInfo: 0, disconnect: 1, "poll of a registration": 1 });
    expect(silentPost.calls).toBe(1);
  });

  const load: Load = {
    connections: 1, rate: 1, seconds: 1, posts: 10, taken: 10, p50: 1, p99: 999, max: 2_000, errs: {}, broken: [], lag: 1, cpuPer10k: 1,
  };
  it.each<[string, Partial<Load>, boolean]>([
    ["in time", {}, true],
    ["late", { p99: 1_000 }, false],
    ["with an err", { taken: 9 }, false],
    ["with a lost post", { broken: ["1 posts without result"] }, false],
    ["sent late by the fleet itself", { lag: 100 }, false],
  ])("says whether a rate is held: %s", (_, changes, held) => {
    expect(isHeld({ ...load, ...changes })).toBe(held);
  });

  it("names a broken promise, and nothing that was not measured", () => {
    const results: Results = { startedAt: "", commit: "", machine: machine(), loadBefore: 0 };
    const push = { name: "push", bareBytes: 1, importMs: 1, bareImportMs: 1 };
    expect(broken(results)).toEqual([]);
    expect(broken({ ...results, bundles: [{ ...push, bytes: 420_000, ratio: 1.2 }] })).toEqual([]);
    expect(broken({ ...results, bundles: [{ ...push, bytes: 420_001, ratio: 1.21 }] })).toHaveLength(2);
  });
});
