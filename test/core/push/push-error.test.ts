import { expect, it } from "vitest";
import { errOf, type PushErrorReason } from "../../../lambdas/core/push/push-error.ts";
import { PLATFORMS } from "../../support/values/values.ts";

it("errOf: a published name for every refusal of every platform", () => {
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
