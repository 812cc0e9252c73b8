import { describe, expect, it } from "vitest";
import {
  COMPONENTS,
  historyFrom,
  SLOT_MS,
  SLOTS,
  statusOf,
  type Component,
  type History,
  type ServiceState,
} from "../../../lambdas/core/monitoring/status.ts";
import { NOON } from "../../support/values/clock.ts";

const HALF_HOUR = 1_800_000;
const nothing: History = { canary: [], posts: [], canaryConnects: [], logins: [], requests: [], emails: [] };

describe("the state of the service", () => {
  it.each<readonly [Partial<Record<Component, ServiceState>>, ServiceState]>([
    [{}, "up"],
    [{ email: "degraded" }, "degraded"],
    [{ registration: "down" }, "down"],
    [{ pushes: "degraded", email: "down" }, "down"],
  ])("with %j is %s", (states, expected) => {
    const { state, checkedAt, components } = statusOf((each) => states[each] ?? "up", nothing, NOON);
    expect([state, checkedAt]).toEqual([expected, NOON]);
    expect(COMPONENTS.map((each) => components[each].state)).toEqual(COMPONENTS.map((each) => states[each] ?? "up"));
  });

  it("lists the components that users distinguish, in display order", () =>
    expect(COMPONENTS).toEqual(["pushes", "connections", "registration", "email"]));
});

describe("the last 24 hours", () => {
  const now = NOON + 5 * 60_000;
  /** The current half hour began at noon. */
  const at = NOON;
  const first = NOON - 47 * HALF_HOUR;
  const of = (history: Partial<History>) => statusOf(() => "up", { ...nothing, ...history }, now).components;

  it("are 48 half hours, the last one incomplete", () => {
    expect([SLOTS, SLOT_MS, historyFrom(now), historyFrom(NOON), historyFrom(NOON - 1)]).toEqual([
      48,
      HALF_HOUR,
      first,
      first,
      first - HALF_HOUR,
    ]);
    for (const { slots, availability } of Object.values(of({}))) {
      expect(slots).toHaveLength(48);
      expect(slots[0]?.from).toBe(first);
      expect(slots.at(-1)?.from).toBe(at);
      expect([availability, ...slots.map((slot) => slot.availability)].every((each) => each === undefined)).toBe(true);
    }
  });

  it("count attempts, not half hours, and nothing older", () => {
    const canary = [
      { at, worked: 9, all: 10 },
      { at: at - HALF_HOUR, worked: 30, all: 30 },
      { at: first - HALF_HOUR, worked: 0, all: 30 },
    ];
    const { pushes } = of({ canary });
    expect(pushes.slots.at(-1)?.availability).toBe(0.9);
    expect(pushes.availability).toBe(39 / 40);
    expect(pushes.slots.filter(({ availability }) => availability !== undefined)).toHaveLength(2);
  });

  it.each<[string, History["posts"], number]>([
    ["the lower of canary and posts", [{ at, worked: 30, all: 40 }], 0.75],
    ["the canary if posts are better", [{ at, worked: 400, all: 400 }], 0.9],
    ["no posts if there are too few", [{ at, worked: 0, all: 19 }], 0.9],
  ])("of pushes show %s", (_, posts, availability) => {
    const { pushes } = of({ canary: [{ at, worked: 9, all: 10 }], posts });
    expect(pushes.slots.at(-1)?.availability).toBe(availability);
    expect(pushes.availability).toBe(availability);
  });

  it("of each component come from its own sources", () => {
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

  it("never fall below zero if more failures than attempts were counted", () => {
    expect(of({ requests: [{ at, worked: -3, all: 5 }] }).registration.availability).toBe(0);
  });

  // docs/operate/runbook.md: a half hour with too few of them is not shown.
  it.each<readonly [keyof History, Component, number]>([
    ["canary", "pushes", 1],
    ["posts", "pushes", 20],
    ["canaryConnects", "connections", 1],
    ["logins", "connections", 5],
    ["requests", "registration", 5],
    ["emails", "email", 5],
  ])("of %s appear in %s from %d in a half hour", (source, component, enough) => {
    const shown = (all: number) => of({ [source]: [{ at, worked: 0, all }] })[component].availability;
    expect([shown(enough - 1), shown(enough)]).toEqual([undefined, 0]);
  });

  it("begin and end with their half hours", () => {
    const emails = [first, at, at + HALF_HOUR - 1].map((each) => ({ at: each, worked: 5, all: 5 }));
    const { slots } = of({ emails }).email;
    expect(slots.map(({ availability }) => availability)).toEqual([
      1,
      ...Array.from({ length: 46 }, () => undefined),
      1,
    ]);
    expect(slots.map(({ from }) => from)).toEqual(Array.from({ length: 48 }, (_, nth) => first + nth * HALF_HOUR));
    const early = of({ emails: [{ at: first - 1, worked: 5, all: 5 }] }).email;
    expect(early.availability).toBeUndefined();
  });
});
