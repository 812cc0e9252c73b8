import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Device,
  isNews,
  knewItGood,
  mayEnable,
  needsRefresh,
  nextTries,
  planFor,
} from "../../../lambdas/core/push/device.ts";
import { NOON } from "../../support/values/clock.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const tenant = { since: NOON - 30 * DAY, strikes: 0, countedFrom: 0, struckAt: 0 };
const aDevice = (changes: Partial<Device> = {}): Device => ({
  endpointArn: "arn:aws:sns:eu-central-1:111111111111:endpoint/GCM/phone/1",
  createdAt: NOON - 30 * DAY,
  usedAt: NOON - DAY,
  goodSince: NOON - 30 * DAY,
  goneAt: undefined,
  enabledAt: undefined,
  tries: undefined,
  tenant,
  ...changes,
});

describe("planFor", () => {
  it.each([
    ["a new token", undefined, "create"],
    ["a token in use", {}, "publish"],
    ["a tenant new to a token in use", { tenant: undefined }, "publish"],
    ["a tenant new to a token that is gone: SNS decides", { tenant: undefined, goneAt: NOON - HOUR }, "publish"],
    ["gone before this tenant's first post", { goneAt: tenant.since - 1 }, "publish"],
    ["gone", { goneAt: NOON - 4 * MINUTE }, "answer-gone"],
    ["gone since just now", { goneAt: NOON }, "answer-gone"],
    ["gone at this tenant's first post", { goneAt: tenant.since }, "publish"],
    ["gone for nearly five minutes", { goneAt: NOON - 5 * MINUTE + 1 }, "answer-gone"],
    ["gone for five minutes", { goneAt: NOON - 5 * MINUTE }, "enable"],
    [
      "gone again after five tries",
      { goodSince: undefined, tries: 5, goneAt: NOON - DAY + 1, enabledAt: NOON - DAY - HOUR },
      "answer-gone",
    ],
    [
      "gone again after five tries, for a day",
      { goodSince: undefined, tries: 5, goneAt: NOON - DAY, enabledAt: NOON - DAY - HOUR },
      "enable",
    ],
    ["one refused message fewer than the limit", { tenant: { ...tenant, strikes: 4, struckAt: NOON } }, "publish"],
    [
      "as many refused messages as the limit",
      { tenant: { ...tenant, strikes: 5, struckAt: NOON } },
      "answer-bad-message",
    ],
    [
      "ten minutes after the refused messages",
      { tenant: { ...tenant, strikes: 5, struckAt: NOON - 600_000 } },
      "publish",
    ],
    [
      "just before ten minutes are over",
      { tenant: { ...tenant, strikes: 8, struckAt: NOON - 599_999 } },
      "answer-bad-message",
    ],
  ])("%s", (_name, changes, plan) => expect(planFor(changes && aDevice(changes), NOON)).toBe(plan));

  it("reveals nothing about a token to a tenant new to it", () => {
    const time = fc.option(fc.integer({ min: NOON - 60 * DAY, max: NOON }), { nil: undefined });
    fc.assert(
      fc.property(time, time, (goneAt, enabledAt) => {
        expect(planFor(aDevice({ goneAt, enabledAt, tenant: undefined }), NOON)).toBe("publish");
      }),
    );
  });
});

describe("mayEnable", () => {
  const waits = [5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, DAY, DAY];
  it.each(waits.map((wait, tries) => [wait, tries] as const))(
    "waits %i ms after %i tries, since the mark and since enabling",
    (wait, tries) => {
      for (const member of ["enabledAt", "goneAt"]) {
        const may = (since: number) =>
          mayEnable(aDevice({ goodSince: undefined, tries, [member]: NOON - since }), NOON);
        expect([may(wait - 1), may(wait)]).toEqual([false, true]);
      }
    },
  );

  it("does not wait if nothing is known", () => expect(mayEnable(aDevice(), NOON)).toBe(true));

  it("starts over after a wake-up that was good for a minute before the mark", () => {
    const goneAt = NOON - 5 * MINUTE;
    const may = (before: number) => mayEnable(aDevice({ tries: 4, goneAt, goodSince: goneAt - before }), NOON);
    expect([may(MINUTE - 1), may(MINUTE)]).toEqual([false, true]);
  });
});

it("nextTries: counts marks since the last try, and starts over after a good answer", () => {
  const bad = { goodSince: undefined, enabledAt: NOON - HOUR };
  expect(nextTries(aDevice({ ...bad, tries: 2, goneAt: NOON - MINUTE }), NOON)).toBe(3);
  expect(nextTries(aDevice({ ...bad, tries: 2 }), NOON)).toBe(2);
  expect(nextTries(aDevice({ tries: 2, goneAt: NOON - MINUTE }), NOON)).toBe(1);
  expect(nextTries(aDevice(), NOON)).toBe(0);
});

describe("a breaker that was open", () => {
  const breaker = { openedAt: NOON - 2 * HOUR, openUntil: NOON - HOUR };
  it.each([
    ["long before it opened", NOON - 2 * HOUR - 300_001, "answer-gone", false],
    ["shortly before it opened", NOON - 2 * HOUR - 300_000, "publish", true],
    ["as it closed", NOON - HOUR, "publish", true],
    ["after it closed", NOON - HOUR + 1, "answer-gone", false],
  ])("decides whether a mark made %s counts", (_name, goneAt, plan, enable) => {
    const device = aDevice({ goneAt, goodSince: undefined, tries: 3 });
    expect([planFor(device, NOON, breaker), mayEnable(device, NOON, breaker)]).toEqual([plan, enable]);
    expect(planFor(device, NOON)).toBe("answer-gone");
  });
});

it("isNews: not a state the row has, nor within a minute of enabling", () => {
  const devices = [{}, { goneAt: NOON - DAY }, { enabledAt: NOON - 59_999 }, { enabledAt: NOON - 60_000 }];
  expect(devices.map((changes) => isNews(aDevice(changes), NOON))).toEqual([true, false, false, true]);
});

it("knewItGood: only tenants that used the token before it was gone", () => {
  const since = (from: number) => ({ ...tenant, since: from });
  expect(knewItGood(aDevice(), NOON)).toBe(true);
  expect(knewItGood(aDevice({ tenant: undefined }), NOON)).toBe(false);
  expect(knewItGood(aDevice({ tenant: since(NOON) }), NOON)).toBe(false);
  const goneAt = NOON - HOUR;
  expect(
    [goneAt - 1, goneAt, goneAt + 1].map((at) => knewItGood(aDevice({ goneAt, tenant: since(at) }), NOON)),
  ).toEqual([true, false, false]);
});

it("needsRefresh: for a new tenant, before the first accepted wake-up, and once a week", () => {
  expect(needsRefresh(aDevice({ tenant: undefined }), NOON)).toBe(true);
  expect(needsRefresh(aDevice({ goodSince: undefined }), NOON)).toBe(true);
  expect(needsRefresh(aDevice({ usedAt: NOON - 7 * DAY }), NOON)).toBe(true);
  expect(needsRefresh(aDevice({ usedAt: NOON - 7 * DAY + 1 }), NOON)).toBe(false);
});
