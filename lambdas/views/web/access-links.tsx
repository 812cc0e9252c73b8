import type { AccessLink } from "../../core/domains/visitor.ts";
import { CodeField, Field } from "../shared/field.tsx";
import { page } from "../shared/page.tsx";
import { to, type Reader } from "../shared/reader.ts";
import { Sentence } from "../shared/sentence.tsx";
import { fill } from "../texts/texts.ts";

/** The same form in other words: for owners, and for those who want a domain back. */
export type Purpose = "manage" | "reclaim";

/** What was typed before, and what was wrong with it, in words. */
export interface Typed {
  readonly domain?: string | undefined;
  readonly email?: string;
  readonly errors?: { readonly domain?: string | undefined; readonly email?: string | undefined };
}

/** Requests a link to a domain's page. */
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

/** The same for every domain and every address, except for the code that the link in the email asks for. */
export function askedPage(
  purpose: Purpose,
  { email, code }: { readonly email: string; readonly code: string },
  reader: Reader,
): string {
  const { ask: a } = reader.t.owner;
  return page(
    reader,
    a.sentTitle,
    <>
      <h1>{a.sentTitle}</h1>
      <p>
        <Sentence text={a.sentText} name="email">
          <strong>{email}</strong>
        </Sentence>
      </p>
      <p>
        {a.sentCode} <output class="code">{code.replace(/^(\d{3})(\d{3})$/u, "$1 $2")}</output>
      </p>
      <p class="hint">{a.sentKeep}</p>
      <p class="hint">{a.sentSilence}</p>
      <p class="elsewhere">
        <a href={to(reader, `/push/${purpose}`)}>{a.again}</a>
      </p>
    </>,
  );
}

interface EnterView {
  readonly link: AccessLink;
  readonly token: string;
  /** What came before: text that cannot be a code, or a wrong code, with the attempts left. */
  readonly wrong?: "no-code" | number;
}

/** What the link in an email leads to: nothing happens before its form is sent, nor without the code if it asks for one. */
export function enterPage({ link: { visitor, lock }, token, wrong }: EnterView, reader: Reader): string {
  const { account, scope } = visitor;
  const { enter: e } = reader.t.owner;
  const { verify: v } = reader.t;
  const title = fill(e.title, { domain: account });
  return page(
    reader,
    title,
    <>
      <h1>{title}</h1>
      <p>{scope === undefined ? e.text : e.only[scope]}</p>
      <p class="note warning">{e.warning}</p>
      {wrong !== undefined && (
        <p class="note error" role="alert">
          {wrong === "no-code" ? e.noCode : wrong === 1 ? v.wrongLast : fill(v.wrong, { left: wrong })}
        </p>
      )}
      <form method="post" action={to(reader, "/push/enter")}>
        <input type="hidden" name="link" value={token} />
        {lock !== undefined && <CodeField id="code" label={e.code} />}
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
