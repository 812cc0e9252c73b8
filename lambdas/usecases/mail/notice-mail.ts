import { within } from "../../core/shared/email.ts";
import type { Limits } from "../../core/shared/limits.ts";
import { LINK_ERRAND, LINK_LIFE, type Notice } from "../../core/domains/notice.ts";
import { hasPart } from "../../core/domains/ownership.ts";
import { hashToken, newToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import type { Random } from "../../ports/clock.ts";
import type { DomainReader, AccessLinks, Notices, PendingNotice } from "../../ports/domains.ts";
import type { Mail } from "../../ports/mail.ts";
import { kinsAllowances, noticeAllowances, partysAllowances, strangersAllowances } from "../../core/mail/allowances.ts";
import {
  mailing,
  type MailingPorts,
} from "./send-mail.ts";

export interface NoticeMailPorts extends MailingPorts {
  readonly notices: Notices;
  readonly domains: DomainReader;
  readonly links: AccessLinks;
  readonly random: Random;
  readonly limits: Limits;
  /** Words the mail; `link` is the token of the page behind it, where the kind has one (LINK_LIFE). */
  readonly compose: (notice: Notice, link: string | undefined) => Mail;
}

/** A notice as mail, by the notice's id. Throws as send-mail.ts does. */
export function noticeMail(ports: NoticeMailPorts): (id: string) => Promise<void> {
  const { notices, domains, links, clock, random, limits, compose } = ports;
  const isParty = async ({ account, to }: Notice) => hasPart(await domains.find(account), to, clock.now());

  return mailing<PendingNotice>(ports, {
    name: "notice mail",
    claimMail: (id, now, until) => notices.claimMail(id, now, until),
    setMail: (id, mail, release) => notices.setMail(id, mail, release, clock.now()),
    about: ({ to, account }) => ({ to, account }),
    /** What follows a slash is free text: nobody gets to read another's. */
    wanted: async (notice) => notice.kind !== "access" || !notice.account.includes("/") || isParty(notice),
    /** Whoever asks for links uses up none of those whose domain it is. */
    async allowances(notice) {
      const { kind, to, account, source = "" } = notice;
      const caused = { to, account, source };
      if (kind === "address-asked") return strangersAllowances(limits, { ...caused, source: "its owner" });
      if (kind !== "access") return noticeAllowances(limits, to);
      if (await isParty(notice)) return partysAllowances(limits, caused);
      return within(to, account) ? kinsAllowances(limits, caused) : strangersAllowances(limits, caused);
    },
    async write(notice) {
      const { kind, account, to, language } = notice;
      const life = LINK_LIFE[kind];
      if (life === undefined) return compose(notice, undefined);
      const link = newToken(random.bytes(TOKEN_BYTES));
      const only = LINK_ERRAND[kind];
      const visitor = { domain: account, emailKey: to, ...(language && { language }), ...(only && { only }) };
      await links.add(hashToken(link), visitor, clock.now() + life);
      return compose(notice, link);
    },
  });
}
