import { describe, expect, test } from "vitest";
import { historyFrom, SLOT_MS, SLOTS, statusOf, type Runs } from "../../../lambdas/core/monitoring/status.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { STATUS_LIFE_MS, serviceStatus } from "../../../lambdas/usecases/monitoring/status.ts";
import { testClock } from "../../support/values/time-and-chance.ts";

const alarms = { down: ["canary"], degraded: ["late", "any"] };

function services(inAlarm: () => readonly string[], runs: readonly Runs[] = []) {
  const clock = testClock();
  let looks = 0;
  const health = {
    async inAlarm(names: readonly string[]) {
      looks += 1;
      expect(names).toEqual(["canary", "late", "any"]);
      return Promise.resolve(new Set(inAlarm()));
    },
    history: () => Promise.resolve({ canary: runs, posts: [] }),
  };
  return { clock, tell: serviceStatus({ health, clock, alarms }), looks: () => looks };
}

describe("the status", () => {
  test.each([
    [[], "up"],
    [["late"], "degraded"],
    [["canary"], "down"],
    [["canary", "any"], "down"],
    [["somebody else's"], "up"],
  ] as const)("with %j in alarm is %s", async (inAlarm, state) => {
    expect((await services(() => inAlarm).tell()).state).toBe(state);
  });

  test("is looked at once for all who ask within half a minute", async () => {
    const { tell, clock, looks } = services(() => []);
    await Promise.all([tell(), tell()]);
    clock.advance(STATUS_LIFE_MS - 1);
    await tell();
    expect(looks()).toBe(1);
    clock.advance(1);
    await tell();
    expect(looks()).toBe(2);
  });

  test("that could not be had is not remembered", async () => {
    let broken = true;
    const { tell } = services(() => {
      if (broken) throw new DependencyError("monitoring.DescribeAlarms", "timeout");
      return [];
    });
    await expect(tell()).rejects.toThrow(DependencyError);
    broken = false;
    expect((await tell()).state).toBe("up");
  });

  test("of a later look stays when an older one fails after it", async () => {
    const clock = testClock();
    const looks: { readonly answer: () => void; readonly fail: (error: Error) => void }[] = [];
    const health = {
      inAlarm: () =>
        new Promise<ReadonlySet<string>>((resolve, reject) => {
          looks.push({ answer: () => resolve(new Set(["canary"])), fail: reject });
        }),
      history: () => Promise.resolve({ canary: [], posts: [] }),
    };
    const tell = serviceStatus({ health, clock, alarms });
    const older = tell();
    clock.advance(STATUS_LIFE_MS);
    const later = tell();
    looks[0]?.fail(new DependencyError("monitoring.DescribeAlarms", "timeout"));
    await expect(older).rejects.toThrow(DependencyError);
    looks[1]?.answer();
    expect([(await later).state, (await tell()).state, looks.length]).toEqual(["down", "down", 2]);
  });
});

describe("the last 24 hours", () => {
  const now = testClock().now() + 5 * 60_000;
  const calm = { down: false, degraded: false };

  test("are 48 half hours, the last one under way", () => {
    const { slots } = statusOf(calm, { canary: [], posts: [] }, now);
    expect(slots).toHaveLength(SLOTS);
    expect(slots[0]?.from).toBe(historyFrom(now));
    expect(slots.at(-1)?.from).toBe(Math.floor(now / SLOT_MS) * SLOT_MS);
    expect(slots.every(({ availability }) => availability === undefined)).toBe(true);
  });

  test("count runs, not half hours; what is older does not count", () => {
    const last = Math.floor(now / SLOT_MS) * SLOT_MS;
    const runs = [
      { at: last, arrived: 9, all: 10 },
      { at: last - SLOT_MS, arrived: 30, all: 30 },
      { at: historyFrom(now) - SLOT_MS, arrived: 0, all: 30 },
    ];
    const { slots, availability } = statusOf(calm, { canary: runs, posts: [] }, now);
    expect(slots.at(-1)?.availability).toBe(0.9);
    expect(availability).toBe(39 / 40);
  });

  test.each([
    ["the lower of canary and posts", [{ arrived: 30, all: 40 }], 0.75],
    ["the canary where posts are better", [{ arrived: 400, all: 400 }], 0.9],
    [
      "all platforms together",
      [
        { arrived: 5, all: 10 },
        { arrived: 10, all: 10 },
      ],
      0.75,
    ],
    ["no posts where they are too few to say anything", [{ arrived: 0, all: 19 }], 0.9],
  ])("show %s", (_, found, availability) => {
    const at = Math.floor(now / SLOT_MS) * SLOT_MS;
    const posts = found.map((runs) => ({ ...runs, at }));
    const status = statusOf(calm, { canary: [{ at, arrived: 9, all: 10 }], posts }, now);
    expect(status.slots.at(-1)?.availability).toBe(availability);
    expect(status.availability).toBe(availability);
  });
});
