import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { STRIKE_WINDOW_MS } from "../../../core/push/device.ts";
import type { Outcomes } from "../../../ports/push.ts";
import { call } from "../shared/call.ts";
import { time, toBreaker } from "./device-row.ts";
import { breakerRow, toSeconds } from "../shared/dynamo-keys.ts";

const MINUTE = 60_000;
/** A minute's count is swept after an hour, in ms. */
const COUNT_LIFE_MS = 3_600_000;
/** A breaker's row is swept when the last mark that it disowns no longer counts, in ms. */
const BREAKER_LIFE_MS = 2 * 86_400_000;

/** Device rows found by endpoint ARN, and the breakers, in the core table. */
export function dynamoOutcomes(client: DynamoDBClient, table: string): Outcomes {
  /** An update whose condition did not hold changes nothing and is no failure. */
  async function update(key: object, input: Omit<UpdateItemCommandInput, "TableName" | "Key">) {
    return call("dynamodb.UpdateItem", async (options) => {
      try {
        return await client.send(new UpdateItemCommand({ TableName: table, Key: marshall(key), ...input }), options);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    });
  }

  async function get(key: object) {
    const command = new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true });
    const { Item } = await call("dynamodb.GetItem", (options) => client.send(command, options));
    return Item && unmarshall(Item);
  }

  const device = (key: string) => ({ pk: key, sk: "DEVICE" });

  return {
    async find(endpointArn) {
      const command = new QueryCommand({
        TableName: table,
        IndexName: "byEndpoint",
        KeyConditionExpression: "endpointArn = :arn",
        ExpressionAttributeValues: marshall({ ":arn": endpointArn }),
        Limit: 1,
      });
      const { Items } = await call("dynamodb.Query", (options) => client.send(command, options));
      const pk = Items?.[0]?.["pk"]?.S;
      const row = pk === undefined ? undefined : await get(device(pk));
      // The index shows changes late: the row may have another endpoint by now.
      if (pk === undefined || row?.["endpointArn"] !== endpointArn) return undefined;
      return {
        key: pk,
        app: String(row["app"]),
        goodSince: time(row["goodSince"]),
        enabledAt: time(row["enabledAt"]),
        tenants: Object.keys(row).filter((name) => name.startsWith("t:")),
      };
    },

    async markGone(key, at) {
      const marked = await update(device(key), {
        UpdateExpression: "SET goneAt = :at",
        ConditionExpression:
          "attribute_exists(pk) AND attribute_not_exists(goneAt) AND (attribute_not_exists(enabledAt) OR enabledAt <= :at)",
        ExpressionAttributeValues: marshall({ ":at": at }),
      });
      return marked !== undefined;
    },

    async forgetEndpoint(key, endpointArn) {
      await update(device(key), {
        UpdateExpression: "REMOVE endpointArn",
        ConditionExpression: "endpointArn = :arn",
        ExpressionAttributeValues: marshall({ ":arn": endpointArn }),
      });
    },

    async strike(key, tenant, at) {
      const struck = await update(device(key), {
        UpdateExpression: "SET #t.strikes = #t.strikes + :one, #t.struckAt = :at",
        ConditionExpression: "#t.countedFrom > :window",
        ExpressionAttributeNames: { "#t": tenant },
        ExpressionAttributeValues: marshall({ ":one": 1, ":at": at, ":window": at - STRIKE_WINDOW_MS }),
      });
      if (struck !== undefined) return;
      await update(device(key), {
        UpdateExpression: "SET #t.strikes = :one, #t.countedFrom = :at, #t.struckAt = :at",
        ConditionExpression: "attribute_exists(#t)",
        ExpressionAttributeNames: { "#t": tenant },
        ExpressionAttributeValues: marshall({ ":one": 1, ":at": at }),
      });
    },

    async countDisabled(app, at) {
      const minute = Math.floor(at / MINUTE);
      const counted = await update(
        { pk: breakerRow(app).pk, sk: `MINUTE#${String(minute)}` },
        {
          UpdateExpression: "ADD #count :one SET #ttl = :ttl",
          ExpressionAttributeNames: { "#count": "count", "#ttl": "ttl" },
          ExpressionAttributeValues: marshall({ ":one": 1, ":ttl": toSeconds(at + COUNT_LIFE_MS) }),
          ReturnValues: "UPDATED_NEW",
        },
      );
      return Number(counted?.Attributes?.["count"]?.N ?? 0);
    },

    async breakerOf(app) {
      return toBreaker(await get(breakerRow(app)));
    },

    async openBreaker(app, { openedAt, openUntil }) {
      await update(breakerRow(app), {
        UpdateExpression: "SET openedAt = :from, openUntil = :until, #ttl = :ttl",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: marshall({
          ":from": openedAt,
          ":until": openUntil,
          ":ttl": toSeconds(openUntil + BREAKER_LIFE_MS),
        }),
      });
    },
  };
}
