import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  type ApiGatewayManagementApiClient,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { SocketActivity, SocketCloser } from "../../../ports/pbx.ts";
import { call } from "../shared/call.ts";

/** Ends sockets by API Gateway's `@connections`, and asks when they were last heard of. */
export function apiGatewaySockets(client: ApiGatewayManagementApiClient): SocketCloser & SocketActivity {
  return {
    async close(connectionId) {
      await call("apigateway.DeleteConnection", async (options) => {
        try {
          await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }), options);
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      });
    },

    async lastActiveAt(connectionId) {
      return call("apigateway.GetConnection", async (options) => {
        try {
          const { LastActiveAt } = await client.send(new GetConnectionCommand({ ConnectionId: connectionId }), options);
          return LastActiveAt?.getTime();
        } catch (error) {
          if (isGone(error)) return undefined;
          throw error;
        }
      });
    },
  };
}

/** Some emulators tell a gone connection by its status only. */
function isGone(error: unknown): boolean {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return error instanceof GoneException || $metadata?.httpStatusCode === 410;
}
