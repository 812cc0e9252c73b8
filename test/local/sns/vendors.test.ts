import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VendorRequest } from "../../../local/sns/types.ts";
import { refusalOf } from "../../../local/sns/delivery/vendors.ts";
import { androidToken, bundle, iosToken } from "./support.ts";

const ios: VendorRequest = {
  platform: "APNS",
  token: iosToken,
  topic: bundle,
  pushType: "alert",
  priority: "10",
  ttl: 60,
  body: JSON.stringify({ aps: { alert: "Hello" } }),
};
const voip: VendorRequest = {
  ...ios,
  platform: "APNS_VOIP",
  topic: `${bundle}.voip`,
  pushType: "voip",
  body: '{"aps":{}}',
};
const android: VendorRequest = { platform: "GCM", token: androidToken, ttl: 60, body: '{"data":{"a":"1"}}' };
const sized = (bytes: number) => JSON.stringify({ aps: {}, p: "x".repeat(bytes - '{"aps":{},"p":""}'.length) });
const message = (value: unknown): VendorRequest => ({ ...android, body: JSON.stringify(value) });
const { topic: _, ...topicless } = ios;

describe("Apple", () => {
  it.each<[string, VendorRequest, string | undefined]>([
    ["an alert", ios, undefined],
    ["a background push of priority 5", { ...ios, pushType: "background", priority: "5" }, undefined],
    ["a call", voip, undefined],
    ["a VoIP payload of 5,120 bytes", { ...voip, body: sized(5120) }, undefined],
    ["a VoIP payload of 5,121 bytes", { ...voip, body: sized(5121) }, "PayloadTooLarge"],
    ["an alert payload of 4,096 bytes", { ...ios, body: sized(4096) }, undefined],
    ["an alert payload of 4,097 bytes", { ...ios, body: sized(4097) }, "PayloadTooLarge"],
    ["a short token", { ...ios, token: "ab" }, "BadDeviceToken"],
    ["no topic", topicless, "MissingTopic"],
    ["another app's topic", { ...ios, topic: "com.example.other" }, "DeviceTokenNotForTopic"],
    ["a VoIP topic for an alert", { ...ios, topic: `${bundle}.voip` }, "DeviceTokenNotForTopic"],
    ["a call without .voip", { ...voip, topic: bundle }, "DeviceTokenNotForTopic"],
    ["an alert to a VoIP topic", { ...voip, pushType: "alert" }, "InvalidPushType"],
    ["push type voip to an alert topic", { ...ios, pushType: "voip" }, "InvalidPushType"],
    ["an unknown push type", { ...ios, pushType: "ring" }, "InvalidPushType"],
    ["priority high", { ...ios, priority: "high" }, "BadPriority"],
    ["a background push of priority 10", { ...ios, pushType: "background" }, "BadPriority"],
    ["a collapse id of 65 bytes", { ...ios, collapseId: "ü".repeat(32) + "x" }, "BadCollapseId"],
    ["an alert without aps", { ...ios, body: "{}" }, "PayloadEmpty"],
  ])("%s", (_name, request, refusal) => {
    expect(refusalOf(request, bundle)).toBe(refusal);
  });

  it("accepts a VoIP app's bundle id with or without .voip", () => {
    for (const held of [bundle, `${bundle}.voip`]) {
      expect(refusalOf(voip, held)).toBeUndefined();
      expect(refusalOf({ ...voip, topic: "com.example.other.voip" }, held)).toBe("DeviceTokenNotForTopic");
    }
    expect(refusalOf(ios, `${bundle}.voip`)).toBe("DeviceTokenNotForTopic");
  });

  it("checks the topic's format if the bundle is unknown", () => {
    expect(refusalOf({ ...voip, topic: "com.example.other.voip" }, undefined)).toBeUndefined();
    expect(refusalOf({ ...voip, topic: "com.example.other" }, undefined)).toBe("DeviceTokenNotForTopic");
  });
});

describe("Google", () => {
  it.each<[string, unknown, RegExp | undefined]>([
    ["strings", { data: { a: "1" }, android: { priority: "high", ttl: "8s" } }, undefined],
    ["a number", { data: { a: 1 } }, /strings/u],
    ["an array", { data: [] }, /strings/u],
    ["key from", { data: { from: "x" } }, /reserved key from/u],
    ["key gcm", { data: { gcm: "x" } }, /reserved/u],
    ["key google.c.a", { data: { "google.c.a": "x" } }, /reserved/u],
    ["key fromage, which is not reserved", { data: { fromage: "x" } }, undefined],
    ["4,096 bytes", { data: { p: "x".repeat(4095) } }, undefined],
    ["4,097 bytes", { data: { p: "x".repeat(4096) } }, /too big/u],
    ["an unknown priority", { data: {}, android: { priority: "10" } }, /priority/u],
    ["a TTL without its unit", { data: {}, android: { ttl: "8" } }, /ttl/u],
    ["android as text", { data: {}, android: "high" }, /android/u],
  ])("data with %s", (_name, value, refusal) => {
    const answer = refusalOf(message(value), undefined);
    if (refusal === undefined) expect(answer).toBeUndefined();
    else expect(answer).toMatch(refusal);
  });
});

it("accepts or refuses every body without throwing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(ios, voip, android), (body, request) => {
      expect(["string", "undefined"]).toContain(typeof refusalOf({ ...request, body }, bundle));
    }),
  );
});
