import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createThrottles } from "../../../local/apigateway/throttle.ts";
import { startSchedule } from "../../../local/events/schedule.ts";

/** A Sunday. */
const BEGIN = Date.UTC(2026, 10, 22, 10, 58, 30);
const MINUTE = 60_000;
beforeEach(() => void vi.useFakeTimers({ now: BEGIN }));
afterEach(() => void vi.useRealTimers());

/** Whole minutes after BEGIN at which the schedule ran. */
function runs(expression: string, minutes: number): number[] {
  const at: number[] = [];
  const stop = startSchedule(expression, () => at.push(Math.round((Date.now() - BEGIN) / MINUTE)));
  vi.advanceTimersByTime(minutes * MINUTE);
  stop();
  vi.advanceTimersByTime(minutes * MINUTE);
  return at;
}

describe("schedules", () => {
  it.each([
    ["rate(1 minute)", 3, [1, 2, 3]],
    ["rate(2 hours)", 300, [120, 240]],
    ["rate(1 day)", 1_500, [1_440]],
    ["cron(0 11 * * ? *)", 100, [2]],
    ["cron(0/15 * * * ? *)", 40, [2, 17, 32]],
  ])("%s", (expression, minutes, expected) => {
    expect(runs(expression, minutes)).toEqual(expected);
  });

  it.each([
    ["cron(0 11 ? * 1 *)", ["SUN"]],
    ["cron(0 11 ? * MON-TUE *)", ["MON", "TUE"]],
    ["cron(0 11 ? * 2-3 *)", ["MON", "TUE"]],
  ])("%s runs on %j", (expression, expected) => {
    const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"].filter((_, day) => {
      vi.setSystemTime(BEGIN + day * 1_440 * MINUTE);
      return runs(expression, 5).length > 0;
    });
    expect(days).toEqual(expected);
  });

  it("are refused if malformed", () => {
    expect(() => startSchedule("every day", () => undefined)).toThrow("every day");
  });
});

describe("throttles", () => {
  it("allow a burst, then the rate, for each route; without settings, everything", () => {
    let now = 0;
    const stage = {
      name: "ws",
      throttle: { rate: 2, burst: 3 },
      routeThrottles: new Map([["quick", { rate: 100, burst: 100 }]]),
    };
    const take = createThrottles(stage, () => now);
    const taken = (route: string, times: number) =>
      Array.from({ length: times }, () => take(route)).filter(Boolean).length;
    expect(taken("a", 10)).toBe(3);
    expect(taken("quick", 50)).toBe(50);
    now = 1_000;
    expect(taken("a", 10)).toBe(2);
    now = 60_000;
    expect(taken("a", 10)).toBe(3);
    expect(createThrottles(undefined)("any")).toBe(true);
  });
});
