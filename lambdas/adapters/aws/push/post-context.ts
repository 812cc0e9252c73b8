import type { KeysAndAttributes } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { PostContextStore } from "../../../ports/push.ts";
import { DependencyError } from "../../../ports/errors.ts";
import type { LoggedIn } from "../../../ports/pbx.ts";
import type { Dynamo } from "../shared/aws-client.ts";
import { call } from "../shared/call.ts";
import { toBreaker, toDeviceRow } from "./device-row.ts";
import { breakerRow, connectionKey, deviceRow } from "../shared/dynamo-keys.ts";

const OPERATION = "dynamodb.BatchGetItem";

type Row = Readonly<Record<string, unknown>>;

/** Connection, device and breaker in one BatchGetItem over two tables; the connection is read consistently. */
export function dynamoPostContext(
  client: Dynamo,
  tables: { readonly sessions: string; readonly core: string },
): PostContextStore {
  return {
    async read({ connectionId, deviceKey, app }, limit) {
      const core = deviceKey === undefined || app === undefined ? [] : [deviceRow(deviceKey), breakerRow(app)];
      const requests: Record<string, KeysAndAttributes> = {};
      if (connectionId !== undefined) {
        requests[tables.sessions] = { Keys: [marshall({ pk: connectionKey(connectionId) })], ConsistentRead: true };
      }
      if (core.length > 0) requests[tables.core] = { Keys: core.map((key) => marshall(key)), ConsistentRead: true };

      const response = await call(
        OPERATION,
        (options) => client.request("BatchGetItem", { RequestItems: requests }, options),
        limit,
      );
      // Every answer names its tables, one without rows too: anything else is none, and not "no such row".
      if (response.Responses === undefined) throw new DependencyError(OPERATION, "unavailable");
      // A throttled BatchGetItem answers 200 with what it left out (docs/aws.md, DynamoDB).
      if (Object.keys(response.UnprocessedKeys ?? {}).length > 0) throw new DependencyError(OPERATION, "throttled");

      const rows = (table: string): Row[] => (response.Responses?.[table] ?? []).map((item) => unmarshall(item));
      const [connection] = rows(tables.sessions);
      const device = rows(tables.core).find((row) => row["sk"] === "DEVICE");
      const breaker = rows(tables.core).find((row) => row["sk"] === "BREAKER");
      return { session: toSession(connection), device: toDeviceRow(device), breaker: toBreaker(breaker) };
    },
  };
}

function toSession(row: Row | undefined): LoggedIn | undefined {
  if (row?.["account"] === undefined) return undefined;
  const { account, domain, secretId } = row as unknown as LoggedIn;
  return { account, domain, secretId };
}
