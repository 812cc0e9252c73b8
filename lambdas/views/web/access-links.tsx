import type { Visitor } from "../../core/domains/visitor.ts";
import { Field } from "../shared/field.tsx";
import { page } from "../shared/page.tsx";
import { to, type Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";

/** The same form in other words: for owners, and for those who want a domain back. */
export type Purpose = "manage" | "reclaim";

/** What was typed before, and what was wrong with it, in words. */
export interface Typed {
  readonly domain?: string;
  readonly email?: string;
  readonly errors?: { readonly domain?: string | undefined; readonly email?: string | undefined };
}

/** Asks for a link to a domain's page. */
export function askPage(purpose: Purpose, { domain, email, errors }: Typed, reader: Reader): string {
  const { ask: a } = reader.t.owner;
  const [title, lead, emailHint] =
    purpose === "manage"
      ? [a.manageTitle, a.manageLead, a.manageEmailHint]
      : [a.reclaimTitle, a.reclaimLead, a.reclaimEmailHint];
  return page(
    reader,
    title,
    <>
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      <form method="post" action={to(reader, `/push/${purpose}`)}>
        <Field name="domain" label={a.domain} hint={a.domainHint} kind="text" value={domain} error={errors?.domain} />
        <Field name="email" label={a.email} hint={emailHint} kind="email" value={email} error={errors?.email} />
        <button type="submit">{a.submit}</button>
      </form>
      <p class="elsewhere">
        {purpose === "manage" ? (
          <a href={to(reader, "/push/reclaim")}>{a.toReclaim}</a>
        ) : (
          <a href={to(reader, "/push/manage")}>{a.toManage}</a>
        )}
      </p>
    </>,
  );
}

/** The same for every domain and every address. */
export function askedPage(purpose: Purpose, email: string, reader: Reader): string {
  const { ask: a } = reader.t.owner;
  const [before = "", after = ""] = a.sentText.split("{email}");
  return page(
    reader,
    a.sentTitle,
    <>
      <h1>{a.sentTitle}</h1>
      <p>
        {before}
        <strong>{email}</strong>
        {after}
      </p>
      <p class="hint">{a.sentSilence}</p>
      <p class="elsewhere">
        <a href={to(reader, `/push/${purpose}`)}>{a.again}</a>
      </p>
    </>,
  );
}

/** What the link in a mail leads to: nothing happens before its one button is pressed. */
export function enterPage({ account, scope: only }: Visitor, link: string, reader: Reader): string {
  const { enter: e } = reader.t.owner;
  const title = fill(e.title, { domain: account });
  return page(
    reader,
    title,
    <>
      <h1>{title}</h1>
      <p>{only === undefined ? e.text : e.only[only]}</p>
      <p class="note warning">{e.warning}</p>
      <form method="post" action={to(reader, "/push/enter")}>
        <input type="hidden" name="link" value={link} />
        <button type="submit">{e.submit}</button>
      </form>
    </>,
  );
}

/** A page with a few words and a way to ask for another link. */
function endPage(reader: Reader, title: string, text: string): string {
  return page(
    reader,
    title,
    <>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a href={to(reader, "/push/manage")}>{reader.t.owner.session.ask}</a>
      </p>
    </>,
  );
}

export const linkOverPage = (reader: Reader): string =>
  endPage(reader, reader.t.owner.enter.overTitle, reader.t.owner.enter.overText);

export const sessionOverPage = (reader: Reader): string =>
  endPage(reader, reader.t.owner.session.overTitle, reader.t.owner.session.overText);

export const leftPage = (reader: Reader): string =>
  endPage(reader, reader.t.owner.session.leftTitle, reader.t.owner.session.leftText);

export const releasedPage = (domain: string, reader: Reader): string =>
  endPage(reader, reader.t.owner.release.doneTitle, fill(reader.t.owner.release.doneText, { domain }));
