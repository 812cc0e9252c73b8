import type { SocketActivity, SocketCloser } from "../../../ports/pbx.ts";
import { type AwsClient, type CloseOperations, type ConnectionOperations, isNamed } from "../client/aws-client.ts";
import { call } from "../client/call.ts";

/** Closes sockets through API Gateway's `@connections`. */
export function socketCloser(client: AwsClient<CloseOperations>): SocketCloser {
  return {
    async close(connectionId) {
      await call("apigateway.DeleteConnection", async (options) => {
        try {
          await client.request("DeleteConnection", { ConnectionId: connectionId }, options);
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      });
    },
  };
}

/** The same, and asks when they were last active. */
export function apiGatewaySockets(client: AwsClient<ConnectionOperations>): SocketCloser & SocketActivity {
  return {
    ...socketCloser(client),
    async lastActiveAt(connectionId) {
      return call("apigateway.GetConnection", async (options) => {
        try {
          const { LastActiveAt } = await client.request("GetConnection", { ConnectionId: connectionId }, options);
          return LastActiveAt?.getTime();
        } catch (error) {
          if (isGone(error)) return undefined;
          throw error;
        }
      });
    },
  };
}

/** Some emulators report a gone connection by status only. */
function isGone(error: unknown): boolean {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return isNamed(error, "GoneException") || $metadata?.httpStatusCode === 410;
}
