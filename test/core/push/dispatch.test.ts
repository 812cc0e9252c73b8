import { describe, expect, it } from "vitest";
import type { Device } from "../../../lambdas/core/push/device.ts";
import { type DispatchEvent, type EndpointFacts, nextStep } from "../../../lambdas/core/push/dispatch.ts";
import { NOON } from "../../support/values/clock.ts";
import { anApp } from "../../support/values/values.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const tenant = { since: NOON - 30 * DAY, strikes: 0, countedFrom: 0, struckAt: 0 };
const good: Device = {
  endpointArn: "arn:row",
  createdAt: NOON - 30 * DAY,
  usedAt: NOON - DAY,
  goodSince: NOON - 30 * DAY,
  goneAt: undefined,
  enabledAt: undefined,
  tries: undefined,
  tenant,
};
const gone: Device = { ...good, goneAt: NOON - MINUTE };
const open = { openedAt: NOON - MINUTE, openUntil: NOON + MINUTE };
const facts = (changes: Partial<EndpointFacts> = {}): EndpointFacts => ({
  app: anApp("APNS_VOIP"),
  postAt: NOON,
  device: good,
  breaker: undefined,
  endpoint: "arn:used",
  registered: false,
  reread: false,
  ...changes,
});
const sent = (outcome: "disabled" | "not-found" | "application-down" | "bad-token" | "too-big"): DispatchEvent => ({
  event: "sent",
  said: { outcome },
});

const answer = (err: string, info: string) => ({ step: "answer", error: { err, info } });
const GONE = answer("Uninstalled", "the vendor no longer knows this token");
const UNKNOWN = answer("ApnInvalidToken", "the vendor does not know this token");
const REFUSED = answer("ApnInvalidToken", "SNS refused the token");
const NOT_FOUND = answer("ApnInvalidToken", "SNS does not find the token's endpoint");
const MASS = answer("ApnServiceDown", "many tokens of this app were disabled at once, its credential is being checked");
const reserve = (seen: object, tries: number, endpointArn = "arn:row") => ({
  step: "reserve",
  seen: { enabledAt: undefined, goneAt: undefined, ...seen },
  marks: { endpointArn, enabledAt: NOON, goneAt: null, goodSince: null, tries },
});
const first = { endpointArn: "arn:new", goneAt: null, goodSince: NOON };

describe("nextStep", () => {
  it.each<[string, Partial<EndpointFacts>, DispatchEvent, object]>([
    ["a new token", { device: undefined, endpoint: undefined }, { event: "begun" }, { step: "register", first: true }],
    ["a token in use", { endpoint: "arn:row" }, { event: "begun" }, { step: "send", endpoint: "arn:row" }],
    [
      "a tenant new to it",
      { device: { ...good, tenant: undefined } },
      { event: "begun" },
      { step: "send", endpoint: "arn:used", marks: {} },
    ],
    [
      "no wake-up accepted yet",
      { device: { ...good, goodSince: undefined } },
      { event: "begun" },
      { step: "send", endpoint: "arn:used", marks: { goodSince: NOON } },
    ],
    ["gone a minute ago", { device: gone }, { event: "begun" }, GONE],
    [
      "gone five minutes ago",
      { device: { ...gone, goneAt: NOON - 5 * MINUTE } },
      { event: "begun" },
      { step: "re-read" },
    ],
    [
      "messages refused",
      { device: { ...good, tenant: { ...tenant, strikes: 5, struckAt: NOON } } },
      { event: "begun" },
      answer("ApnProcessingErr", "the vendor refused the last messages"),
    ],

    [
      "an endpoint created",
      { device: undefined, registered: true },
      { event: "registered", endpoint: "arn:new" },
      { step: "send", endpoint: "arn:new", marks: first },
    ],
    ["a token refused", { device: undefined, registered: true }, { event: "registered", endpoint: undefined }, REFUSED],

    [
      "accepted",
      {},
      { event: "sent", said: { outcome: "accepted", messageId: "m" } },
      { step: "answer", error: undefined },
    ],
    ["off", {}, sent("disabled"), { step: "re-read" }],
    ["off after the row was read", { reread: true }, sent("disabled"), GONE],
    [
      "off, for a tenant that must not learn it",
      { reread: true, device: { ...good, tenant: undefined } },
      sent("disabled"),
      UNKNOWN,
    ],
    ["off, for a token without a row", { reread: true, device: undefined }, sent("disabled"), UNKNOWN],
    ["lost", {}, sent("not-found"), { step: "register", first: false }],
    ["lost again", { registered: true }, sent("not-found"), NOT_FOUND],
    ["the token refused at Publish", {}, sent("bad-token"), REFUSED],
    [
      "the app off",
      {},
      sent("application-down"),
      answer("ApnServiceDown", "the app is switched off at SNS: its credential may have expired"),
    ],
    ["too large", {}, sent("too-big"), answer("ApnPayloadSize", "too large for SNS")],
    [
      "refused for another reason",
      {},
      { event: "sent", said: { outcome: "rejected", code: "Code" } },
      answer("ApnError", "SNS: Code"),
    ],

    ["never marked, never enabled", { reread: true }, { event: "read", found: true }, reserve({}, 0)],
    ["marked just now", { reread: true, device: gone }, { event: "read", found: true }, GONE],
    [
      "marked five minutes ago",
      { reread: true, device: { ...gone, goodSince: undefined, goneAt: NOON - 5 * MINUTE } },
      { event: "read", found: true },
      reserve({ goneAt: NOON - 5 * MINUTE }, 1),
    ],
    [
      "enabled two minutes ago, not marked",
      { reread: true, device: { ...good, goodSince: undefined, enabledAt: NOON - 2 * MINUTE } },
      { event: "read", found: true },
      { ...GONE, marks: { goneAt: NOON } },
    ],
    [
      "enabled a moment ago",
      { reread: true, device: { ...good, goodSince: undefined, enabledAt: NOON - 1_000 } },
      { event: "read", found: true },
      GONE,
    ],
    [
      "the row has no endpoint",
      { reread: true, device: undefined },
      { event: "read", found: true },
      reserve({}, 0, "arn:used"),
    ],
    ["the breaker open", { reread: true, breaker: open }, { event: "read", found: true }, MASS],
    ["the row not read", { reread: true }, { event: "read", found: false }, GONE],

    ["the try is ours", { reread: true }, { event: "reserved", won: true }, { step: "enable", endpoint: "arn:row" }],
    ["another post was faster", { reread: true }, { event: "reserved", won: false }, GONE],
    ["enabled", { reread: true }, { event: "enabled", said: "on" }, { step: "send", endpoint: "arn:row" }],
    ["lost meanwhile", { reread: true }, { event: "enabled", said: "not-found" }, { step: "register", first: false }],
    [
      "lost meanwhile, registered by this post",
      { reread: true, registered: true },
      { event: "enabled", said: "not-found" },
      NOT_FOUND,
    ],
    ["the token refused when it is enabled", { reread: true }, { event: "enabled", said: "bad-token" }, REFUSED],
  ])("%s", (_name, known, event, step) => expect(nextStep(facts(known), event, NOON)).toEqual(step));
});
