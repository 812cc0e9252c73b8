import { AwsError } from "../../aws/protocols.ts";
import type { Connection } from "./connection.ts";

export interface ManagementResponse {
  readonly status: number;
  readonly body: string;
}

/** `@connections` operations by HTTP method, as clients and IAM name them. */
export const CONNECTION_OPERATIONS: Readonly<Record<string, string>> = {
  GET: "GetConnection",
  POST: "PostToConnection",
  DELETE: "DeleteConnection",
};

/** Reads, writes to or closes a connection. Throws an AwsError: 410 GoneException if it is not open. */
export function manageConnection(
  connection: Connection | undefined,
  operation: string,
  body: Buffer,
): ManagementResponse {
  if (connection === undefined) throw new AwsError("GoneException", "", 410);
  const { facts, lastActiveAt } = connection;
  switch (operation) {
    case "GetConnection": {
      const { sourceIp, userAgent } = facts;
      return {
        status: 200,
        body: JSON.stringify({
          connectedAt: new Date(facts.connectedAt).toISOString(),
          lastActiveAt: new Date(lastActiveAt).toISOString(),
          identity: { sourceIp, userAgent },
        }),
      };
    }
    case "PostToConnection":
      connection.send(body.toString("utf8"));
      return { status: 200, body: "" };
    default:
      connection.close(1000, "Connection Closed Normally");
      return { status: 204, body: "" };
  }
}
