import { TRUSTED_MS } from "../../../core/pbx/flood.ts";
import { subnetOf } from "../../../core/shared/network.ts";
import type { Networks } from "../../../ports/pbx.ts";
import type { Dynamo } from "../client/aws-client.ts";
import { networkKey, toSeconds } from "../shared/dynamo-keys.ts";
import { batchGet, tableWriter } from "../shared/dynamo-table.ts";

const MINUTE_MS = 60_000;
/** A minute's count is kept for an hour, in ms. */
const COUNT_LIFE_MS = 3_600_000;

/** What is known about networks, in the sessions table: a row for the last login, one for each minute with closings. */
export function dynamoNetworks(client: Dynamo, table: string): Networks {
  const sessions = tableWriter(client, table);
  const keyOf = (source: string, minute?: number) => ({ pk: networkKey(subnetOf(source), minute) });
  const minuteOf = (at: number) => Math.floor(at / MINUTE_MS);

  return {
    async recordOf(source, now) {
      const minute = minuteOf(now);
      const keys = [keyOf(source), keyOf(source, minute), keyOf(source, minute - 1)];
      const rows = (await batchGet(client, { [table]: keys }))(table);
      const [login, current, before] = keys.map(({ pk }) => rows.find((row) => row["pk"] === pk));
      const closings = (row: typeof login) => Number(row?.["closings"] ?? 0);
      return { loggedInAt: login && Number(login["loggedInAt"]), closings: [closings(current), closings(before)] };
    },

    async loggedIn(source, at) {
      await sessions.update(keyOf(source), {
        change: "SET loggedInAt = :at, #ttl = :ttl",
        values: { at, ttl: toSeconds(at + TRUSTED_MS) },
      });
    },

    async closed(source, at) {
      const values = { one: 1, ttl: toSeconds(at + COUNT_LIFE_MS) };
      await sessions.update(keyOf(source, minuteOf(at)), { change: "ADD closings :one SET #ttl = :ttl", values });
    },
  };
}
