import { expect, it } from "vitest";
import { type Device, whyUntestable, type Untestable } from "../../../lambdas/core/push/device.ts";
import { NOON } from "../../support/values/clock.ts";

const MINUTE = 60_000;
const tenant = { since: NOON - 10 * MINUTE, strikes: 0, countedFrom: 0, struckAt: 0 };
const device: Device = {
  endpointArn: "arn",
  createdAt: 0,
  usedAt: NOON,
  goodSince: 1,
  goneAt: undefined,
  enabledAt: undefined,
  tries: undefined,
  tenant,
};

it.each<readonly [string, Device | undefined, boolean, Untestable | undefined]>([
  ["there is no row", undefined, false, "forgotten"],
  ["the domain has not used it", { ...device, tenant: undefined }, false, "forgotten"],
  ["the domain has not used it, but another has", { ...device, tenant: undefined }, true, "forgotten"],
  ["another domain has used it too", device, true, "shared"],
  ["another domain has used it, and it is gone", { ...device, goneAt: NOON }, true, "shared"],
  ["it is gone", { ...device, goneAt: NOON - MINUTE }, false, "gone"],
  ["it has been gone for so long that a post would enable it", { ...device, goneAt: NOON - 9 * MINUTE }, false, "gone"],
  ["it was gone before the domain used it", { ...device, goneAt: tenant.since - 1 }, false, undefined],
  ["the domain alone uses it", device, false, undefined],
])("when %s", (_, seen, isShared, why) => expect(whyUntestable(seen, isShared, NOON)).toBe(why));

it("ignores a mark that an open breaker discarded", () => {
  const goneAt = NOON - MINUTE;
  const breaker = { openedAt: goneAt - 1, openUntil: NOON + MINUTE };
  expect(whyUntestable({ ...device, goneAt }, false, NOON, breaker)).toBeUndefined();
});
