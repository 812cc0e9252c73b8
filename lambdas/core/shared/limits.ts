import { networkOf, subnetOf } from "./network.ts";

/** Every limit there is, in configuration (lib/config.ts holds the defaults). All are counts per the period in the name. */
export interface Limits {
  readonly mailsPerAddressPerHour: number;
  readonly mailsPerAddressPerDay: number;
  readonly mailsPerDomainPerHour: number;
  readonly mailsPerDomainPerDay: number;
  /** Half of them are kept for people with a part in a domain (core/mail/allowances.ts). */
  readonly mailsPerDay: number;
  /** From all sources together, to an address with a right to the domains they are about. */
  readonly memberMailsPerAddressPerDay: number;
  /** Emails that notify owners and claimants of what became of their domain; nobody else can use these up. */
  readonly noticesPerAddressPerDay: number;
  /** By subnet, as every limit by source; the network around it has NETWORK_FACTOR times as many. */
  readonly requestsPerSourcePerHour: number;
  /** Looks at the DNS for one visitor. */
  readonly proofsPerAddressPerHour: number;
  /** Looks at when the sockets of a domain were last heard of, each a call per socket. */
  readonly activityPerAddressPerHour: number;
  /** That a domain's owner sends to phones that the domain used lately. */
  readonly testPushesPerDomainPerHour: number;
  /** Of a registration, and of a link to a domain's page. */
  readonly wrongCodesPerRegistration: number;
  readonly failedLoginsPerSourceAndAccountPerMinute: number;
  /** Of a domain with all its accounts, in one execution environment (core/shared/recent.ts). */
  readonly postsPerDomainPerSecond: number;
  /** Tokens that became endpoints (core/push/new-tokens.ts). */
  readonly newTokensPerDomainInFirstHour: number;
  /** Later on; a tenth of the known ones comes on top. */
  readonly newTokensPerDomainPerHour: number;
  /** One account's posts to one token: so many at once, then one a second, in one execution environment. */
  readonly postsPerTokenAtOnce: number;
  /** Once-good tokens of one app: more than this disabled, and the breaker opens. */
  readonly disabledTokensPerMinute: number;
}

/** Those that the owner of a domain meets, and sees on its page. */
export type OwnersLimits = Pick<
  Limits,
  | "postsPerDomainPerSecond"
  | "postsPerTokenAtOnce"
  | "newTokensPerDomainInFirstHour"
  | "newTokensPerDomainPerHour"
  | "testPushesPerDomainPerHour"
>;

/** A limit to count against, e.g. emails of one address in this hour. */
export interface Allowance {
  /** Names the limit in metrics and rows. */
  readonly name: string;
  /** Whose; it is stored as a hash. */
  readonly subject: string;
  /** Most in one window. */
  readonly most: number;
  /** Length of a window in ms; windows are fixed to the clock. */
  readonly window: number;
}

/** How much looser a limit by source is for the network around a subnet. */
export const NETWORK_FACTOR = 3;

/** A limit by source: by subnet, and a looser one by the network around it. With IPv4 both are the address. */
export function bySource({ name, subject, most, window }: Allowance, source: string): readonly Allowance[] {
  const [subnet, network] = [subnetOf(source), networkOf(source)];
  const narrow = { name, subject: `${subject} from ${subnet}`, most, window };
  const wide = { name: `${name}-network`, subject: `${subject} from ${network}`, most: most * NETWORK_FACTOR, window };
  return subnet === network ? [narrow] : [narrow, wide];
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Registrations, resends and links that one source asks for. */
export const requestAllowances = ({ requestsPerSourcePerHour: most }: Limits, source: string): readonly Allowance[] =>
  bySource({ name: "requests-source", subject: "requests", most, window: HOUR_MS }, source);

/** When a window that `now` is in has passed; both in Unix ms. */
export const windowEnd = ({ window }: Allowance, now: number): number => (Math.floor(now / window) + 1) * window;
