import { describe, expect, test } from "vitest";
import type { App } from "../../../lambdas/core/push/apps.ts";
import { CANARY_ACCOUNT, CANARY_APP, frames, isWakeUp } from "../../../lambdas/core/monitoring/canary.ts";
import { composeMessage } from "../../../lambdas/core/push/message.ts";
import { snsDispatcher } from "../../../lambdas/adapters/aws/push/sns-dispatcher.ts";
import { snsMessage } from "../../../lambdas/adapters/aws/push/sns-message.ts";
import { leanSns } from "../../../lambdas/adapters/aws/client/lean-client.ts";
import { postServices } from "../../support/services/posts.ts";

const app: App = {
  id: CANARY_APP,
  platform: "CANARY",
  bundle: "canary",
  applicationArn: "arn:aws:sns:eu-central-1:000000000000:canary",
  default: false,
  callTtl: 8,
  notificationTtl: 60,
  maxPayload: 4_096,
  reservedFor: CANARY_ACCOUNT,
};
const { token } = frames.post("run");

describe("the canary's app", () => {
  test("is unknown to any other account, so that only the canary can wake its phone", async () => {
    const services = postServices({ apps: [app] });
    await services.login("c1", "pbx.example.com");
    expect(await services.post(token)).toMatchObject({ src: "5", err: "UnknownApp" });
    expect(services.telemetry.counts.has("PublishLatency ")).toBe(false);
  });

  test("accepts the canary's posts, and counts them like others", async () => {
    const services = postServices({ apps: [app] });
    await services.login("c1", CANARY_ACCOUNT);
    expect(await services.post(token)).toEqual({ mt: "PushNotifyPostResult", src: "5" });
    expect(services.telemetry.count("Post", "accepted")).toBe(1);
    expect(services.telemetry.counts.get("PostTrouble ")).toBe(0);
  });

  test("uses its topic as endpoint, without a call to create one", async () => {
    expect(await snsDispatcher(leanSns({})).register(app, "ca", 1)).toBe(app.applicationArn);
  });

  test("gets the payload as sent, and recognizes its own run by it", () => {
    const wake = { id: "id", kind: "notification", payload: '{"run":"this"}', arrivedAt: 0 } as const;
    const message = composeMessage(app, wake, 1_000);
    if (!message.ok) throw new Error(message.error.err);
    const { Message } = snsMessage(message.value);
    const { default: text } = JSON.parse(Message ?? "") as { readonly default: string };
    expect(isWakeUp(text, "this")).toBe(true);
    expect(isWakeUp(text, "another")).toBe(false);
  });

  test.each(["", "null", "[]", '{"payload":5}', '{"payload":"no JSON"}'])("ignores %j", (text) => {
    expect(isWakeUp(text, "this")).toBe(false);
  });
});
