import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { phoneReaction } from "../../../local/sns/phones/reaction.ts";
import type { Push } from "../../../local/sns/types.ts";
import { androidToken, iosToken } from "./support.ts";

const at = 1_800_000_000_000;
const clear = { id: "1", type: "call", sentAt: String(at - 1000), ttl: "8" };
const push = (platform: Push["platform"], payload: Record<string, unknown>): Push => ({
  app: "app",
  platform,
  token: platform === "GCM" ? androidToken : iosToken,
  payload,
  at,
});
const { type: _type, ...untyped } = clear;
const notification = { ...clear, type: "notification" };

describe("what a phone does with a push", () => {
  it.each<[string, Push, string]>([
    ["a call on an iPhone", push("APNS_VOIP", { aps: {}, ...clear }), "rings"],
    ["a call in the sandbox", push("APNS_VOIP_SANDBOX", { aps: {}, ...clear }), "rings"],
    ["a call on Android", push("GCM", clear), "rings"],
    ["a notification on an iPhone", push("APNS", { aps: { alert: "x" }, ...notification }), "shows"],
    ["a notification on Android", push("GCM", notification), "shows"],
    ["a call for an alert app", push("APNS", clear), "shows"],
    ["no type on a VoIP app", push("APNS_VOIP", untyped), "rings"],
    ["no type on an alert app", push("APNS", untyped), "shows"],
    ["no type on Android", push("GCM", untyped), "rings"],
    ["a notification to a VoIP token", push("APNS_VOIP", notification), "kills the app"],
    ["an unknown type to a VoIP token", push("APNS_VOIP", { ...clear, type: "chat" }), "kills the app"],
    ["an unknown type on Android", push("GCM", { ...clear, type: "chat" }), "drops"],
    ["numbers in the clear part (APNs)", push("APNS_VOIP", { ...clear, sentAt: at - 9000, ttl: 8 }), "drops"],
    ["no clear part at all", push("GCM", {}), "rings"],
  ])("%s", (_name, received, does) => {
    expect(phoneReaction(received, at).does).toBe(does);
  });

  it("drops a duplicate by its id, and says so", () => {
    const received = push("GCM", clear);
    expect(phoneReaction(received, at, new Set(["2"])).does).toBe("rings");
    const { does, why } = phoneReaction(received, at, new Set(["1"]));
    expect({ does, why }).toEqual({ does: "drops", why: "a double: id 1 was here before" });
  });

  it("drops a push exactly when its TTL has passed; a VoIP call is still reported to iOS", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 86_400 }), fc.integer({ min: 0, max: 200_000_000 }), (ttl, age) => {
        const { does } = phoneReaction(push("GCM", { ...clear, ttl: String(ttl) }), at - 1000 + age);
        expect(does).toBe(age > ttl * 1000 ? "drops" : "rings");
      }),
    );
    expect(phoneReaction(push("GCM", clear), at + 7000).does).toBe("rings");
    expect(phoneReaction(push("GCM", clear), at + 7001).does).toBe("drops");
    expect(phoneReaction(push("APNS_VOIP", clear), at + 60_000).why).toContain("reported to iOS and ended at once");
  });

  it("has a reaction to every payload", () => {
    const payloads = fc.dictionary(fc.constantFrom("id", "type", "sentAt", "ttl", "x"), fc.jsonValue());
    fc.assert(
      fc.property(payloads, fc.constantFrom<Push["platform"]>("GCM", "APNS", "APNS_VOIP"), (payload, platform) => {
        expect(["rings", "shows", "drops", "kills the app"]).toContain(phoneReaction(push(platform, payload), at).does);
      }),
    );
  });
});
