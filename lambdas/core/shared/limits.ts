import { networkOf, subnetOf } from "./network.ts";

/** Every configurable limit, a count per the period in its name (lib/config/limits.ts holds the defaults). */
export interface Limits {
  readonly mailsPerAddressPerHour: number;
  readonly mailsPerAddressPerDay: number;
  readonly mailsPerDomainPerHour: number;
  readonly mailsPerDomainPerDay: number;
  /** Half are reserved for people with a part in a domain (core/mail/allowances.ts). */
  readonly mailsPerDay: number;
  /** To an address with a right to the domains that the emails are about, from all sources together. */
  readonly memberMailsPerAddressPerDay: number;
  /** Notices to owners and claimants about their domain; nobody else can use these up. */
  readonly noticesPerAddressPerDay: number;
  /** By subnet, like every limit by source; the network around it gets NETWORK_FACTOR times as many. */
  readonly requestsPerSourcePerHour: number;
  /** DNS lookups for one visitor. */
  readonly proofsPerAddressPerHour: number;
  /** Lookups of when a domain's sockets were last active; each takes a call per socket. */
  readonly activityPerAddressPerHour: number;
  /** Sent by a domain's owner to phones that the domain has recently used. */
  readonly testPushesPerDomainPerHour: number;
  /** For a registration, and for a link to a domain's page. */
  readonly wrongCodesPerRegistration: number;
  readonly failedLoginsPerSourceAndAccountPerMinute: number;
  /** For a domain with all its accounts, in one execution environment (core/shared/recent.ts). */
  readonly postsPerDomainPerSecond: number;
  /** Tokens that became endpoints (core/push/new-tokens.ts). */
  readonly newTokensPerDomainInFirstHour: number;
  /** After that, plus a tenth of the known tokens. */
  readonly newTokensPerDomainPerHour: number;
  /** One account's posts to one token: this many at once, then one per second, in one execution environment. */
  readonly postsPerTokenAtOnce: number;
  /** The breaker of an app opens when more of its once-good tokens are disabled. */
  readonly disabledTokensPerMinute: number;
}

/** Those that affect a domain's owner, shown on the domain's page. */
export type OwnersLimits = Pick<
  Limits,
  | "postsPerDomainPerSecond"
  | "postsPerTokenAtOnce"
  | "newTokensPerDomainInFirstHour"
  | "newTokensPerDomainPerHour"
  | "testPushesPerDomainPerHour"
>;

/** A limit to count against, e.g. emails to one address in this hour. */
export interface Allowance {
  /** Names the limit in metrics and rows. */
  readonly name: string;
  /** What is limited, e.g. an address; stored as a hash. */
  readonly subject: string;
  /** Most in one window. */
  readonly most: number;
  /** Length of a window in ms; windows are fixed to the clock. */
  readonly window: number;
}

/** How much looser a limit by source is for the network around a subnet. */
export const NETWORK_FACTOR = 3;

/** A limit by source: one for the subnet, and a looser one for the network around it. For IPv4 both are the address. */
export function bySource({ name, subject, most, window }: Allowance, source: string): readonly Allowance[] {
  const [subnet, network] = [subnetOf(source), networkOf(source)];
  const narrow = { name, subject: `${subject} from ${subnet}`, most, window };
  const wide = { name: `${name}-network`, subject: `${subject} from ${network}`, most: most * NETWORK_FACTOR, window };
  return subnet === network ? [narrow] : [narrow, wide];
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Registrations, resends and links that one source requests. */
export const requestAllowances = ({ requestsPerSourcePerHour: most }: Limits, source: string): readonly Allowance[] =>
  bySource({ name: "requests-source", subject: "requests", most, window: HOUR_MS }, source);

/** End of the window that `now` is in; both in Unix ms. */
export const windowEnd = ({ window }: Allowance, now: number): number => (Math.floor(now / window) + 1) * window;
