import type { Allowance, Limits } from "../shared/limits.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A mail that anybody can cause. */
export interface CausedMail {
  /** Email key of the reader. */
  readonly to: string;
  /** Account key that it is about. */
  readonly account: string;
  /** Address that the request came from. */
  readonly source: string;
}

/** One hour of a limit by address. */
const addressHour = (limits: Limits, subject: string): Allowance => ({
  name: "mails-address-hour",
  subject,
  most: limits.mailsPerAddressPerHour,
  window: HOUR_MS,
});

const addressHourAndDay = (limits: Limits, subject: string): readonly Allowance[] => [
  addressHour(limits, subject),
  { name: "mails-address-day", subject, most: limits.mailsPerAddressPerDay, window: DAY_MS },
];

/** About one domain from one source: what others ask for uses up nothing. */
const domainAndTotal = (limits: Limits, { account, source }: CausedMail): readonly Allowance[] => [
  {
    name: "mails-domain-hour",
    subject: `${account} from ${source}`,
    most: limits.mailsPerDomainPerHour,
    window: HOUR_MS,
  },
  { name: "mails-domain-day", subject: `${account} from ${source}`, most: limits.mailsPerDomainPerDay, window: DAY_MS },
  { name: "mails-day", subject: "all", most: limits.mailsPerDay, window: DAY_MS },
];

/** To an address that has nothing to do with the domain: the same few for everyone and every domain. */
export const unrelatedAllowances = (limits: Limits, caused: CausedMail): readonly Allowance[] => [
  ...addressHourAndDay(limits, caused.to),
  ...domainAndTotal(limits, caused),
];

/**
 * To an address that shows a right to the domain or has a part in it, for what others' requests bring it nothing of (the
 * code of a registration is in another window): each source for itself, under a ceiling against a flood from many.
 */
export const domainMemberAllowances = (limits: Limits, caused: CausedMail): readonly Allowance[] => [
  ...addressHourAndDay(limits, `${caused.to} from ${caused.source}`),
  { name: "mails-member-day", subject: caused.to, most: limits.memberMailsPerAddressPerDay, window: DAY_MS },
  ...domainAndTotal(limits, caused),
];

/**
 * A link for the owner, a successor or the claimant. It lets its reader in, no matter who asked for it, and lives as long as the
 * window: where no more go out, one lies in the mailbox. A limit by day would let anybody keep the owner out.
 */
export const ownerAllowances = (limits: Limits, { to, account }: CausedMail): readonly Allowance[] => [
  addressHour(limits, `${to} of ${account}`),
];

/** What became of somebody's domain: a limit of its own, which nobody else can use up beforehand. */
export function noticeAllowances(limits: Limits, to: string): readonly Allowance[] {
  return [{ name: "notices-address-day", subject: to, most: limits.noticesPerAddressPerDay, window: DAY_MS }];
}
