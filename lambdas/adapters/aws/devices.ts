import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { DEVICE_LIFE } from "../../core/device.ts";
import type { Devices } from "../../ports/devices.ts";
import { call } from "./call.ts";
import { deviceRow, seconds, tenantAttribute } from "./dynamo-keys.ts";

/** Device rows of the core table (docs/architecture.md): one UpdateItem a change, which makes the row if there is none. */
export function dynamoDevices(client: DynamoDBClient, table: string): Devices {
  return {
    async remember(deviceKey, { domain, goneAt, ...change }, limit) {
      const set = {
        ...change,
        ...(typeof goneAt === "number" && { goneAt }),
        ttl: seconds(change.usedAt + DEVICE_LIFE),
      };
      const names = Object.keys(set);
      const assignments = [
        ...names.map((name) => `#${name} = :${name}`),
        "createdAt = if_not_exists(createdAt, :usedAt)",
        "#tenant = if_not_exists(#tenant, :tenant)",
      ];
      const tenant = { since: change.usedAt, strikes: 0, struckAt: 0 };
      await call(
        "dynamodb.UpdateItem",
        (options) =>
          client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: marshall(deviceRow(deviceKey)),
              UpdateExpression: `SET ${assignments.join(", ")}${goneAt === null ? " REMOVE goneAt" : ""}`,
              ExpressionAttributeNames: {
                ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
                "#tenant": tenantAttribute(domain),
              },
              ExpressionAttributeValues: marshall({
                ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
                ":tenant": tenant,
              }),
            }),
            options,
          ),
        limit,
      );
    },
  };
}
