import { describe, expect, test } from "vitest";
import {
  COMPONENTS,
  historyFrom,
  SLOT_MS,
  SLOTS,
  statusOf,
  type ComponentAlarms,
  type History,
} from "../../../lambdas/core/monitoring/status.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { HISTORY_LIFE_MS, STATUS_LIFE_MS, serviceStatus } from "../../../lambdas/usecases/monitoring/status.ts";
import { testClock } from "../../support/values/time-and-chance.ts";

const alarms: ComponentAlarms = {
  pushes: { down: ["canary"], degraded: ["late", "crash"] },
  connections: { down: ["canary-connects"], degraded: ["logins", "crash"] },
  registration: { down: [], degraded: ["pages"] },
  email: { down: [], degraded: ["emails-late"] },
};
const ALL = ["canary", "late", "crash", "canary-connects", "logins", "pages", "emails-late"];
const nothing: History = { canary: [], posts: [], canaryConnects: [], logins: [], requests: [], emails: [] };

function services(inAlarm: () => readonly string[], history: Partial<History> = {}) {
  const clock = testClock();
  const looks = { alarms: 0, history: 0 };
  const health = {
    async inAlarm(names: readonly string[]) {
      looks.alarms += 1;
      expect(names).toEqual(ALL);
      return Promise.resolve(new Set(inAlarm()));
    },
    history: () => {
      looks.history += 1;
      return Promise.resolve({ ...nothing, ...history });
    },
  };
  return { clock, tell: serviceStatus({ health, clock, alarms }), looks };
}

describe("the status", () => {
  test.each([
    [[], "up", {}],
    [["late"], "degraded", { pushes: "degraded" }],
    [["canary"], "down", { pushes: "down" }],
    [["canary", "late"], "down", { pushes: "down" }],
    [["pages"], "degraded", { registration: "degraded" }],
    [["emails-late", "pages"], "degraded", { registration: "degraded", email: "degraded" }],
    [["crash"], "degraded", { pushes: "degraded", connections: "degraded" }],
    [["canary-connects", "emails-late"], "down", { connections: "down", email: "degraded" }],
    [["somebody else's"], "up", {}],
  ] as const)("with %j in alarm is %s, and %j of its components", async (inAlarm, state, affected) => {
    const status = await services(() => inAlarm).tell();
    expect(status.state).toBe(state);
    const up = { pushes: "up", connections: "up", registration: "up", email: "up" };
    const states = Object.fromEntries(COMPONENTS.map((name) => [name, status.components[name].state]));
    expect(states).toEqual({ ...up, ...affected });
  });

  test("is looked at once for all who ask within half a minute, the last 24 hours within five", async () => {
    const { tell, clock, looks } = services(() => []);
    await Promise.all([tell(), tell()]);
    clock.advance(STATUS_LIFE_MS - 1);
    await tell();
    expect(looks).toEqual({ alarms: 1, history: 1 });
    clock.advance(1);
    await tell();
    expect(looks).toEqual({ alarms: 2, history: 1 });
    clock.advance(HISTORY_LIFE_MS - STATUS_LIFE_MS);
    await tell();
    expect(looks).toEqual({ alarms: 3, history: 2 });
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
      history: () => Promise.resolve(nothing),
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
  const at = Math.floor(now / SLOT_MS) * SLOT_MS;
  const of = (history: Partial<History>) => statusOf(() => "up", { ...nothing, ...history }, now).components;

  test("are 48 half hours, the last one under way", () => {
    for (const { slots, availability } of Object.values(of({}))) {
      expect(slots).toHaveLength(SLOTS);
      expect(slots[0]?.from).toBe(historyFrom(now));
      expect(slots.at(-1)?.from).toBe(at);
      expect([availability, ...slots.map((slot) => slot.availability)].every((each) => each === undefined)).toBe(true);
    }
  });

  test("count tries, not half hours; what is older does not count", () => {
    const canary = [
      { at, worked: 9, all: 10 },
      { at: at - SLOT_MS, worked: 30, all: 30 },
      { at: historyFrom(now) - SLOT_MS, worked: 0, all: 30 },
    ];
    const { pushes } = of({ canary });
    expect(pushes.slots.at(-1)?.availability).toBe(0.9);
    expect(pushes.availability).toBe(39 / 40);
    expect(pushes.slots.filter(({ availability }) => availability !== undefined)).toHaveLength(2);
  });

  test.each<[string, History["posts"], number]>([
    ["the lower of canary and posts", [{ at, worked: 30, all: 40 }], 0.75],
    ["the canary where posts are better", [{ at, worked: 400, all: 400 }], 0.9],
    ["no posts where they are too few to say anything", [{ at, worked: 0, all: 19 }], 0.9],
  ])("of pushes show %s", (_, posts, availability) => {
    const { pushes } = of({ canary: [{ at, worked: 9, all: 10 }], posts });
    expect(pushes.slots.at(-1)?.availability).toBe(availability);
    expect(pushes.availability).toBe(availability);
  });

  test("of each component are made of its own sources", () => {
    const tries = (worked: number) => [{ at, worked, all: 10 }];
    const { pushes, connections, registration, email } = of({
      canary: tries(9),
      canaryConnects: tries(8),
      logins: tries(7),
      requests: tries(0),
      emails: tries(5),
    });
    expect([pushes, connections, registration, email].map(({ availability }) => availability)).toEqual([
      0.9, 0.7, 0, 0.5,
    ]);
  });

  test("fall to no less than nothing where more failures were counted than tries", () => {
    expect(of({ requests: [{ at, worked: -3, all: 5 }] }).registration.availability).toBe(0);
  });
});
