import type { PushRights } from "../../../ports/monitoring.ts";
import { DependencyError } from "../../../ports/errors.ts";
import { isNamed, type Sns } from "../client/aws-client.ts";
import { call } from "../client/call.ts";

const EXISTS = /Endpoint (?<arn>arn:\S+) already exists with the same Token/u;

/** Uses a disabled endpoint of each app, made by an execution environment's first check: nothing is sent to it. */
export function snsPushRights(client: Sns): PushRights {
  const endpoints = new Map<string, string>();

  async function endpointOf(application: string, token: string): Promise<string> {
    const input = { PlatformApplicationArn: application, Token: token, Attributes: { Enabled: "false" } };
    try {
      const { EndpointArn } = await call("sns.CreatePlatformEndpoint", (options) =>
        client.request("CreatePlatformEndpoint", input, options),
      );
      return EndpointArn ?? "";
    } catch (error) {
      // Someone has changed its attributes: it is still the token's endpoint.
      const existing = EXISTS.exec(causeOf(error)?.message ?? "")?.groups?.["arn"];
      if (existing === undefined) throw error;
      return existing;
    }
  }

  return {
    async mayPush(application, token) {
      try {
        const endpoint = endpoints.get(application) ?? (await endpointOf(application, token));
        endpoints.set(application, endpoint);
        await call("sns.Publish", (options) =>
          client.request("Publish", { TargetArn: endpoint, Message: "canary" }, options),
        );
        return true;
      } catch (error) {
        if (isNamed(causeOf(error), "EndpointDisabledException")) return true;
        if (isNamed(causeOf(error), "AuthorizationErrorException")) return false;
        if (isNamed(causeOf(error), "NotFoundException")) endpoints.delete(application);
        throw error;
      }
    },
  };
}

const causeOf = (error: unknown): Error | undefined =>
  error instanceof DependencyError && error.cause instanceof Error ? error.cause : undefined;
