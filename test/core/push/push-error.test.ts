import { expect, it } from "vitest";
import {
  errOf,
  isTrouble,
  limitError,
  type PushErr,
  type PushErrorReason,
  pushError,
} from "../../../lambdas/core/push/push-error.ts";
import { anApp, PLATFORMS } from "../../support/values/values.ts";

it("errOf: returns a published name for every error on every platform", () => {
  const refusals: Readonly<Record<PushErrorReason, readonly [string, string]>> = {
    gone: ["Uninstalled", "GcmNotRegistered"],
    "bad-token": ["ApnInvalidToken", "GcmInvalidReg"],
    "application-down": ["ApnServiceDown", "GcmAuthentication"],
    "too-big": ["ApnPayloadSize", "GcmMessageTooBig"],
    throttled: ["ApnServiceDown", "GcmDeviceRate"],
    limited: ["ApnProcessingErr", "GcmDeviceRate"],
    "bad-message": ["ApnProcessingErr", "GcmBadRequest"],
    failed: ["ApnError", "GcmServerError"],
  };
  for (const [refusal, [apns, fcm]] of Object.entries(refusals)) {
    for (const platform of PLATFORMS)
      expect(errOf(platform, refusal as PushErrorReason)).toBe(platform === "GCM" ? fcm : apns);
  }
});

// What the alarms of a platform count: docs/operate/runbook.md.
it.each<readonly [PushErr, boolean]>([
  ["UnknownApp", false],
  ["Malformed", false],
  ["Uninstalled", false],
  ["DatabaseErr", true],
  ["ApnError", true],
  ["ApnServiceDown", true],
  ["ApnInvalidToken", false],
  ["ApnPayloadSize", false],
  ["ApnProcessingErr", false],
  ["GcmServerError", true],
  ["GcmAuthentication", true],
  ["GcmInvalidReg", false],
  ["GcmNotRegistered", false],
  ["GcmMessageTooBig", false],
  ["GcmDeviceRate", true],
  ["GcmBadRequest", false],
])("isTrouble: %s: %s, and never a limit of ours", (err, trouble) => {
  expect(isTrouble({ err, info: "" })).toBe(trouble);
  expect(isTrouble({ err, info: "", ours: true })).toBe(false);
});

it("errors have their published name and a text", () => {
  expect(pushError(anApp("GCM"), "failed", "why")).toEqual({ err: "GcmServerError", info: "why" });
  expect(limitError(anApp("APNS"), "ten a second")).toEqual({
    err: "ApnProcessingErr",
    info: "limit of this service: ten a second, nothing was sent",
    ours: true,
  });
});
