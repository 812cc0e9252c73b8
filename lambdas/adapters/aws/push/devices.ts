import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { DEVICE_LIFE_MS, type Tenant } from "../../../core/push/device.ts";
import type { DeviceChange, Devices } from "../../../ports/push.ts";
import { type Dynamo, isNamed } from "../shared/aws-client.ts";
import { call } from "../shared/call.ts";
import { toDeviceRow } from "./device-row.ts";
import { deviceRow, toSeconds, tenantAttribute } from "../shared/dynamo-keys.ts";

/** Device rows of the core table (docs/architecture.md): one UpdateItem a change, which makes the row if there is none. */
export function dynamoDevices(client: Dynamo, table: string): Devices {
  async function update(deviceKey: string, { domain, ...change }: DeviceChange, seen: object, limit: number) {
    const tenant: Tenant = { since: change.usedAt, strikes: 0, countedFrom: 0, struckAt: 0 };
    const members = Object.entries({ ...change, ttl: toSeconds(change.usedAt + DEVICE_LIFE_MS) });
    const set = members.filter(([, value]) => value !== null && value !== undefined);
    const removed = members.flatMap(([name, value]) => (value === null ? [`#${name}`] : []));
    const expected = Object.entries(seen);
    const assignments = [
      ...set.map(([name]) => `#${name} = :${name}`),
      "createdAt = if_not_exists(createdAt, :usedAt)",
      "#tenant = if_not_exists(#tenant, :tenant)",
    ];
    const conditions = expected.map(([name, value]) =>
      value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :seen_${name}`,
    );
    const input = {
      TableName: table,
      Key: marshall(deviceRow(deviceKey)),
      UpdateExpression: `SET ${assignments.join(", ")}${removed.length > 0 ? ` REMOVE ${removed.join(", ")}` : ""}`,
      ...(conditions.length > 0 && { ConditionExpression: conditions.join(" AND ") }),
      ExpressionAttributeNames: {
        ...Object.fromEntries([...members, ...expected].map(([name]) => [`#${name}`, name])),
        "#tenant": tenantAttribute(domain),
      },
      ExpressionAttributeValues: marshall(
        {
          ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
          ...Object.fromEntries(expected.map(([name, value]) => [`:seen_${name}`, value])),
          ":tenant": tenant,
        },
        { removeUndefinedValues: true },
      ),
      ReturnValues: "ALL_NEW" as const,
    };
    return call(
      "dynamodb.UpdateItem",
      async (options) => {
        try {
          const { Attributes } = await client.request("UpdateItem", input, options);
          return toDeviceRow(Attributes && unmarshall(Attributes));
        } catch (error) {
          if (isNamed(error, "ConditionalCheckFailedException")) return undefined;
          throw error;
        }
      },
      limit,
    );
  }

  return {
    remember: (deviceKey, change, limit) => update(deviceKey, change, {}, limit),
    compareAndSet: (deviceKey, change, { enabledAt, goneAt }, limit) => update(deviceKey, change, { enabledAt, goneAt }, limit),
  };
}
