import type { Tenant } from "../../../core/push/device.ts";
import type { DeviceRow } from "../../../ports/push.ts";
import { isTenant, tenantAttribute } from "../shared/dynamo-keys.ts";

type Row = Readonly<Record<string, unknown>>;

export const time = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** A device row of the core table as use cases see it; undefined if it has no endpoint. */
export function toDeviceRow(row: Row | undefined): DeviceRow | undefined {
  const endpointArn = row?.["endpointArn"];
  if (row === undefined || typeof endpointArn !== "string") return undefined;
  return {
    seenBy: (domain) => ({
      endpointArn,
      createdAt: time(row["createdAt"]) ?? 0,
      usedAt: time(row["usedAt"]) ?? 0,
      goodSince: time(row["goodSince"]),
      goneAt: time(row["goneAt"]),
      enabledAt: time(row["enabledAt"]),
      tries: time(row["tries"]),
      tenant: row[tenantAttribute(domain)] as Tenant | undefined,
    }),
    isShared: (domain) => Object.keys(row).some((name) => isTenant(name) && name !== tenantAttribute(domain)),
  };
}

/** Row of a breaker as use cases see it. */
export const toBreaker = (row: Row | undefined) =>
  row && { openedAt: time(row["openedAt"]) ?? 0, openUntil: time(row["openUntil"]) ?? 0 };
