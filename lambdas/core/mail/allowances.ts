import { bySource, DAY_MS, HOUR_MS, type Allowance, type Limits } from "../shared/limits.ts";
import { mailboxOf } from "../shared/mailbox.ts";
import { networkOf, subnetOf } from "../shared/network.ts";

/** An email that anybody can cause. */
export interface CausedMail {
  /** Email key of the reader. */
  readonly to: string;
  /** Account key that it is about. */
  readonly account: string;
  /** Address that the request came from. */
  readonly source: string;
}

/**
 * Of a day's emails half is for people with a part in a domain, so that strangers to all domains cannot use them up. Of
 * their half one network gets a tenth, of the strangers' half a hundredth. At least one.
 */
const STRANGERS_SHARE = 1 / 2;
const MEMBERS_NETWORK_SHARE = 1 / 20;
const STRANGERS_NETWORK_SHARE = 1 / 200;

const mostOfDay = ({ mailsPerDay }: Limits, share: number): number => Math.max(1, Math.floor(mailsPerDay * share));

const total = ({ mailsPerDay: most }: Limits): Allowance => ({
  name: "mails-day",
  subject: "all",
  most,
  window: DAY_MS,
});

/** Of the day, for emails to people who have no part in the domain. */
const strangersDay = (limits: Limits, source: string): readonly Allowance[] => [
  {
    name: "mails-strangers-network-day",
    subject: networkOf(source),
    most: mostOfDay(limits, STRANGERS_NETWORK_SHARE),
    window: DAY_MS,
  },
  { name: "mails-strangers-day", subject: "all", most: mostOfDay(limits, STRANGERS_SHARE), window: DAY_MS },
  total(limits),
];

/** Of the day, for emails to people with a part in the domain. */
const membersDay = (limits: Limits, source: string): readonly Allowance[] => [
  {
    name: "mails-members-network-day",
    subject: networkOf(source),
    most: mostOfDay(limits, MEMBERS_NETWORK_SHARE),
    window: DAY_MS,
  },
  total(limits),
];

/** By mailbox: sub-addresses of one are one. */
const mailboxHourAndDay = (limits: Limits, to: string): readonly [Allowance, Allowance] => {
  const subject = mailboxOf(to);
  return [
    { name: "mails-address-hour", subject, most: limits.mailsPerAddressPerHour, window: HOUR_MS },
    { name: "mails-address-day", subject, most: limits.mailsPerAddressPerDay, window: DAY_MS },
  ];
};

/**
 * Emails of registrations that one source asks for, to one mailbox: never more than the limits below let out. Counted
 * before the queue, so they know nothing of the domain.
 */
export const slotAllowances = (limits: Limits, to: string, source: string): readonly [Allowance, Allowance] => {
  const [hour, day] = mailboxHourAndDay(limits, to);
  const subject = `${hour.subject} from ${subnetOf(source)}`;
  return [
    { ...hour, name: "slots-hour", subject },
    { ...day, name: "slots-day", subject },
  ];
};

/** About one domain from one source: what others ask for uses up nothing. */
const domainHourAndDay = (limits: Limits, { account: subject, source }: CausedMail): readonly Allowance[] => [
  ...bySource({ name: "mails-domain-hour", subject, most: limits.mailsPerDomainPerHour, window: HOUR_MS }, source),
  ...bySource({ name: "mails-domain-day", subject, most: limits.mailsPerDomainPerDay, window: DAY_MS }, source),
];

/** To an address that has nothing to do with the domain: the same few for everyone and every domain. */
export const unrelatedAllowances = (limits: Limits, caused: CausedMail): readonly Allowance[] => [
  ...mailboxHourAndDay(limits, caused.to),
  ...domainHourAndDay(limits, caused),
  ...strangersDay(limits, caused.source),
];

/** To someone whose emails others can ask for, too. */
export interface MemberMail extends CausedMail {
  /** Owner, successor or claimant: the email is of the half that is kept for them. */
  readonly hasPart: boolean;
  /** The reader has entered a code from the source's network: no ceiling that others can reach counts there. */
  readonly known: boolean;
}

/** From all sources together, as far as they are not known. */
const ceiling = (limits: Limits, { to, known }: MemberMail): readonly Allowance[] =>
  known
    ? []
    : [{ name: "mails-member-day", subject: mailboxOf(to), most: limits.memberMailsPerAddressPerDay, window: DAY_MS }];

/**
 * A registration, or a link for someone with an address of the domain alone: the code is in the window that asked, so
 * others' requests bring the reader nothing. Each source counts for itself, under a ceiling against a flood from many.
 */
export const domainMemberAllowances = (limits: Limits, caused: MemberMail): readonly Allowance[] => [
  ...mailboxHourAndDay(limits, caused.to).flatMap((allowance) => bySource(allowance, caused.source)),
  ...ceiling(limits, caused),
  ...domainHourAndDay(limits, caused),
  ...(caused.hasPart ? membersDay : strangersDay)(limits, caused.source),
];

/** A link for the owner, a successor or the claimant: of no limit of a day that strangers, or other domains, can use up. */
export const ownerAllowances = (limits: Limits, caused: MemberMail): readonly Allowance[] => {
  const [hour] = mailboxHourAndDay(limits, caused.to);
  return [
    ...bySource({ ...hour, subject: `${hour.subject} of ${caused.account}` }, caused.source),
    ...ceiling(limits, caused),
  ];
};

/** A new address that an owner wants to move to: its reader has a part in the domain, and nobody but the owner asks. */
export const moveAllowances = (
  limits: Limits,
  { to, account, owner }: { readonly to: string; readonly account: string; readonly owner: string },
): readonly Allowance[] => {
  const source = `owner ${mailboxOf(owner)}`;
  return [
    ...mailboxHourAndDay(limits, to),
    ...domainHourAndDay(limits, { to, account, source }),
    ...membersDay(limits, source),
  ];
};

/** What became of someone's domain: a limit of its own, which nobody else can use up beforehand. */
export function noticeAllowances(limits: Limits, to: string): readonly Allowance[] {
  return [
    { name: "notices-address-day", subject: mailboxOf(to), most: limits.noticesPerAddressPerDay, window: DAY_MS },
  ];
}
