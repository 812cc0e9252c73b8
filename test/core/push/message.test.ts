import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type App, isVoip, type Platform } from "../../../lambdas/core/push/apps.ts";
import { composeMessage, ttlOf, type Wake, wakeId } from "../../../lambdas/core/push/message.ts";
import { NOON } from "../../support/values/clock.ts";
import { phoneGets } from "../../support/values/phone.ts";
import { anApp, MAX_PAYLOAD, PLATFORMS } from "../../support/values/values.ts";

const kindFor = (platform: Platform) => (platform === "APNS" || platform === "APNS_SANDBOX" ? "notification" : "call");
const aWake = (app: App, changes: Partial<Wake> = {}): Wake => ({
  id: "0123456789abcdefghijkl",
  kind: kindFor(app.platform),
  payload: undefined,
  arrivedAt: NOON,
  ...changes,
});

/** Composes a message; returns what the phone gets. */
function compose(app: App, wake: Wake, now = NOON) {
  const composed = composeMessage(app, wake, now);
  return composed.ok ? { message: composed.value, phone: phoneGets(composed.value) } : { err: composed.error.err };
}

describe("ttlOf", () => {
  const app = anApp("GCM");
  const call = aWake(app);
  it.each([
    [0, 8],
    [1, 8],
    [1_000, 8],
    [1_001, 7],
    [2_000, 7],
    [2_999, 6],
    [3_000, 6],
    [7_000, 2],
    [7_001, 2],
    [60_000, 2],
    [-5_000, 8],
  ])("%i ms after the frame a call's TTL is %i s", (late, ttl) => expect(ttlOf(app, call, NOON + late)).toBe(ttl));

  it("of a call is always 2 to 8 whole seconds, and never outlasts the PBX's own time limit", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: 2, max: 8 }), (late, callTtl) => {
        const ttl = ttlOf({ ...app, callTtl }, call, NOON + late);
        expect(Number.isInteger(ttl) && ttl >= 2 && ttl <= callTtl).toBe(true);
        if (late >= 0 && late <= 7_000) expect(late + ttl * 1_000).toBeLessThanOrEqual(9_000);
      }),
    );
  });

  it("of a notification is the app's, however late the post is", () => {
    expect(ttlOf(app, { ...call, kind: "notification" }, NOON + 60_000)).toBe(app.notificationTtl);
  });
});

it("a wake-up's id is the UUID in 22 characters", () => {
  expect(wakeId("00112233-4455-4677-8899-aabbccddeeff")).toBe("ABEiM0RVRneImaq7zN3u_w");
});

describe("composeMessage", () => {
  it.each(PLATFORMS)("sends a %s app the content in docs/app-contract.md", (platform) => {
    const app = anApp(platform);
    const payload = String.raw`{"2":"\/","1":1.0,"enc":"\u00fc"}`;
    const { phone, message } = compose(app, aWake(app, { payload }), NOON + 1_500);
    const ttl = platform.startsWith("APNS_VOIP") || platform === "GCM" ? 7 : app.notificationTtl;
    const clear = { id: "0123456789abcdefghijkl", type: kindFor(platform), sentAt: NOON + 1_500, ttl, payload };
    if (platform === "GCM") {
      const data = { ...clear, sentAt: String(clear.sentAt), ttl: String(ttl) };
      expect(message).toEqual({
        platform,
        message: { data, android: { priority: "high", ttl: `${String(ttl)}s` } },
        ttl,
      });
      return;
    }
    const voip = isVoip(platform);
    const alert = { alert: { "loc-key": "PUSH_NOTIFICATION" }, "mutable-content": 1, sound: "default" };
    expect(phone).toEqual({ aps: voip ? {} : alert, ...clear });
    expect(message).toEqual({
      platform,
      payload: JSON.stringify(phone),
      pushType: voip ? "voip" : "alert",
      priority: 10,
      topic: voip ? "com.example.phone.voip" : "com.example.phone",
      collapseId: clear.id,
      ttl,
    });
  });

  it("has no payload member if nothing was passed on", () => {
    for (const platform of PLATFORMS)
      expect(compose(anApp(platform), aWake(anApp(platform))).phone).not.toHaveProperty("payload");
  });

  it("shows the alert that the app is configured with", () => {
    const app = anApp("APNS", { alert: { titleLocKey: "TITLE", locKey: "BODY" } });
    expect(compose(app, aWake(app)).phone).toMatchObject({
      aps: { alert: { "title-loc-key": "TITLE", "loc-key": "BODY" } },
    });
  });

  it("carries any payload with its exact text", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PLATFORMS),
        fc.string({ unit: "binary", maxLength: 200 }).map((text) => text.toWellFormed()),
        (platform, payload) => {
          const app = anApp(platform);
          expect(compose(app, aWake(app, { payload })).phone?.["payload"]).toBe(payload);
        },
      ),
    );
  });

  it.each(PLATFORMS)("accepts a %s message of exactly the vendor's limit, and not one byte more", (platform) => {
    const app = anApp(platform);
    // Measured as the vendor does: APNs the JSON text, FCM the data's keys and values, in UTF-8 bytes.
    const sizeOf = (payload: string) => {
      const { message } = compose({ ...app, maxPayload: 1_000_000 }, aWake(app, { payload }));
      return Buffer.byteLength(
        message?.platform === "GCM" ? Object.entries(message.message.data).flat().join("") : (message?.payload ?? ""),
      );
    };
    const limit = MAX_PAYLOAD[platform];
    for (const head of ["", "é€\u{1f4de}"]) {
      const largest = head + "x".repeat(limit - sizeOf(head));
      expect(sizeOf(largest)).toBe(limit);
      expect(compose(app, aWake(app, { payload: largest })).phone).toBeDefined();
      expect(composeMessage(app, aWake(app, { payload: `${largest}x` }), NOON)).toEqual({
        ok: false,
        error: {
          err: platform === "GCM" ? "GcmMessageTooBig" : "ApnPayloadSize",
          info: `${limit + 1} bytes, ${platform} takes ${limit}`,
        },
      });
    }
  });

  it("for the canary is the clear part as one text for all subscribers of its topic, up to the limit", () => {
    const app: App = { ...anApp("GCM", { maxPayload: 200 }), platform: "CANARY" };
    const { message, phone } = compose(app, aWake(app, { kind: "call", payload: '{"run":"1"}' }));
    expect(phone).toEqual({ id: "0123456789abcdefghijkl", type: "call", sentAt: NOON, ttl: 8, payload: '{"run":"1"}' });
    expect(message).toEqual({ platform: "CANARY", payload: JSON.stringify(phone), ttl: 8 });
    const room = 200 - JSON.stringify({ ...phone, payload: "" }).length;
    const takes = (length: number) =>
      composeMessage(app, aWake(app, { kind: "call", payload: "x".repeat(length) }), NOON).ok;
    expect([takes(room), takes(room + 1)]).toEqual([true, false]);
  });
});
