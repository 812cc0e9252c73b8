import { type Breaker, isBelieved } from "./breaker.ts";

/** What is remembered about a device token, and what that means for the next post. Times in Unix ms. */
export interface Device {
  /** SNS platform endpoint of the token; shared by all tenants. */
  readonly endpointArn: string;
  readonly createdAt: number;
  /** When the row was last known to be in use; it is deleted `DEVICE_LIFE_MS` later. */
  readonly usedAt: number;
  /** When SNS first accepted a wake-up since the endpoint was made or switched on; undefined: not yet. */
  readonly goodSince: number | undefined;
  /** When the vendor was found to no longer know the token. */
  readonly goneAt: number | undefined;
  /** When we last switched a disabled endpoint on again. */
  readonly enabledAt: number | undefined;
  /** How often it was switched on and marked gone again since the last wake-up known to be good; undefined: never. */
  readonly tries: number | undefined;
  /** The asking tenant's use of the token; undefined if it never used it before. */
  readonly tenant: Tenant | undefined;
}

/** One domain's use of a token. The outcome of one tenant's push reaches only those that used the token before. */
export interface Tenant {
  readonly since: number;
  /** Messages that the vendor refused as invalid, in the hour from `countedFrom` on. */
  readonly strikes: number;
  readonly countedFrom: number;
  readonly struckAt: number;
}

const DAY_MS = 86_400_000;
/** How long an unused row is kept, in ms. */
export const DEVICE_LIFE_MS = 180 * DAY_MS;
/** A row in use is rewritten at most once in this time, in ms. */
const REFRESH_MS = 7 * DAY_MS;
/** After this many refused messages in one window, posts are refused for `STRIKE_PENALTY_MS`. */
const MAX_STRIKES = 5;
/** Strikes are counted in windows of this length, in ms; the first strike opens one. */
export const STRIKE_WINDOW_MS = 3_600_000; // 1 hour
const STRIKE_PENALTY_MS = 600_000; // 10 minutes
/** Pauses before a gone token is tried again, in ms; then it is once a day. */
const TRY_AGAIN_AFTER_MS = [5, 15, 60, 6 * 60].map((minutes) => minutes * 60_000);
/** SNS shows changes of an endpoint late (docs/sns.md, rule 9): for this long we conclude nothing from it, in ms. */
const SETTLING_MS = 60_000; // 1 minute

export type Plan = "create" | "publish" | "enable" | "answer-gone" | "answer-bad-message";

/** What a post for this device does first. */
export function planFor(device: Device | undefined, now: number, breaker?: Breaker): Plan {
  if (device === undefined) return "create";
  const { tenant, goneAt } = device;
  // A tenant new to the token learns nothing from the row: SNS decides.
  if (tenant === undefined) return "publish";
  if (tenant.strikes >= MAX_STRIKES && now - tenant.struckAt < STRIKE_PENALTY_MS) return "answer-bad-message";
  if (goneAt === undefined || goneAt <= tenant.since || !isBelieved(goneAt, breaker)) return "publish";
  return mayEnable(device, now, breaker) ? "enable" : "answer-gone";
}

type Marks = Partial<Pick<Device, "enabledAt" | "goneAt" | "goodSince" | "tries">>;

/**
 * A phone may come back with its old token, which nothing reports: SNS keeps the endpoint disabled until it is switched
 * on (docs/sns.md, rule 10). So a gone token is tried again, at growing intervals.
 */
export function mayEnable(device: Marks, now: number, breaker?: Breaker): boolean {
  const { enabledAt, goneAt } = device;
  const marked = goneAt !== undefined && isBelieved(goneAt, breaker) ? goneAt : undefined;
  const since = Math.max(enabledAt ?? -Infinity, marked ?? -Infinity);
  return now - since >= (TRY_AGAIN_AFTER_MS[triesOf(device, now)] ?? DAY_MS);
}

/** Tries including one now: a token that was not marked gone since the last one is still in the same try. */
export const nextTries = (device: Marks, now: number): number =>
  triesOf(device, now) + (device.goneAt === undefined ? 0 : 1);

/** Tries so far; a wake-up that was accepted without a failure for a while resets them. */
function triesOf({ goodSince, goneAt, tries = 0 }: Marks, now: number): number {
  const isGood = (goneAt ?? now) - (goodSince ?? Infinity) >= SETTLING_MS;
  return isGood ? 0 : tries;
}

/** Whether SNS's "disabled" is new: the row does not say so, and no change of ours may still be taking effect. */
export const isNews = ({ enabledAt, goneAt }: Device, now: number): boolean =>
  goneAt === undefined && (enabledAt === undefined || now - enabledAt >= SETTLING_MS);

/**
 * Whether the tenant used the token before it was gone: only then do we answer that it is gone. Others always get the
 * answer for a wrong token, which does not reveal that someone else's phone was known here.
 */
export const knewItGood = ({ tenant, goneAt }: Device, now: number): boolean =>
  tenant !== undefined && tenant.since < (goneAt ?? now);

/** Whether the row should be written beside a Publish. */
export const needsRefresh = ({ usedAt, goodSince, tenant }: Device, now: number): boolean =>
  tenant === undefined || goodSince === undefined || now - usedAt >= REFRESH_MS;

/**
 * Why a phone known only by its row, without its token, gets no test push. `forgotten`: this domain has no row for it,
 * or the row has no endpoint. `shared`: another domain has used the token and may be the one using it now. `gone`: its
 * endpoint is off, and only the token can switch it on.
 */
export type Untestable = "forgotten" | "shared" | "gone";

/** @param device as the domain may see it @param isShared whether another domain has used it */
export function whyUntestable(
  device: Device | undefined,
  isShared: boolean,
  now: number,
  breaker?: Breaker,
): Untestable | undefined {
  if (device?.tenant === undefined) return "forgotten";
  if (isShared) return "shared";
  const plan = planFor(device, now, breaker);
  return plan === "answer-gone" || plan === "enable" ? "gone" : undefined;
}
