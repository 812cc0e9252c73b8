import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMeasured } from "../../../tools/cost/measured.ts";
import { recoverySvg } from "../../../tools/scale/plots.ts";
import { peak, secondsUntil, simulate, sum, type Storm } from "../../../tools/scale/storm.ts";
import { fill, scale } from "../../../tools/scale/tables.ts";
import { readStage } from "../../../lib/config.ts";
import { stages } from "../../../stages.ts";

const storm = (changes: Partial<Storm> = {}): Storm => ({
  pbxes: 2_000,
  outageSeconds: 120,
  cutSeconds: 5,
  handshakeSeconds: [0.05, 0.3],
  connectsPerSecond: 100,
  loginsPerSecond: 100,
  lifetime: () => 7_200,
  watchSeconds: 900,
  seed: 1,
  ...changes,
});

describe("a reconnect storm", () => {
  it("reconnects every PBX no faster than the quota, and gives the same result each time", () => {
    const some = fc.record({
      pbxes: fc.integer({ min: 1, max: 400 }),
      connectsPerSecond: fc.integer({ min: 5, max: 50 }),
      loginsPerSecond: fc.integer({ min: 5, max: 50 }),
      outageSeconds: fc.integer({ min: 5, max: 300 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(some, (changes) => {
        const of = storm({ ...changes, watchSeconds: 3_600 });
        const { attempts, refusedConnects, failedLogins, logins, online } = simulate(of);
        expect(online.at(-1)).toBe(of.pbxes);
        expect(sum(logins)).toBe(of.pbxes);
        attempts.forEach((count, second) =>
          expect(count).toBe((refusedConnects[second] ?? 0) + (failedLogins[second] ?? 0) + (logins[second] ?? 0)),
        );
        const rate = Math.min(of.connectsPerSecond, of.loginsPerSecond);
        expect(peak(logins)).toBeLessThanOrEqual(2 * rate + 1); // a full bucket and its refill
        expect(secondsUntil(online, of.pbxes) ?? 0).toBeGreaterThanOrEqual(Math.floor(of.pbxes / rate) - 1);
        expect(simulate(of).online).toEqual(online);
      }),
      { numRuns: 20 },
    );
  });

  it("waits 0.5 or 1 s, then longer, up to 32 s", () => {
    const { logins } = simulate(
      storm({ pbxes: 2, outageSeconds: 10, cutSeconds: 0, handshakeSeconds: [0, 0], watchSeconds: 40 }),
    );
    // Attempts at 0.5 | 1, then 2, 4, 8 s later: 0.5 2.5 6.5 14.5 | 1 3 7 15 s after the cut, so 4.5 and 5 s after the outage.
    expect([...logins].flatMap((count, second) => Array.from({ length: count }, () => second))).toEqual([4, 5]);
  });

  it("takes several times the minimum, because clients without jitter reconnect in waves", () => {
    const of = storm({ pbxes: 20_000, watchSeconds: 2_400 });
    const waves = secondsUntil(simulate({ ...of, outageSeconds: 600 }).online, of.pbxes) ?? NaN;
    const spread =
      secondsUntil(simulate({ ...of, outageSeconds: 600, handshakeSeconds: [0.05, 20] }).online, of.pbxes) ?? NaN;
    expect(waves).toBeGreaterThan(2 * (of.pbxes / of.connectsPerSecond));
    expect(spread).toBeLessThan(waves / 2);
  });

  it("repeats when its connections reach their maximum age, unless they are closed at random times", () => {
    const watched = { watchSeconds: 3 * 7_200 };
    const cut = simulate(storm(watched));
    const early = simulate(storm({ ...watched, lifetime: (random) => 3_600 + random.next() * 3_600 }));
    expect(peak(cut.attempts.subarray(7_000))).toBeGreaterThan(10 * peak(early.attempts.subarray(7_000)));
    expect(sum(early.logins)).toBeGreaterThan(1.2 * sum(cut.logins));
  });
});

describe("docs/operate/scale.md", () => {
  it("contains the tables that npm run scale writes, and agrees with them in its text", () => {
    const document = readFileSync("docs/operate/scale.md", "utf8");
    const { tables, recoveries, echoes } = scale(readMeasured(), readStage("minimal", stages));
    expect(fill(document, tables)).toBe(document);

    const [configured, raised, hung] = recoveries;
    const minutes = (all: number | undefined) => Math.round((all ?? NaN) / 60);
    expect([minutes(configured?.all), minutes(raised?.all)]).toEqual([21, 5]);
    expect(hung?.all).toBeLessThan(1.2 * (hung?.floorSeconds ?? 0));
    const [cut, ...early] = echoes;
    expect(cut?.refused).toBe(0); // nothing to save, which is the conclusion
    for (const { loginsPerPbx, offlineSecondsPerPbx } of early) {
      expect(loginsPerPbx).toBeGreaterThan(1.15 * (cut?.loginsPerPbx ?? 0));
      expect(offlineSecondsPerPbx).toBeGreaterThan(1.15 * (cut?.offlineSecondsPerPbx ?? 0));
    }
    expect(recoverySvg(recoveries)).toMatch(/^<svg[\s\S]*as configured[\s\S]*<\/svg>\s*$/u);
  });

  it("shows existing plots", () => {
    const document = readFileSync("docs/operate/scale.md", "utf8");
    const plots = [...document.matchAll(/\]\(((?:\.\.\/)?img\/[a-z-]+\.svg)\)/gu)].map(([, path]) => path ?? "");
    expect(plots).toHaveLength(2);
    for (const path of plots) expect(readFileSync(`docs/operate/${path}`, "utf8")).toMatch(/^<svg/u);
  });

  it("has a place for every table", () => {
    expect(() => fill("no place", { limits: "x" })).toThrow("no place for the table limits");
  });
});
