/** What is remembered of a device token, and what that means for the next post. Times in Unix ms. */
export interface Device {
  /** SNS platform endpoint of the token; shared by all tenants. */
  readonly endpointArn: string;
  readonly createdAt: number;
  /** When the row was last known to be in use; it is swept `DEVICE_LIFE` later. */
  readonly usedAt: number;
  /** The vendor no longer knew the token at that time. */
  readonly goneAt: number | undefined;
  /** When we last switched a disabled endpoint on again. */
  readonly enabledAt: number | undefined;
  /** What this device has seen of the tenant that asks; undefined if it never used the token before. */
  readonly tenant: Tenant | undefined;
}

/** One domain's use of a token: an outcome learned from another tenant's push reaches only who used the token before. */
export interface Tenant {
  readonly since: number;
  /** Messages in a row that the vendor refused as invalid. */
  readonly strikes: number;
  readonly struckAt: number;
}

const DAY = 86_400_000;
/** A row that nobody used for this long is swept, in ms. */
export const DEVICE_LIFE = 180 * DAY;
/** A row in use is written again at most this often, in ms. */
const REFRESH = 7 * DAY;
/** So many refused messages in a row, and the next posts hear of it for `STRIKE_PENALTY` ms. */
export const MAX_STRIKES = 5;
const STRIKE_PENALTY = 600_000; // 10 minutes

export type Plan = "create" | "publish" | "enable" | "answer-gone" | "answer-bad-message";

/** What a post for this device does first. */
export function planFor(device: Device | undefined, now: number): Plan {
  if (device === undefined) return "create";
  const { tenant, goneAt } = device;
  // A tenant new to the token learns nothing from the row: SNS decides.
  if (tenant === undefined) return "publish";
  if (tenant.strikes >= MAX_STRIKES && now - tenant.struckAt < STRIKE_PENALTY) return "answer-bad-message";
  if (goneAt === undefined || goneAt < tenant.since) return "publish";
  return mayEnable(device, now) && now - goneAt >= DAY ? "enable" : "answer-gone";
}

/** A disabled endpoint is switched on again at most once per token and day: SNS would only disable it again. */
export const mayEnable = ({ enabledAt }: Device, now: number): boolean =>
  enabledAt === undefined || now - enabledAt >= DAY;

/** Whether the row should be written, beside a Publish, to stay. */
export const needsRefresh = ({ usedAt, tenant }: Device, now: number): boolean =>
  tenant === undefined || now - usedAt >= REFRESH;
