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
 * Shares of a day's emails. Strangers to a domain get at most half, so that they cannot use up the others'. One network
 * gets 1/20 for people with a part in a domain and 1/200 for strangers; at least one email.
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

/** Daily limits for emails to people who have no part in the domain. */
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

/** Daily limits for emails to people with a part in the domain. */
const membersDay = (limits: Limits, source: string): readonly Allowance[] => [
  {
    name: "mails-members-network-day",
    subject: networkOf(source),
    most: mostOfDay(limits, MEMBERS_NETWORK_SHARE),
    window: DAY_MS,
  },
  total(limits),
];

/** Per mailbox: its sub-addresses count together. */
const mailboxHourAndDay = (limits: Limits, to: string): readonly [Allowance, Allowance] => {
  const subject = mailboxOf(to);
  return [
    { name: "mails-address-hour", subject, most: limits.mailsPerAddressPerHour, window: HOUR_MS },
    { name: "mails-address-day", subject, most: limits.mailsPerAddressPerDay, window: DAY_MS },
  ];
};

/**
 * Registration emails that one source requests for one mailbox: never more than the limits below allow. Counted before
 * the queue, without looking at the domain.
 */
export const slotAllowances = (limits: Limits, to: string, source: string): readonly [Allowance, Allowance] => {
  const [hour, day] = mailboxHourAndDay(limits, to);
  const subject = `${hour.subject} from ${subnetOf(source)}`;
  return [
    { ...hour, name: "slots-hour", subject },
    { ...day, name: "slots-day", subject },
  ];
};

/** Per domain and source: other people's requests use up nothing. */
const domainHourAndDay = (limits: Limits, { account: subject, source }: CausedMail): readonly Allowance[] => [
  ...bySource({ name: "mails-domain-hour", subject, most: limits.mailsPerDomainPerHour, window: HOUR_MS }, source),
  ...bySource({ name: "mails-domain-day", subject, most: limits.mailsPerDomainPerDay, window: DAY_MS }, source),
];

/** An email to an address unrelated to the domain: a mailbox gets the same few for all domains and sources. */
export const unrelatedAllowances = (limits: Limits, caused: CausedMail): readonly Allowance[] => [
  ...mailboxHourAndDay(limits, caused.to),
  ...domainHourAndDay(limits, caused),
  ...strangersDay(limits, caused.source),
];

/** An email to someone for whom others can request emails too. */
export interface MemberMail extends CausedMail {
  /** Owner, successor or claimant: the limits for strangers do not apply. */
  readonly hasPart: boolean;
  /** The reader has entered a code from the source's network: the ceiling, which others can reach, does not apply. */
  readonly known: boolean;
}

/** For all sources together that are not known. */
const ceiling = (limits: Limits, { to, known }: Pick<MemberMail, "to" | "known">): readonly Allowance[] =>
  known
    ? []
    : [{ name: "mails-member-day", subject: mailboxOf(to), most: limits.memberMailsPerAddressPerDay, window: DAY_MS }];

/**
 * A registration, or a link for someone who is only a domain member: the code is in the window that asked, so others'
 * requests are of no use to the reader. Each source has its own limits, under a ceiling against a flood from many.
 */
export const domainMemberAllowances = (limits: Limits, caused: MemberMail): readonly Allowance[] => [
  ...mailboxHourAndDay(limits, caused.to).flatMap((allowance) => bySource(allowance, caused.source)),
  ...ceiling(limits, caused),
  ...domainHourAndDay(limits, caused),
  ...(caused.hasPart ? membersDay : strangersDay)(limits, caused.source),
];

/** A link for the owner, a successor or the claimant: not counted among the day's emails, which others could use up. */
export const ownerAllowances = (limits: Limits, caused: Omit<MemberMail, "hasPart">): readonly Allowance[] => {
  const [hour] = mailboxHourAndDay(limits, caused.to);
  return [
    ...bySource({ ...hour, subject: `${hour.subject} of ${caused.account}` }, caused.source),
    ...ceiling(limits, caused),
  ];
};

/** An email to an owner's new address: its reader has a part in the domain, and only the owner can request it. */
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

/** Notices about someone's domain: a limit of their own, which nobody else can use up. */
export function noticeAllowances(limits: Limits, to: string): readonly Allowance[] {
  return [
    { name: "notices-address-day", subject: mailboxOf(to), most: limits.noticesPerAddressPerDay, window: DAY_MS },
  ];
}
