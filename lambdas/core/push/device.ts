import { type Breaker, isBelieved } from "./breaker.ts";

/** What is remembered of a device token, and what that means for the next post. Times in Unix ms. */
export interface Device {
  /** SNS platform endpoint of the token; shared by all tenants. */
  readonly endpointArn: string;
  readonly createdAt: number;
  /** When the row was last known to be in use; it is swept `DEVICE_LIFE_MS` later. */
  readonly usedAt: number;
  /** When SNS first accepted a wake-up since the endpoint was made or switched on; undefined: not yet. */
  readonly goodSince: number | undefined;
  /** The vendor no longer knew the token at that time. */
  readonly goneAt: number | undefined;
  /** When we last switched a disabled endpoint on again. */
  readonly enabledAt: number | undefined;
  /** How often it was switched on, marked gone each time, since a wake-up was last known to be good; undefined: never. */
  readonly tries: number | undefined;
  /** What this device has seen of the tenant that asks; undefined if it never used the token before. */
  readonly tenant: Tenant | undefined;
}

/** One domain's use of a token: an outcome learned from another tenant's push reaches only who used the token before. */
export interface Tenant {
  readonly since: number;
  /** Messages that the vendor refused as invalid, of those in the hour from `countedFrom` on. */
  readonly strikes: number;
  readonly countedFrom: number;
  readonly struckAt: number;
}

const DAY_MS = 86_400_000;
/** A row that nobody used for this long is swept, in ms. */
export const DEVICE_LIFE_MS = 180 * DAY_MS;
/** A row in use is written again at most this often, in ms. */
const REFRESH_MS = 7 * DAY_MS;
/** So many refused messages in one window, and the next posts hear of it for `STRIKE_PENALTY_MS` ms. */
const MAX_STRIKES = 5;
/** Strikes are counted in windows of this length, in ms; the first strike opens one. */
export const STRIKE_WINDOW_MS = 3_600_000; // 1 hour
const STRIKE_PENALTY_MS = 600_000; // 10 minutes
/** A gone token is tried again after so long, in ms: the second time after the second, and so on; then once a day. */
const TRY_AGAIN_AFTER_MS = [5, 15, 60, 6 * 60].map((minutes) => minutes * 60_000);
/** A changed endpoint shows late at SNS (docs/sns.md, rule 9): this long nothing is concluded from it, in ms. */
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
 * A phone may come back with the token it had, and nobody tells us: SNS keeps the endpoint disabled until it is switched on
 * (docs/sns.md, rule 10). So a gone token is tried again, ever more rarely.
 */
export function mayEnable(device: Marks, now: number, breaker?: Breaker): boolean {
  const { enabledAt, goneAt } = device;
  const marked = goneAt !== undefined && isBelieved(goneAt, breaker) ? goneAt : undefined;
  const since = Math.max(enabledAt ?? -Infinity, marked ?? -Infinity);
  return now - since >= (TRY_AGAIN_AFTER_MS[triesOf(device, now)] ?? DAY_MS);
}

/** How many tries there will have been with one now: what was not marked gone since the last is still the same try. */
export const nextTries = (device: Marks, now: number): number =>
  triesOf(device, now) + (device.goneAt === undefined ? 0 : 1);

/** A wake-up that was accepted, and heard nothing bad of for a while, starts over. */
function triesOf({ goodSince, goneAt, tries = 0 }: Marks, now: number): number {
  const isGood = (goneAt ?? now) - (goodSince ?? Infinity) >= SETTLING_MS;
  return isGood ? 0 : tries;
}

/** Whether SNS's "disabled" is news: the row does not have it, and no change of ours is still on its way. */
export const isNews = ({ enabledAt, goneAt }: Device, now: number): boolean =>
  goneAt === undefined && (enabledAt === undefined || now - enabledAt >= SETTLING_MS);

/**
 * Whether the tenant used the token before it was gone: only then does it hear that it is gone. Any other hears what any
 * wrong token gets, today and tomorrow, and not that someone else's phone was known here.
 */
export const knewItGood = ({ tenant, goneAt }: Device, now: number): boolean =>
  tenant !== undefined && tenant.since < (goneAt ?? now);

/** Whether the row should be written, beside a Publish, to stay. */
export const needsRefresh = ({ usedAt, goodSince, tenant }: Device, now: number): boolean =>
  tenant === undefined || goodSince === undefined || now - usedAt >= REFRESH_MS;

/**
 * Why a phone that is known by its row alone, without its token, gets no test push. `forgotten`: there is no row of this
 * domain's, or no endpoint. `shared`: another domain has used the token, and may be the one that uses it now: the row does
 * not tell. `gone`: its endpoint is off, and is switched on by the token alone.
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
