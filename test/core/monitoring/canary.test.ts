import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  CANARY_ACCOUNT,
  CANARY_APP,
  CONNECTING,
  frames,
  isWakeUp,
  probeToken,
} from "../../../lambdas/core/monitoring/canary.ts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the canary's frames", () => {
  it("are a PBX's (docs/protocol.md)", () => {
    expect(frames.challenge()).toEqual({ mt: "AppChallenge" });
    expect(frames.login("0123456789abcdef", "secret")).toEqual({
      mt: "AppLogin",
      app: "ws",
      domain: "canary",
      sip: "canary",
      guid: "",
      dn: "Canary",
      digest: hash("ws:canary:canary::Canary:0123456789abcdef:secret"),
    });
    expect(frames.keepAlive()).toEqual({ mt: "KeepAlive" });
    expect(frames.post("run 1")).toEqual({
      mt: "PushNotifyPost",
      src: "run 1",
      token: `canary:${"ca".repeat(32)}`,
      run: "run 1",
    });
  });

  it("use the canary's own account and app, and begin like those of an unconnected PBX", () => {
    expect([CANARY_ACCOUNT, CANARY_APP]).toEqual(["canary", "canary"]);
    expect(CONNECTING).toEqual(["connect", "challenge", "login", "keepalive"]);
  });
});

it("the token of an app's disabled endpoint has 64 hex digits, differs by app, and does not reveal the secret", () => {
  expect(probeToken("secret", "ios")).toBe(hash("ios:secret"));
});

it.each([
  [JSON.stringify({ payload: '{"run":"1"}' }), true],
  [JSON.stringify({ payload: '{"run":"2"}' }), false],
  [JSON.stringify({ payload: '{"run":1}' }), false],
  [JSON.stringify({ payload: "[]" }), false],
  [JSON.stringify({ payload: "null" }), false],
  [JSON.stringify({ payload: '"1"' }), false],
  [JSON.stringify({ payload: "{" }), false],
  [JSON.stringify({ payload: { run: "1" } }), false],
  [JSON.stringify({ payload: ['{"run":"1"}'] }), false],
  [JSON.stringify({ run: "1" }), false],
  ["null", false],
  ["", false],
])("%s is the wake-up of run 1: %s", (message, isIt) => expect(isWakeUp(message, "1")).toBe(isIt));
