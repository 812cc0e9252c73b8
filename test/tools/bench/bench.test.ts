import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { watchCpu } from "../../../tools/bench/load/cpu-watch.ts";
import { packageOf } from "../../../tools/bench/bundles/graph.ts";
import { row } from "../../../tools/bench/history.ts";
import { broken } from "../../../tools/bench/limits.ts";
import { highestHeld, isHeld, loads, type Load } from "../../../tools/bench/load/load.ts";
import { overheads } from "../../../tools/bench/warm/overhead.ts";
import { percentiles } from "../../../tools/shared/percentiles.ts";
import { picture } from "../../../tools/bench/picture.ts";
import type { Results } from "../../../tools/bench/results.ts";
import { readMeasured } from "../../../tools/cost/measured.ts";
import { machine } from "../../../tools/shared/machine.ts";

describe("percentiles", () => {
  it("are measured values in ascending order", () => {
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
  it("measures operations that make the AWS calls expected of them", async () => {
    const { operations, silentPost, barePublish } = await overheads(50, 10);
    const calls = Object.fromEntries(Object.entries(operations).map(([name, each]) => [name, each.calls]));
    expect(calls).toMatchObject({
      "post, warm": 1,
      "post, cold": 2,
      "post for a new token": 5,
      AppChallenge: 1,
      AppInfo: 0,
      disconnect: 1,
      registration: 3,
      "poll of a registration": 1,
      "email of a registration": 11,
      confirmation: 7,
      "delivery event of a push": 1,
    });
    expect(silentPost.calls).toBe(1);
    expect(barePublish.calls).toBe(1);
    // The counts behind docs/operate/scale.md, measured on the local host. If they differ, run npm run cost -- --measure.
    const counted = readMeasured().operations;
    const total = (each: { readonly calls: Readonly<Record<string, number>> }) =>
      Object.values(each.calls).reduce((sum, count) => sum + count, 0);
    expect([counted.warmPost, counted.coldPost, counted.disconnect].map(total)).toEqual(
      ["post, warm", "post, cold", "disconnect"].map((name) => calls[name]),
    );
    // A domain's first new token within an hour starts the hour's count, which takes one more call than later tokens.
    expect(total(counted.firstPost) - 1).toBe(calls["post for a new token"]);
  });

  const load: Load = {
    connections: 1,
    online: 1,
    rate: 1,
    seconds: 1,
    posts: 10,
    taken: 10,
    p50: 1,
    p99: 999,
    max: 2_000,
    errs: {},
    broken: [],
    lag: 1,
    cpuPer10k: 1,
  };
  it.each<[string, Partial<Load>, boolean]>([
    ["in time", {}, true],
    ["late", { p99: 1_000 }, false],
    ["with an err", { taken: 9 }, false],
    ["with a lost post", { broken: ["1 posts without result"] }, false],
    ["sent late by the fleet itself", { lag: 100 }, false],
    ["posted before all were online", { online: 0 }, false],
  ])("says whether a rate was held: %s", (_, changes, held) => {
    expect(isHeld({ ...load, ...changes })).toBe(held);
  });

  const results: Results = {
    startedAt: "2026-11-25T12:00:00.000Z",
    commit: "abcdef0",
    machine: machine(),
    loadBefore: 0,
  };

  it("reports a broken promise, and nothing that was not measured", () => {
    expect(broken(results)).toEqual([]);
    const floor = { bytes: 1, load: { ms: 10, cpuMs: 10 }, inFloor: 1 };
    const of = (bytes: number, inFloor: number, cpuMs: number, warmMs: number) => ({
      lean: { ...floor, bytes, inFloor, cold: { ms: 1, cpuMs }, warmMs },
      sdk: { ...floor, cold: { ms: 1, cpuMs: 100 }, warmMs: 2 },
      floor,
    });
    const cold = (over: number) => ({
      push: of(90_000 + over, 2 + over, 50 + over, 2 + over),
      session: of(80_000 + over, 2 + over, 99, 9),
    });
    expect(broken({ ...results, cold: cold(0) })).toEqual([]);
    expect(broken({ ...results, cold: cold(1) })).toHaveLength(6);

    const steady = (cpuPer1000: number) => {
      const of = (name: string, cpu: number) => ({ name, cpuPer1000: cpu, p50: 1, p99: 1, memoryMiB: 1, failed: 0 });
      return [of("lean", cpuPer1000), of("sdk", 100), of("/another/checkout", 1)];
    };
    expect(broken({ ...results, steady: steady(75) })).toEqual([]);
    expect(broken({ ...results, steady: steady(76) })).toEqual([
      expect.stringMatching(/^CPU of a post at 200\/s, .*: 0\.7600, more than 0\.75$/u),
    ]);
  });

  it.each<[string, Partial<Load>, RegExp]>([
    ["a PBX not online", { online: 499 }, /^PBXes not online when posting began at 200\/s: 1\.000/u],
    ["a refused post", { taken: 9 }, /^posts lost or refused at 200\/s: 1\.000/u],
    ["a lost post", { broken: ["1 posts without result"] }, /^complaints of the fleet/u],
    ["a result after 3 s", { max: 3_001 }, /^latest result/u],
    ["a p99 of more than 1 s", { p99: 1_001 }, /^p99 at 200/u],
    ["a fleet that could not send that fast", { lag: 101 }, /^lateness of the fleet/u],
  ])("promises 500 connections and 200 posts/s, and breaks by %s", (_, changes, says) => {
    const good = { ...load, connections: 500, online: 500, rate: 200 };
    expect(broken({ ...results, load: [good] })).toEqual([]);
    const found = broken({ ...results, load: [{ ...good, ...changes }] });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(says);
    expect(
      broken({
        ...results,
        load: [
          { ...good, ...changes, connections: 40 },
          { ...good, ...changes, rate: 100 },
        ],
      }),
    ).toEqual([]);
  });

  it.each([
    ["up to what the fleet can send", 5_000, [100, 200, 250, 313, 391, 489, 611, 764, 955, 1_000], 1_000],
    ["up to the first rate not held", 300, [100, 200, 250, 313], 250],
    ["down from a rate that was not held", 130, [100, 200, 160, 128], 128],
    ["down to nothing", 1, [100, 200, 80, 64, 51, 41, 33, 26, 21, 17, 13, 11, 9, 7, 5], undefined],
  ])("looks for the highest rate held: %s", async (_, can, rates, highest) => {
    const measure = (options: { rate: number; connections: number; seconds: number }) =>
      Promise.resolve({ ...load, ...options, online: options.connections, p99: options.rate > can ? 1_000 : 1 });
    const measured = await loads([100, 200], { connections: 1, seconds: 1 }, () => undefined, measure);
    expect(measured.map(({ rate }) => rate)).toEqual(rates);
    expect(highestHeld(measured)).toBe(highest);
  });

  it("counts only the CPU used between two times", () => {
    vi.useFakeTimers();
    try {
      let used = 0;
      const cpu = watchCpu(() => ({ user: used, system: used }));
      const work = (micros: number) => {
        used += micros;
        vi.advanceTimersByTime(249); // two samples, never at the same time as what follows
      };
      work(7_000_000);
      const from = Date.now();
      work(1_000_000);
      const to = Date.now();
      work(9_000_000);
      expect(cpu.between(from, to)).toBe(2);
      expect(cpu.between(0, to)).toBe(16);
      cpu.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps a history that notes broken promises and rates not held", () => {
    const at200 = { ...load, connections: 500, online: 500, rate: 200 };
    expect(row({ ...results, load: [at200] }, "note")).toMatch(
      /^\| 2026-11-25 \| abcdef0 \| note \|.*\| 1\.0 \/ 999\.0 \| 200 \|/u,
    );
    const bad = row({ ...results, load: [{ ...at200, p99: 2_000 }] }, "note");
    expect(bad).toContain("| note **1 promises broken** |");
    expect(bad).toContain("2000.0 **not held** | none |");
  });

  it("draws a run of one part, and nothing for a run without parts", () => {
    expect(picture(results)).toBeUndefined();
    const drawn = picture({ ...results, load: [load, { ...load, rate: 2 }] });
    expect(drawn).toMatch(/^<svg[\s\S]*posts\/s[\s\S]*<\/svg>/u);
  });

  it.each([
    ["node_modules/@aws-sdk/nested-clients/node_modules/@smithy/core/dist-es/x.js", "@smithy/core"],
    ["node_modules/valibot/dist/index.mjs", "valibot"],
    ["lambdas/core/pbx/frame.ts", "lambdas/core"],
  ])("attributes %s to its package or layer", (path, name) => {
    expect(packageOf(path)).toBe(name);
  });
});
