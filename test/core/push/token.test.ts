import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceKey, parseToken } from "../../../lambdas/core/push/token.ts";
import {
  alertApp,
  androidToken,
  anApp,
  apps,
  fcmApp,
  iosToken,
  PLATFORMS,
  voipApp,
} from "../../support/values/values.ts";

const errOf = (text: string, known = apps) => {
  const token = parseToken(text, known);
  return token.ok ? undefined : token.error.err;
};
const hexPairs = fc
  .array(fc.stringMatching(/^[0-9a-f]{2}$/u), { minLength: 32, maxLength: 200 })
  .map((pairs) => pairs.join(""));
const fcmToken = fc.stringMatching(/^[\w.~:%-]{20,200}$/u);

describe("parseToken", () => {
  it.each([
    [`ios-call:${iosToken}`, voipApp, iosToken],
    [`ios:${iosToken.toUpperCase()}`, alertApp, iosToken],
    [`android:${androidToken}`, fcmApp, androidToken],
    [`android:${"x".repeat(20)}`, fcmApp, "x".repeat(20)],
    ["android:a:b:c:d:e:f:g:h:i:jk", fcmApp, "a:b:c:d:e:f:g:h:i:jk"],
    [`android:${":".repeat(20)}`, fcmApp, ":".repeat(20)],
    [`android:${"x".repeat(8_192)}`, fcmApp, "x".repeat(8_192)],
    [iosToken, voipApp, iosToken],
    [iosToken.toUpperCase(), voipApp, iosToken],
    ["a".repeat(400), voipApp, "a".repeat(400)],
    [androidToken, fcmApp, androidToken],
  ])("reads %.90s", (text, app, device) =>
    expect(parseToken(text, apps)).toEqual({ ok: true, value: { app, device } }),
  );

  it.each([
    ["nonsense", "UnknownApp"],
    ["other:abc", "UnknownApp"],
    [`IOS:${iosToken}`, "UnknownApp"],
    [`:${iosToken}`, "UnknownApp"],
    [`ios ${iosToken}`, "UnknownApp"],
    ["ab".repeat(31), "UnknownApp"],
    ["x:APA91 y", "UnknownApp"],
    ["APA91abc", "UnknownApp"],
    [` ${iosToken}`, "UnknownApp"],
    [`${iosToken}\n`, "UnknownApp"],
    ["constructor:abc", "UnknownApp"],
    ["ios:", "ApnInvalidToken"],
    ["ios:zz", "ApnInvalidToken"],
    ["ios", "UnknownApp"],
    ["ios1", "UnknownApp"],
    [`a b:${androidToken}`, "UnknownApp"],
    [`ios:${"ab".repeat(31)}`, "ApnInvalidToken"],
    [`ios:${iosToken}a`, "ApnInvalidToken"],
    [`ios:${"ab".repeat(201)}`, "ApnInvalidToken"],
    [`ios:${iosToken} `, "ApnInvalidToken"],
    [`ios:${androidToken}`, "ApnInvalidToken"],
    [`${iosToken}a`, "ApnInvalidToken"],
    ["a".repeat(402), "ApnInvalidToken"],
    ["android:", "GcmInvalidReg"],
    ["android:a b", "GcmInvalidReg"],
    ["android:\u0000", "GcmInvalidReg"],
    ["android:é", "GcmInvalidReg"],
    ["android:null", "GcmInvalidReg"],
    ["android:undefined", "GcmInvalidReg"],
    ["android:(null)", "GcmInvalidReg"],
    ["android:BLACKLISTED", "GcmInvalidReg"],
    [`android:${"x".repeat(19)}`, "GcmInvalidReg"],
    [`android:${"undefined-".repeat(2)}(null)`, "GcmInvalidReg"],
    ["android:\u017f\u212a", "GcmInvalidReg"],
    [`android:${"x".repeat(8_193)}`, "GcmInvalidReg"],
  ])("refuses %.90j: %s", (text, err) => expect(errOf(text)).toBe(err));

  // The PBX shows these to its administrator.
  it.each([
    ["nonsense", "UnknownApp", "the token names no app that this service knows"],
    ["ios:zz", "ApnInvalidToken", "an APNs device token has 64 to 400 hex digits"],
    ["android:null", "GcmInvalidReg", "this is no FCM registration token"],
  ])("says what is wrong with %s", (text, err, info) =>
    expect(parseToken(text, apps)).toEqual({ ok: false, error: { err, info } }),
  );

  it("has no default app unless one is configured", () => {
    const none = [voipApp, alertApp, fcmApp].map((app) => ({ ...app, default: false }));
    expect([errOf(iosToken, none), errOf(androidToken, none), errOf(`android:${"x".repeat(20)}`, none)]).toEqual([
      "UnknownApp",
      "UnknownApp",
      undefined,
    ]);
  });

  it("splits at the first colon and returns the vendor's token in one spelling, for every platform", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PLATFORMS),
        fc.stringMatching(/^[a-z0-9_-]{1,64}$/u),
        hexPairs,
        fcmToken,
        (platform, id, hex, fcm) => {
          const app = anApp(platform, { id });
          const device = platform === "GCM" ? fcm : hex;
          const spelling = platform === "GCM" ? fcm : hex.toUpperCase();
          expect(parseToken(`${id}:${spelling}`, [app])).toEqual({ ok: true, value: { app, device } });
        },
      ),
    );
  });

  it("returns a token of a known app or one of three errors for any string", () => {
    const prefixed = fc
      .tuple(fc.constantFrom("ios:", "android:", ""), fc.string({ unit: "binary" }))
      .map(([app, rest]) => app + rest);
    fc.assert(
      fc.property(prefixed, (text) => {
        const token = parseToken(text, apps);
        if (token.ok) expect(apps).toContain(token.value.app);
        else expect(["UnknownApp", "ApnInvalidToken", "GcmInvalidReg"]).toContain(token.error.err);
        if (!token.ok && text.length > 12) expect(token.error.info).not.toContain(text);
      }),
    );
  });
});

describe("deviceKey", () => {
  it("is unique for one device of one app, and does not reveal the token", () => {
    const key = deviceKey({ app: voipApp, device: iosToken });
    expect(key).toMatch(/^[\w-]{43}$/u);
    const others = [
      { app: alertApp, device: iosToken },
      { app: voipApp, device: `${iosToken}ab` },
      { app: voipApp, device: "" },
    ];
    expect(new Set([key, ...others.map(deviceKey)]).size).toBe(4);
  });
});
