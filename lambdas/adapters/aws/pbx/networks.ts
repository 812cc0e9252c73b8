import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { subnetOf, TRUSTED_MS } from "../../../core/pbx/flood.ts";
import { DependencyError } from "../../../ports/errors.ts";
import type { Networks } from "../../../ports/pbx.ts";
import type { Dynamo } from "../shared/aws-client.ts";
import { call } from "../shared/call.ts";
import { networkKey, toSeconds } from "../shared/dynamo-keys.ts";

const MINUTE_MS = 60_000;
/** A minute's count is swept after an hour, in ms. */
const COUNT_LIFE_MS = 3_600_000;

/** What networks did, in the sessions table: a row for the last login, one for each minute with closings. */
export function dynamoNetworks(client: Dynamo, table: string): Networks {
  const keyOf = (source: string, minute?: number) => ({ pk: networkKey(subnetOf(source), minute) });
  const minuteOf = (at: number) => Math.floor(at / MINUTE_MS);

  async function write(key: object, expression: string, values: Readonly<Record<string, number>>): Promise<void> {
    const input = {
      TableName: table,
      Key: marshall(key),
      UpdateExpression: expression,
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ExpressionAttributeValues: marshall(values),
    };
    await call("dynamodb.UpdateItem", (options) => client.request("UpdateItem", input, options));
  }

  return {
    async recordOf(source, now) {
      const minute = minuteOf(now);
      const keys = [keyOf(source), keyOf(source, minute), keyOf(source, minute - 1)];
      const input = { RequestItems: { [table]: { Keys: keys.map((key) => marshall(key)) } } };
      const { Responses, UnprocessedKeys } = await call("dynamodb.BatchGetItem", (options) => client.request("BatchGetItem", input, options));
      if (Responses === undefined) throw new DependencyError("dynamodb.BatchGetItem", "unavailable");
      if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new DependencyError("dynamodb.BatchGetItem", "throttled");
      const rows = (Responses[table] ?? []).map((item) => unmarshall(item));
      const [trusted, current, before] = keys.map(({ pk }) => rows.find((row) => row["pk"] === pk));
      const closings = (row: typeof trusted) => (row === undefined ? 0 : Number(row["closings"]));
      return { loggedInAt: trusted && Number(trusted["loggedInAt"]), closings: [closings(current), closings(before)] };
    },

    loggedIn: (source, at) =>
      write(keyOf(source), "SET loggedInAt = :at, #ttl = :ttl", { ":at": at, ":ttl": toSeconds(at + TRUSTED_MS) }),

    closed: (source, at) =>
      write(keyOf(source, minuteOf(at)), "ADD closings :one SET #ttl = :ttl", { ":one": 1, ":ttl": toSeconds(at + COUNT_LIFE_MS) }),
  };
}
