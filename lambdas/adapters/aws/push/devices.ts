import { DEVICE_LIFE_MS, type Tenant } from "../../../core/push/device.ts";
import type { DeviceChange, Devices } from "../../../ports/push.ts";
import type { Dynamo } from "../client/aws-client.ts";
import { deviceRow, tenantAttribute, toSeconds } from "../shared/dynamo-keys.ts";
import { tableWriter } from "../shared/dynamo-table.ts";
import { toDeviceRow } from "./device-row.ts";

/** Device rows of the core table (docs/architecture.md): one UpdateItem per change, which creates a missing row. */
export function dynamoDevices(client: Dynamo, table: string): Devices {
  const core = tableWriter(client, table);

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
    const row = await core.update(
      deviceRow(deviceKey),
      {
        change: `SET ${assignments.join(", ")}${removed.length > 0 ? ` REMOVE ${removed.join(", ")}` : ""}`,
        ...(conditions.length > 0 && { when: conditions.join(" AND ") }),
        names: { tenant: tenantAttribute(domain) },
        values: {
          ...Object.fromEntries([...set, ...expected.map(([name, value]) => [`seen_${name}`, value] as const)]),
          tenant,
        },
      },
      "ALL_NEW",
      limit,
    );
    return toDeviceRow(row);
  }

  return {
    remember: (deviceKey, change, limit) => update(deviceKey, change, {}, limit),
    compareAndSet: (deviceKey, change, { enabledAt, goneAt }, limit) =>
      update(deviceKey, change, { enabledAt, goneAt }, limit),

    async forgetGone(deviceKey, at, limit) {
      const change = {
        change: "SET liftedAt = :at REMOVE goneAt, enabledAt, tries",
        when: "attribute_exists(goneAt) OR attribute_exists(enabledAt)",
        values: { at },
      };
      return (await core.update(deviceRow(deviceKey), change, undefined, limit)) !== undefined;
    },
  };
}
