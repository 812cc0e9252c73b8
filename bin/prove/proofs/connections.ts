import { randomBytes } from "node:crypto";
import { ApiGatewayManagementApiClient, GetConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import type { AdminAnswers } from "../../../lambdas/handlers/admin/wire.ts";
import type { Api } from "../../admin/api.ts";
import { PATIENT } from "../../shared/credentials.ts";
import { pause, type Socket } from "../socket.ts";
import type { Target } from "../target.ts";

export type Connection = AdminAnswers["GET /domain"]["connections"][number];

/**
 * What the service remembers of a socket that has logged in, found by a PBX name that nobody else has. Rejects with an
 * Error when it does not show up within 10 s.
 */
export async function remembered(api: Api, account: string, socket: Socket): Promise<Connection> {
  const pbx = `prove-${randomBytes(6).toString("hex")}`;
  socket.send(JSON.stringify({ mt: "PbxInfo", domain: account, pbx, pbxDns: "", apis: [] }));
  for (let tries = 0; tries < 40; tries++) {
    const { connections } = await api.call("GET", "/domain", { query: { account } });
    const own = connections.find((connection) => connection.pbx?.pbx === pbx);
    if (own !== undefined) return own;
    await pause(250);
  }
  throw new Error("the operator's API does not show the connection within 10 s");
}

/** When the connection began by API Gateway's clock, in Unix ms; undefined if it does not say. */
export async function connectedAt(
  where: NonNullable<Target["connections"]>,
  connectionId: string,
): Promise<number | undefined> {
  const client = new ApiGatewayManagementApiClient({ ...where, ...PATIENT });
  try {
    const { ConnectedAt } = await client.send(new GetConnectionCommand({ ConnectionId: connectionId }));
    return ConnectedAt?.getTime();
  } finally {
    client.destroy();
  }
}
