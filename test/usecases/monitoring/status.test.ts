import { describe, expect, test } from "vitest";
import { COMPONENTS, type ComponentAlarms, type History } from "../../../lambdas/core/monitoring/status.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { serviceStatus } from "../../../lambdas/usecases/monitoring/status.ts";
import { testClock } from "../../support/values/time-and-chance.ts";

/** docs/operate/runbook.md, "Status page": alarms for 30 s, the bars for 5 min. */
const [STATUS_LIFE_MS, HISTORY_LIFE_MS] = [30_000, 300_000];

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

  test("is read once for all requests within half a minute, the last 24 hours within five", async () => {
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

  test("that could not be read is not remembered", async () => {
    let broken = true;
    const { tell } = services(() => {
      if (broken) throw new DependencyError("monitoring.DescribeAlarms", "timeout");
      return [];
    });
    await expect(tell()).rejects.toThrow(DependencyError);
    broken = false;
    expect((await tell()).state).toBe("up");
  });

  test("of a later read stays if an earlier one fails after it", async () => {
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
