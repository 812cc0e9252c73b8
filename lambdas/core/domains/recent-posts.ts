import { accountKey } from "../shared/names.ts";
import { sha256 } from "../shared/random-text.ts";
import { marksIn, type SecretMarks } from "../pbx/secret.ts";

/** The answer to one post, as its domain's owner may see it: no token, no payload. */
export interface RecentPost {
  /** First 12 hex digits of the hash of the log event's id, so that an event delivered twice is recognised. */
  readonly id: string;
  /** Unix ms of the answer. */
  readonly at: number;
  /** Account key of the PBX. */
  readonly account: string;
  /** Undefined if the post could not be parsed that far. */
  readonly app?: string;
  readonly kind?: "call" | "notification";
  /** `accepted`, or the name of the error that the PBX got (docs/protocol.md, err names). */
  readonly outcome: string;
  /** From the frame's arrival until its answer. */
  readonly ms: number;
  /** Key of the device row (core/push/token.ts). */
  readonly device?: string;
}

/** Posts in one hour; hours are counted from 1970. */
export interface HourOfPosts {
  readonly hour: number;
  readonly accepted: number;
  readonly failed: number;
}

/** What is kept about a domain's posts. Times in Unix ms. */
export interface RecentPosts {
  readonly domain: string;
  /** Newest first, at most `MAX_POSTS`. */
  readonly posts: readonly RecentPost[];
  /** The last 24 hours, in no particular order; hours without posts are left out. */
  readonly hours: readonly HourOfPosts[];
  /** When each account last posted, by account key; at most `MAX_ACCOUNTS`. */
  readonly lastPostAt: Readonly<Record<string, number>>;
  /** When this was first kept. */
  readonly since: number;
  /** When it was last written: later posts are not in it. */
  readonly writtenAt: number;
  /** Until then someone is watching, and posts are written without delay. */
  readonly watchedUntil: number;
}

/** What a log line says about a domain. */
export type LoggedEvent =
  | { readonly kind: "post"; readonly domain: string; readonly post: RecentPost }
  /** Someone is watching the domain's posts from now on. */
  | { readonly kind: "watch"; readonly domain: string; readonly id: string; readonly at: number };

const MAX_POSTS = 20;
const MAX_ACCOUNTS = 8;
/** Names that a PBX chooses are cut to this many characters. */
const MAX_NAME = 64;
const HOUR_MS = 3_600_000;
const HOURS = 24;
/** How long a watch lasts, in ms. Meanwhile, and in a domain's first hour, new posts are written immediately. */
export const WATCH_MS = HOUR_MS;
/** Time between writes for a domain that nobody is watching, in ms: with and without a failed post among new ones. */
const WRITE_EVERY_MS = { failed: 600_000, accepted: 1_200_000 } as const;

/** Messages of the log lines that `history` subscribes to; lib filters by them. */
export const POST_LINE = "post answered";
export const WATCH_LINE = "posts watched";

export const isAccepted = ({ outcome }: Pick<RecentPost, "outcome">): boolean => outcome === "accepted";

/** Reads one log event; undefined if it is not about a domain's posts. Never throws: log lines are not trusted. */
export function parseLoggedEvent(eventId: string, text: string): LoggedEvent | undefined {
  const line = parse(text);
  const { message, account, time } = line;
  if (typeof account !== "string" || !isTime(time)) return undefined;
  const { domain } = accountKey(account);
  const id = sha256(eventId).slice(0, 12);
  if (message === WATCH_LINE) return { kind: "watch", domain, id, at: time };
  if (message !== POST_LINE || typeof line["outcome"] !== "string") return undefined;
  const { app, type, outcome, ms, device } = line;
  const post: RecentPost = {
    id,
    at: time,
    account: account.slice(0, domain.length + MAX_NAME),
    ...(typeof app === "string" && { app: app.slice(0, MAX_NAME) }),
    ...((type === "call" || type === "notification") && { kind: type }),
    outcome: outcome.slice(0, MAX_NAME),
    ms: typeof ms === "number" ? Math.min(Math.max(Math.round(ms), 0), 65_535) : 0,
    ...(typeof device === "string" && /^[\w-]{43}$/u.test(device) && { device }),
  };
  return { kind: "post", domain, post };
}

/** Unix ms that fit in 48 bits. */
const isTime = (ms: unknown): ms is number => Number.isInteger(ms) && Number(ms) > 0 && Number(ms) < 2 ** 47;

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(text) as Readonly<Record<string, unknown>>) }; // null becomes an object without members
  } catch {
    return {};
  }
}

/** Adds posts in any order; a post that is already there changes nothing. */
export function addPosts(
  before: RecentPosts | undefined,
  domain: string,
  posts: readonly RecentPost[],
  watchedUntil: number,
  now: number,
): RecentPosts {
  const known = new Set(before?.posts.map(({ id }) => id));
  const fresh = [...new Map(posts.filter(({ id }) => !known.has(id)).map((post) => [post.id, post])).values()];
  const newestFirst = (one: RecentPost, other: RecentPost) => other.at - one.at || (one.id < other.id ? 1 : -1);
  return {
    domain,
    posts: [...(before?.posts ?? []), ...fresh].sort(newestFirst).slice(0, MAX_POSTS),
    hours: addHours(before?.hours, fresh, now),
    lastPostAt: addAccounts(before?.lastPostAt ?? {}, fresh),
    since: before?.since ?? now,
    writtenAt: now,
    watchedUntil: Math.max(before?.watchedUntil ?? 0, watchedUntil),
  };
}

function addHours(
  before: readonly HourOfPosts[] | undefined,
  posts: readonly RecentPost[],
  now: number,
): readonly HourOfPosts[] {
  const hours = new Map(before?.map((each) => [each.hour, each]));
  for (const post of posts) {
    const hour = Math.floor(post.at / HOUR_MS);
    const { accepted, failed } = hours.get(hour) ?? { accepted: 0, failed: 0 };
    const good = isAccepted(post) ? 1 : 0;
    hours.set(hour, { hour, accepted: accepted + good, failed: failed + 1 - good });
  }
  return [...hours.values()].filter(({ hour }) => isOfLastDay(hour, now));
}

const isOfLastDay = (hour: number, now: number): boolean => hour > Math.floor(now / HOUR_MS) - HOURS;

function addAccounts(before: Readonly<Record<string, number>>, posts: readonly RecentPost[]) {
  const last = new Map(Object.entries(before));
  for (const { account, at } of posts) last.set(account, Math.max(at, last.get(account) ?? 0));
  return Object.fromEntries([...last].sort(([, one], [, other]) => other - one).slice(0, MAX_ACCOUNTS));
}

/** Whether a domain's new posts should be written now. */
export function isDue(
  written: Pick<RecentPosts, "since" | "writtenAt" | "watchedUntil"> | undefined,
  posts: readonly RecentPost[],
  watchedUntil: number,
  now: number,
): boolean {
  if (written === undefined || now < Math.max(written.watchedUntil, watchedUntil)) return true;
  if (now - written.since < WATCH_MS) return true;
  const every = posts.every(isAccepted) ? WRITE_EVERY_MS.accepted : WRITE_EVERY_MS.failed;
  return now - written.writtenAt >= every;
}

/** What the owner of an account may see of its posts. Times in Unix ms. */
export interface PostsView {
  /** Newest first. */
  readonly posts: readonly RecentPost[];
  /** Counts of the last 24 hours; undefined for an account under a domain, as they are kept per domain. */
  readonly day?: { readonly accepted: number; readonly failed: number };
  readonly lastPostAt: Readonly<Record<string, number>>;
  readonly writtenAt: number;
}

/**
 * Leaves out posts made with secrets of an earlier holding: a domain that ends, or changes hands without its owner's
 * consent, gets a secret that has no predecessors.
 *
 * @param from Unix ms; an owner who got the domain with its secret sees no posts from before
 */
export function viewPosts(kept: RecentPosts, account: string, secrets: SecretMarks, now: number, from = 0): PostsView {
  const since = Math.max(from, Math.min(...marksIn(secrets).map(({ issuedAt }) => issuedAt)));
  const covered = (name: string) => name === account || name.startsWith(`${account}/`);
  const posts = kept.posts.filter((post) => covered(post.account) && post.at >= since);
  const hours = kept.hours.filter(({ hour }) => isOfLastDay(hour, now) && hour * HOUR_MS >= since);
  // In the hour when the holding began, only the posts still listed certainly belong to it.
  const firstHour = Math.floor(since / HOUR_MS);
  const cut = firstHour * HOUR_MS < since && isOfLastDay(firstHour, now);
  const begun = cut ? posts.filter(({ at }) => Math.floor(at / HOUR_MS) === firstHour) : [];
  const accepted = hours.reduce((sum, each) => sum + each.accepted, begun.filter(isAccepted).length);
  const all = hours.reduce((sum, each) => sum + each.accepted + each.failed, begun.length);
  return {
    posts,
    ...(account === kept.domain && { day: { accepted, failed: all - accepted } }),
    lastPostAt: Object.fromEntries(
      Object.entries(kept.lastPostAt).filter(([name, at]) => covered(name) && at >= since),
    ),
    writtenAt: kept.writtenAt,
  };
}

/** Leaves out accounts under the domain that are not its owner's, and the counts, as they include theirs. */
export function withoutAccounts({ day, ...view }: PostsView, hidden: ReadonlySet<string>): PostsView {
  return {
    ...view,
    posts: view.posts.filter(({ account }) => !hidden.has(account)),
    lastPostAt: Object.fromEntries(Object.entries(view.lastPostAt).filter(([account]) => !hidden.has(account))),
    ...(day !== undefined && hidden.size === 0 && { day }),
  };
}

/** A phone that posts recently went to, by the key of its device row. */
export interface RecentPhone {
  readonly device: string;
  readonly app: string;
  /** Time of its newest post, Unix ms. */
  readonly at: number;
}

/** Each phone once, newest first. */
export function phonesIn(posts: readonly RecentPost[]): readonly RecentPhone[] {
  const phones = new Map<string, RecentPhone>();
  for (const { device, app, at } of posts)
    if (device !== undefined && app !== undefined && !phones.has(device)) phones.set(device, { device, app, at });
  return [...phones.values()];
}

/** When the account, or one that it covers, last posted. */
export function lastPostOf({ lastPostAt }: PostsView): number | undefined {
  const times = Object.values(lastPostAt);
  return times.length === 0 ? undefined : Math.max(...times);
}
