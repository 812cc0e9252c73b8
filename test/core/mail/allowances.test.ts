import { describe, expect, it } from "vitest";
import type { Allowance, Limits } from "../../../lambdas/core/shared/limits.ts";
import {
  domainMemberAllowances,
  moveAllowances,
  noticeAllowances,
  ownerAllowances,
  slotAllowances,
  unrelatedAllowances,
} from "../../../lambdas/core/mail/allowances.ts";
import { isSuppressed, suppressedUntil } from "../../../lambdas/core/mail/suppression.ts";
import { limits as usual } from "../../support/values/values.ts";

const [HOUR, DAY] = [3_600_000, 86_400_000] as const;
/** All different, so that none is mistaken for another. */
const limits: Limits = {
  ...usual,
  mailsPerAddressPerHour: 3,
  mailsPerAddressPerDay: 10,
  mailsPerDomainPerHour: 5,
  mailsPerDomainPerDay: 20,
  mailsPerDay: 2_000,
  memberMailsPerAddressPerDay: 30,
  noticesPerAddressPerDay: 200,
  requestsPerSourcePerHour: 40,
};
const to = "anna+pbx@example.org";
const account = "pbx.example.com";
const V4 = "192.0.2.1";
const V6 = "2001:db8:1:2::5";
/** As `name of subject: most in window`. */
const lines = (allowances: readonly Allowance[]) =>
  allowances.map(
    ({ name, subject, most, window }) =>
      `${name} of ${subject}: ${most} in ${window === HOUR ? "an hour" : window === DAY ? "a day" : window}`,
  );

describe("an email", () => {
  const caused = { to, account, source: V4 };
  const mailbox = (from = "") => [
    `mails-address-hour of anna@example.org${from}: 3 in an hour`,
    `mails-address-day of anna@example.org${from}: 10 in a day`,
  ];
  const domain = [
    "mails-domain-hour of pbx.example.com from 192.0.2.1: 5 in an hour",
    "mails-domain-day of pbx.example.com from 192.0.2.1: 20 in a day",
  ];
  const ceiling = "mails-member-day of anna@example.org: 30 in a day";
  const strangers = [
    "mails-strangers-network-day of 192.0.2.1: 10 in a day",
    "mails-strangers-day of all: 1000 in a day",
    "mails-day of all: 2000 in a day",
  ];
  const members = ["mails-members-network-day of 192.0.2.1: 100 in a day", "mails-day of all: 2000 in a day"];

  it("to an unrelated address counts against a limit shared by all", () =>
    expect(lines(unrelatedAllowances(limits, caused))).toEqual([...mailbox(), ...domain, ...strangers]));

  it.each([
    [true, false, [...mailbox(" from 192.0.2.1"), ceiling, ...domain, ...members]],
    [false, false, [...mailbox(" from 192.0.2.1"), ceiling, ...domain, ...strangers]],
    [true, true, [...mailbox(" from 192.0.2.1"), ...domain, ...members]],
  ])("to a member has limits for a part (%s) and a known network (%s)", (hasPart, known, expected) =>
    expect(lines(domainMemberAllowances(limits, { ...caused, hasPart, known }))).toEqual(expected),
  );

  it.each([
    [false, ["mails-address-hour of anna@example.org of pbx.example.com from 192.0.2.1: 3 in an hour", ceiling]],
    [true, ["mails-address-hour of anna@example.org of pbx.example.com from 192.0.2.1: 3 in an hour"]],
  ])("with the owner's link, from a known network (%s), counts by hour and domain", (known, expected) =>
    expect(lines(ownerAllowances(limits, { ...caused, known }))).toEqual(expected),
  );

  it("to a new address counts for the owner who requested it", () =>
    expect(lines(moveAllowances(limits, { to, account, owner: "owner+x@example.com" }))).toEqual([
      ...mailbox(),
      "mails-domain-hour of pbx.example.com from owner owner@example.com: 5 in an hour",
      "mails-domain-day of pbx.example.com from owner owner@example.com: 20 in a day",
      "mails-members-network-day of owner owner@example.com: 100 in a day",
      "mails-day of all: 2000 in a day",
    ]));

  it("with a notice has a separate limit", () =>
    expect(lines(noticeAllowances(limits, to))).toEqual(["notices-address-day of anna@example.org: 200 in a day"]));

  it("of a registration takes a slot counted by subnet", () =>
    expect(lines(slotAllowances(limits, to, V6))).toEqual([
      "slots-hour of anna@example.org from 2001:db8:1:2: 3 in an hour",
      "slots-day of anna@example.org from 2001:db8:1:2: 10 in a day",
    ]));

  it.each([
    [2_000, 10, 1_000, 100],
    [399, 1, 199, 19],
    [1, 1, 1, 1],
  ])("limits of %d a day: unrelated network %d, unrelated %d, member's network %d", (mailsPerDay, ...expected) => {
    const few = { ...limits, mailsPerDay };
    const all = [
      ...unrelatedAllowances(few, caused),
      ...domainMemberAllowances(few, { ...caused, hasPart: true, known: true }),
    ];
    const most = ["mails-strangers-network-day", "mails-strangers-day", "mails-members-network-day"].map(
      (name) => all.find((each) => each.name === name)?.most,
    );
    expect(most).toEqual(expected);
  });
});

describe("a suppressed address", () => {
  const bounced = { address: to, reason: "bounced", at: 1_000 } as const;
  it("gets email again seven days after a bounce, not earlier", () => {
    expect(suppressedUntil(bounced)).toBe(1_000 + 7 * DAY);
    expect(isSuppressed(bounced, 999 + 7 * DAY)).toBe(true);
    expect(isSuppressed(bounced, 1_000 + 7 * DAY)).toBe(false);
    expect(isSuppressed(undefined, 0)).toBe(false);
  });
  it("that complained gets no email again by itself", () => {
    expect(suppressedUntil({ reason: "complained", at: 1_000 })).toBeUndefined();
    expect(isSuppressed({ ...bounced, reason: "complained" }, Number.MAX_SAFE_INTEGER)).toBe(true);
  });
});
