import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { snsDispatcher } from "../../../../lambdas/adapters/aws/push/sns-dispatcher.ts";
import type { App, EventKind } from "../../../../lambdas/core/push/apps.ts";
import { composeMessage } from "../../../../lambdas/core/push/message.ts";
import type { Dispatcher } from "../../../../lambdas/ports/push.ts";
import type { Fault } from "../../../../local/sns/simulator.ts";
import { androidToken, bundle, iosToken, stage, type Stage } from "../../../local/sns/support.ts";
import { anApp, PLATFORMS, type VendorPlatform } from "../../../support/values/values.ts";
import { WAIT_MS } from "../../../support/process/waiting.ts";
import { failsAfter, holdTimeLimits } from "../../../support/values/time-limits.ts";

const LIMIT = WAIT_MS;

let s: Stage;
let dispatcher: Dispatcher;
let fault: Fault | undefined;
beforeEach(() => (fault = undefined));
afterEach(() => s.close());

const appOf = (platform: VendorPlatform): App => anApp(platform, { bundle, applicationArn: s.application(platform) });
const tokenOf = ({ platform }: App) => (platform === "GCM" ? androidToken : iosToken);

async function send(app: App, endpoint: string, changes: { payload?: string } = {}, limit = LIMIT) {
  const kind: EventKind = app.platform === "APNS" || app.platform === "APNS_SANDBOX" ? "notification" : "call";
  const now = Date.now();
  const message = composeMessage(
    { ...app, maxPayload: 1_000_000 },
    { id: "id", kind, payload: changes.payload, arrivedAt: now },
    now,
  );
  if (!message.ok) throw new Error(message.error.info);
  return dispatcher.send(endpoint, message.value, limit);
}
async function registered(platform: VendorPlatform) {
  const app = appOf(platform);
  const endpoint = await dispatcher.register(app, tokenOf(app), LIMIT);
  return { app, endpoint: endpoint ?? "" };
}

describe.each(["sdk", "lean"] as const)("by the client %s", (kind) => {
  beforeEach(async () => {
    s = await stage({ fault: () => fault });
    dispatcher = snsDispatcher(s.clients[kind]);
  });

  describe("a wake-up", () => {
    it.each(PLATFORMS)("of a %s app reaches the phone as composed", async (platform) => {
      const { app, endpoint } = await registered(platform);
      const payload = String.raw`{"enc":"\/ü☎","2":1.0}`;
      expect(await send(app, endpoint, { payload })).toMatchObject({ outcome: "accepted" });
      await s.simulator.control.settled();
      const [entry] = s.simulator.control.ledger();
      expect(entry).toMatchObject({ outcome: "delivered" });
      const [push] = s.simulator.control.phones.list();
      expect(push).toMatchObject({ platform, token: tokenOf(app), payload: { id: "id", payload } });
      if (platform.startsWith("APNS_VOIP"))
        expect(push).toMatchObject({ topic: `${bundle}.voip`, pushType: "voip", priority: "10" });
    });
  });

  describe("an endpoint", () => {
    it("is the same after every registration, and stays disabled until enabled", async () => {
      const { app, endpoint } = await registered("GCM");
      expect(await dispatcher.register(app, androidToken, LIMIT)).toBe(endpoint);
      await s.disable(endpoint);
      expect(await dispatcher.register(app, androidToken, LIMIT)).toBe(endpoint);
      expect(await send(app, endpoint)).toEqual({ outcome: "disabled" });
      expect(await dispatcher.enable(endpoint, androidToken, LIMIT)).toBe("on");
      expect(await send(app, endpoint)).toMatchObject({ outcome: "accepted" });
    });

    it("created elsewhere with other attributes is still the token's", async () => {
      const app = appOf("APNS_VOIP");
      const { CreatePlatformEndpointCommand } = await import("@aws-sdk/client-sns");
      const theirs = new CreatePlatformEndpointCommand({
        PlatformApplicationArn: app.applicationArn,
        Token: iosToken,
        CustomUserData: "theirs",
      });
      const { EndpointArn } = await s.sns.send(theirs);
      expect(await dispatcher.register(app, iosToken, LIMIT)).toBe(EndpointArn);
    });

    it("is not created for a token in a wrong format", async () => {
      expect(await dispatcher.register(appOf("APNS"), "no hex digits", LIMIT)).toBeUndefined();
    });

    it("that is gone gets no push and cannot be enabled", async () => {
      const { app, endpoint } = await registered("APNS_VOIP");
      await s.remove(endpoint);
      for (const code of ["InvalidParameter", "NotFound"] as const) {
        s.simulator.control.set({ missingEndpoint: code });
        expect(await send(app, endpoint)).toEqual({ outcome: "not-found" });
      }
      expect(await dispatcher.enable(endpoint, iosToken, LIMIT)).toBe("not-found");
    });

    it("of an app unknown to SNS cannot be created", async () => {
      const app = anApp("GCM", { applicationArn: "arn:aws:sns:eu-central-1:111111111111:app/GCM/unknown" });
      await expect(dispatcher.register(app, androidToken, LIMIT)).rejects.toMatchObject({ kind: "rejected" });
    });
  });

  describe("a refusal", () => {
    it("for a disabled application is reported as such", async () => {
      const { app, endpoint } = await registered("APNS_VOIP");
      s.simulator.control.setApplicationEnabled(app.applicationArn, false);
      expect(await send(app, endpoint)).toEqual({ outcome: "application-down" });
    });

    it.each(["APNS_VOIP", "GCM"] as const)(
      "for a message that is too large for %s is reported as such",
      async (platform) => {
        const { app, endpoint } = await registered(platform);
        expect(await send(app, endpoint, { payload: "x".repeat(6_000) })).toEqual({ outcome: "too-big" });
        expect(await send(app, endpoint, { payload: "x".repeat(300_000) })).toEqual({ outcome: "too-big" });
      },
    );

    it("of another kind has its code", async () => {
      const { app, endpoint } = await registered("APNS_VOIP");
      fault = { code: "AuthorizationError", status: 403 };
      expect(await send(app, endpoint)).toMatchObject({
        outcome: "rejected",
        code: expect.stringContaining("AuthorizationError") as string,
      });
      fault = { code: "InvalidParameter", status: 400, message: "Invalid parameter: Token Reason: gone bad" };
      expect(await send(app, endpoint)).toEqual({ outcome: "bad-token" });
    });
  });

  describe("an InvalidParameter", () => {
    const refuse = (reason: string) =>
      (fault = { code: "InvalidParameter", status: 400, message: `Invalid parameter: ${reason}` });
    /** Every wording found in public sources, each with a source. */
    it.each([
      // Recorded against AWS by LocalStack (test_sns.snapshot.json); evanshortiss/sns-mobile#33, dreipol/django-scarface#6.
      // Without an ARN:
      "Token Reason: Endpoint already exists with the same Token, but different attributes.",
      // react-native-push-notification#1083 (stackoverflow.com/questions/47825890), react-native-device-info#1123.
      "Token Reason: iOS device tokens must be no more than 400 hexadecimal characters",
      // The older wording, from before Apple's tokens became longer: public code that quotes SNS's answer (PHP and Dart clients).
      "Token Reason: iOS device tokens must be 64 hexadecimal characters",
      // wireapp/wire-server, gundeck, Gundeck/Aws.hs.
      "Token Reason: must be at most 8192 bytes long in UTF-8 encoding",
      // Gundeck/Aws.hs treats any answer with this beginning as about the token.
      "Token",
      // CreatePlatformEndpoint with an attribute Token of its own: ballerina-platform/module-ballerinax-aws.sns, its endpoint tests against AWS.
      "Attributes Reason: Invalid value for attribute: Token: cannot be empty",
      // parse-server-modules/parse-server-sns-adapter#10.
      "This endpoint is already registered with a different token.",
    ])("about the token is reported as the token's error: %s", async (reason) => {
      const { app, endpoint } = await registered("APNS_VOIP");
      refuse(reason);
      expect(await dispatcher.register(app, iosToken, LIMIT)).toBeUndefined();
      expect(await dispatcher.enable(endpoint, iosToken, LIMIT)).toBe("bad-token");
      expect(await send(app, endpoint)).toEqual({ outcome: "bad-token" });
    });

    it.each([
      // Recorded against AWS by LocalStack (test_sns.snapshot.json).
      "PlatformApplicationArn Reason: An ARN must have at least 6 elements, not 1",
      "EndpointArn Reason: Wrong number of slashes in relative portion of the ARN.",
      "Attributes Reason: Invalid attribute name: InvalidKey",
      // LocalStack's provider, after AWS's answer.
      "Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding",
      // sns_aws_verified tests of getmoto/moto, privruler/PrivRuler-Public.
      "Attributes Reason: Platform credentials are invalid",
      "something new about a token, never seen before",
    ])("about anything else is reported as trouble with its code: %s", async (reason) => {
      const { app, endpoint } = await registered("APNS_VOIP");
      refuse(reason);
      const trouble = { kind: "rejected", code: expect.stringContaining("InvalidParameter") as string };
      await expect(dispatcher.register(app, iosToken, LIMIT)).rejects.toMatchObject(trouble);
      await expect(dispatcher.enable(endpoint, iosToken, LIMIT)).rejects.toMatchObject(trouble);
    });
  });

  describe("a missing or unreadable answer", () => {
    holdTimeLimits();
    it.each([
      [{ code: "Throttled", status: 400 }, "throttled"],
      [{ code: "InternalError", status: 500 }, "unavailable"],
    ])("such as %j is thrown as %s, by every operation", async (planned, kind) => {
      const { app, endpoint } = await registered("APNS_VOIP");
      fault = planned;
      await expect(send(app, endpoint, {}, 150)).rejects.toMatchObject({ kind, operation: "sns.Publish" });
      await expect(dispatcher.register(app, iosToken, 150)).rejects.toMatchObject({ kind });
      await expect(dispatcher.enable(endpoint, iosToken, 150)).rejects.toMatchObject({ kind });
    });

    it("times out after its limit, for every operation", async () => {
      const { app, endpoint } = await registered("APNS_VOIP");
      fault = { latencyMs: 5_000 };
      expect(await failsAfter(150, send(app, endpoint, {}, 150))).toMatchObject({
        kind: "timeout",
        operation: "sns.Publish",
      });
      expect(await failsAfter(150, dispatcher.register(app, iosToken, 150))).toMatchObject({ kind: "timeout" });
      expect(await failsAfter(150, dispatcher.enable(endpoint, iosToken, 150))).toMatchObject({ kind: "timeout" });
    });
  });
});
