import { LINK_LIFE_MS, type Notice, type NoticeKind } from "../../core/domains/notice.ts";
import { mail, type WordedMail } from "./mail.tsx";
import { readableTime } from "../shared/page.tsx";
import type { Operator } from "../shared/reader.ts";
import { fill, texts, type Texts } from "../texts/texts.ts";

/** What only the owner can have done: the email about it warns an owner who did not. */
const OWN_DOING: ReadonlySet<NoticeKind> = new Set([
  "joined",
  "replaced",
  "old-secret-ended",
  "address-changed",
  "released",
  "proven",
  "objected",
] satisfies NoticeKind[]);

/** Their reader does not (or no longer) own the domain: no password to replace, no page of theirs. */
const NOT_THEIRS: ReadonlySet<NoticeKind> = new Set([
  "address-changed",
  "released",
  "deleted",
  "taken",
  "claim-lost",
  "claim-denied",
  "claim-ended",
  "transferred-away",
  "expired",
] satisfies NoticeKind[]);

/** Emails that their reader may ignore. */
const ASKED: ReadonlySet<NoticeKind> = new Set(["access", "address-asked"] satisfies NoticeKind[]);

/**
 * An email about a change of a domain. It contains no free text from the requester: names and addresses are in their
 * checked form (core/shared/names.ts, core/shared/email.ts).
 *
 * @param urls where to request a link to the domain's page and, for kinds with LINK_LIFE_MS, the page behind this
 * email's link
 * @param operator who signs
 */
export function noticeMail(
  notice: Notice,
  urls: { readonly ask: string; readonly link?: string },
  operator: Operator = {},
): WordedMail {
  const { account, at, to, other = "", until, source = "" } = notice;
  const t = texts[notice.language ?? "en"];
  const n = t.notices;
  const time = (ms: number) => readableTime(ms, t.locale);
  const values = { domain: account, other, source, when: time(at), ...(until !== undefined && { until: time(until) }) };
  const { subject, text } = wordsOf(notice, n);
  const paragraphs = text.map((paragraph) => fill(paragraph, values));
  const common = { to, subject: fill(subject, values) };
  const life = LINK_LIFE_MS[notice.kind];
  if (urls.link !== undefined && life !== undefined) {
    const after = [fill(n.life, { until: time(at + life) }), ...closing(notice, n)];
    return mail(t, operator, {
      ...common,
      before: [n.greeting, ...paragraphs],
      link: { url: urls.link, label: n.button },
      after,
    });
  }
  const before = [n.greeting, ...paragraphs, ...closing(notice, n), NOT_THEIRS.has(notice.kind) ? n.reclaim : n.manage];
  return mail(t, operator, { ...common, before, link: { url: urls.ask, label: t.owner.session.ask }, after: [] });
}

/** A new secret beside the old one, or in its place. */
function wordsOf({ kind, until }: Notice, n: Texts["notices"]) {
  return kind === "replaced" && until === undefined ? n.rekeyed : n[kind];
}

function closing({ kind, byOperator }: Notice, n: Texts["notices"]): readonly string[] {
  if (byOperator) return [n.byOperator];
  if (ASKED.has(kind)) return [n.ignore];
  if (!OWN_DOING.has(kind)) return [];
  return [NOT_THEIRS.has(kind) ? n.notYouGone : n.notYou];
}
