import { showsRight } from "../../core/domains/proof/name-rights.ts";
import type { Limits } from "../../core/shared/limits.ts";
import { LINK_SCOPE, LINK_LIFE_MS, type Notice } from "../../core/domains/notice.ts";
import { hasPart } from "../../core/domains/ownership.ts";
import { hashToken, newToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import type { Random } from "../../ports/clock.ts";
import type { DomainReader, AccessLinkStore, Notices, PendingNotice } from "../../ports/domains.ts";
import type { KnownNetworks, Mail } from "../../ports/mail.ts";
import {
  domainMemberAllowances,
  moveAllowances,
  noticeAllowances,
  ownerAllowances,
  unrelatedAllowances,
} from "../../core/mail/allowances.ts";
import { sendMail, type SendMailPorts } from "./send-mail.ts";

export interface NoticeMailPorts extends SendMailPorts {
  readonly notices: Notices;
  readonly domains: DomainReader;
  readonly links: AccessLinkStore;
  readonly knownNetworks: Pick<KnownNetworks, "knows">;
  readonly random: Random;
  readonly limits: Limits;
  /** Composes the email; `link` is the token in its link, if the kind has one (LINK_LIFE_MS). */
  readonly compose: (notice: Notice, link: string | undefined) => Mail;
}

/** Sends a notice by email, by the notice's id. Throws like send-mail.ts. */
export function noticeMail(ports: NoticeMailPorts): (id: string) => Promise<void> {
  const { notices, domains, links, knownNetworks, clock, random, limits, compose } = ports;
  const isInvolved = async ({ account, to }: Notice) => hasPart(await domains.find(account), to, clock.now());

  return sendMail<PendingNotice>(ports, {
    name: "notice mail",
    leaseMail: (id, now, until) => notices.leaseMail(id, now, until),
    setMail: (id, mail, release) => notices.setMail(id, mail, release, clock.now()),
    about: ({ to, account }) => ({ to, account }),
    /** What follows a slash is free text, which is sent only to those who are involved. */
    wanted: async (notice) => notice.kind !== "access" || !notice.account.includes("/") || isInvolved(notice),
    /** Requests for links count against the requester, so that nobody uses up the owner's links. */
    async allowances(notice) {
      const { kind, to, account, source = "", other: owner = "" } = notice;
      const caused = { to, account, source };
      if (kind === "address-asked") return moveAllowances(limits, { to, account, owner });
      if (kind !== "access") return noticeAllowances(limits, to);
      const member = { ...caused, known: await knownNetworks.knows(to, source, clock.now()) };
      if (await isInvolved(notice)) return ownerAllowances(limits, member);
      return showsRight(to, account)
        ? domainMemberAllowances(limits, { ...member, hasPart: false })
        : unrelatedAllowances(limits, caused);
    },
    async write(notice) {
      const { kind, account, to, language, id, codeHash, source } = notice;
      const life = LINK_LIFE_MS[kind];
      if (life === undefined) return compose(notice, undefined);
      const link = newToken(random.bytes(TOKEN_BYTES));
      const scope = LINK_SCOPE[kind];
      const visitor = { account, emailKey: to, ...(language && { language }), ...(scope && { scope }) };
      const lock = codeHash === undefined ? undefined : { id, codeHash, ...(source && { source }) };
      await links.add(hashToken(link), { visitor, ...(lock && { lock }) }, clock.now() + life);
      return compose(notice, link);
    },
  });
}
