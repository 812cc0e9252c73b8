import type { PostContextStore } from "../../../ports/push.ts";
import type { LoggedIn } from "../../../core/pbx/connection.ts";
import type { Dynamo } from "../client/aws-client.ts";
import { breakerRow, connectionKey, deviceRow } from "../shared/dynamo-keys.ts";
import { batchGet, type Row } from "../shared/dynamo-table.ts";
import { toBreaker, toDeviceRow } from "./device-row.ts";

/** Connection, device and breaker in one BatchGetItem over two tables; the connection is read consistently. */
export function dynamoPostContext(
  client: Dynamo,
  tables: { readonly sessions: string; readonly core: string },
): PostContextStore {
  return {
    async read({ connectionId, deviceKey, app }, limit) {
      const keys = {
        [tables.sessions]: connectionId === undefined ? [] : [{ pk: connectionKey(connectionId) }],
        [tables.core]: deviceKey === undefined || app === undefined ? [] : [deviceRow(deviceKey), breakerRow(app)],
      };
      const rows = await batchGet(client, keys, limit);
      const [connection] = rows(tables.sessions);
      const device = rows(tables.core).find(({ sk }) => sk === "DEVICE");
      const breaker = rows(tables.core).find(({ sk }) => sk === "BREAKER");
      return { session: toSession(connection), device: toDeviceRow(device), breaker: toBreaker(breaker) };
    },
  };
}

function toSession(row: Row | undefined): LoggedIn | undefined {
  if (row?.["account"] === undefined) return undefined;
  const { account, domain, secretId } = row as unknown as LoggedIn;
  return { account, domain, secretId };
}
