import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindOf, parsePost } from "../../../lambdas/core/push/post.ts";
import { aFrame, alertApp, anApp, fcmApp, voipApp } from "../../support/values/values.ts";

const read = (text: string) => {
  const post = parsePost(aFrame(text));
  if (!post.ok) throw new Error(post.error.err);
  return post.value;
};

describe("parsePost", () => {
  it("passes on every other member exactly as sent, in order, including duplicates", () => {
    const text = String.raw`{ "mt":"PushNotifyPost","b" : 1.0,"src":"5","2":"\/","token":"t","1":"\u00fc","api":"x","b":[ 1 ], "type":"call"}`;
    expect(read(text)).toEqual({
      token: "t",
      type: "call",
      payload: String.raw`{"b" : 1.0,"2":"\/","1":"\u00fc","b":[ 1 ],"type":"call"}`,
    });
  });

  it("has no payload if there is nothing to pass on", () => {
    expect(read('{"mt":"PushNotifyPost","api":"PbxApi","src":"5","token":"t"}').payload).toBeUndefined();
    expect(read(String.raw`{"\u006dt":"PushNotifyPost","\u0073rc":"5","token":"t"}`).payload).toBeUndefined();
  });

  it("passes on all members of the frame's JSON except our own", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (members) => {
        const { mt: _mt, api: _api, src: _src, token: _token, ...rest } = members;
        const { payload } = read(JSON.stringify({ ...members, mt: "PushNotifyPost", token: "t" }));
        expect(payload === undefined ? {} : JSON.parse(payload)).toEqual(JSON.parse(JSON.stringify(rest)));
      }),
    );
  });

  it.each([
    "{}",
    '{"token":""}',
    '{"token":5}',
    '{"token":null}',
    '{"token":["t"]}',
    '{"token":"t","token":1}',
    '{"Token":"t"}',
  ])("is malformed without a token: %s", (text) =>
    expect(parsePost(aFrame(text))).toEqual({
      ok: false,
      error: { err: "Malformed", info: "token must be a non-empty string" },
    }),
  );

  it.each([
    ["{}", undefined],
    ['"call"', "call"],
    ["5", undefined],
    ["null", undefined],
    ['"x"', "x"],
  ])("reads type %s", (type, expected) => {
    expect(read(`{"token":"t","type":${type}}`).type).toBe(expected);
  });
});

describe("kindOf", () => {
  const voipSandbox = anApp("APNS_VOIP_SANDBOX");
  const alertSandbox = anApp("APNS_SANDBOX");
  it.each([
    ["call", fcmApp, "call"],
    ["notification", fcmApp, "notification"],
    [undefined, fcmApp, "call"],
    ["chat", fcmApp, "call"],
    ["call", voipApp, "call"],
    [undefined, voipApp, "call"],
    ["Notification", voipApp, "call"],
    [undefined, voipSandbox, "call"],
    ["notification", alertApp, "notification"],
    [undefined, alertApp, "notification"],
    ["", alertSandbox, "notification"],
  ])("%s for %o is a %s", (type, app, kind) => expect(kindOf(type, app)).toEqual({ ok: true, value: kind }));

  it.each([
    ["notification", voipApp, "app ios-call takes type call only, not notification"],
    ["notification", voipSandbox, "app apns-voip-sandbox takes type call only, not notification"],
    ["call", alertApp, "app ios takes type notification only, not call"],
    ["call", alertSandbox, "app apns-sandbox takes type notification only, not call"],
  ])("%s contradicts %o", (type, app, info) =>
    expect(kindOf(type, app)).toEqual({ ok: false, error: { err: "Malformed", info } }),
  );
});
