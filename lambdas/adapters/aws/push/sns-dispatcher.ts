import type { Dispatched } from "../../../core/push/dispatch.ts";
import type { Dispatcher } from "../../../ports/push.ts";
import { DependencyError } from "../../../ports/errors.ts";
import { isNamed, type Sns } from "../client/aws-client.ts";
import { call } from "../client/call.ts";
import { snsMessage } from "./sns-message.ts";

const TOO_LONG = /too long|larger than allowed/iu;
/**
 * How SNS words the refusal of a token, according to public sources (test/adapters/aws/push/sns-dispatcher.test.ts
 * lists each): about the parameter Token, about the attribute Token, and an endpoint that has another token. Anything
 * else is our problem, and its code is logged.
 */
const ABOUT_TOKEN =
  /parameter: Token\b|parameter: Attributes Reason: Invalid value for attribute: Token\b|parameter: This endpoint is already registered with a different token/u;
const EXISTS = /Endpoint (?<arn>arn:\S+) already exists with the same Token/u;

/** SNS mobile push (docs/sns.md). The client must not retry by itself: the deadline decides. */
export function snsDispatcher(client: Sns): Dispatcher {
  return {
    async register(app, device, limit) {
      // A topic is its own endpoint.
      if (app.platform === "CANARY") return app.applicationArn;
      const input = { PlatformApplicationArn: app.applicationArn, Token: device };
      try {
        const { EndpointArn } = await call(
          "sns.CreatePlatformEndpoint",
          (options) => client.request("CreatePlatformEndpoint", input, options),
          limit,
        );
        return EndpointArn;
      } catch (error) {
        const cause = causeOf(error);
        if (!(isNamed(cause, "InvalidParameterException") && ABOUT_TOKEN.test(cause.message))) throw error;
        // It exists with other attributes, set by someone else: it is still the token's endpoint.
        return EXISTS.exec(cause.message)?.groups?.["arn"];
      }
    },

    async enable(endpoint, device, limit) {
      const input = { EndpointArn: endpoint, Attributes: { Token: device, Enabled: "true" } };
      try {
        await call(
          "sns.SetEndpointAttributes",
          (options) => client.request("SetEndpointAttributes", input, options),
          limit,
        );
        return "on";
      } catch (error) {
        const cause = causeOf(error);
        if (isNamed(cause, "NotFoundException")) return "not-found";
        if (isNamed(cause, "InvalidParameterException") && ABOUT_TOKEN.test(cause.message)) return "bad-token";
        throw error;
      }
    },

    async send(endpoint, message, limit) {
      const input = { TargetArn: endpoint, ...snsMessage(message) };
      try {
        const { MessageId } = await call("sns.Publish", (options) => client.request("Publish", input, options), limit);
        return { outcome: "accepted", messageId: MessageId ?? "" };
      } catch (error) {
        return refused(error);
      }
    },
  };
}

const causeOf = (error: unknown): unknown => (error instanceof DependencyError ? error.cause : undefined);

/** SNS's refusal as an outcome; throttling, time-outs and lost connections are thrown again. */
function refused(error: unknown): Dispatched {
  const cause = causeOf(error);
  if (isNamed(cause, "EndpointDisabledException")) return { outcome: "disabled" };
  if (isNamed(cause, "NotFoundException")) return { outcome: "not-found" };
  if (isNamed(cause, "PlatformApplicationDisabledException")) return { outcome: "application-down" };
  if (isNamed(cause, "InvalidParameterException")) {
    if (cause.message.includes("No endpoint found")) return { outcome: "not-found" };
    if (TOO_LONG.test(cause.message)) return { outcome: "too-big" };
    if (ABOUT_TOKEN.test(cause.message)) return { outcome: "bad-token" };
  }
  if (error instanceof DependencyError && error.kind === "rejected") {
    return { outcome: "rejected", code: error.code ?? "unknown" };
  }
  throw error;
}
