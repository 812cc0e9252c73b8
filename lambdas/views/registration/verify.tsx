import { referenceOf, type Registration } from "../../core/registration/registration.ts";
import { CodeField } from "../shared/field.tsx";
import { page, readableTime } from "../shared/page.tsx";
import { to, type Reader } from "../shared/reader.ts";
import { fill, type Texts } from "../texts/texts.ts";

export interface VerifyView {
  /** What came before: nothing, a wrong code, or text that cannot be a code. */
  readonly kind: "open" | "wrong-code" | "no-code";
  readonly registration: Registration;
  /** The domain already has a secret, which can be kept or replaced. */
  readonly registered: boolean;
  readonly link: string;
  /** Attempts left after a wrong code. */
  readonly left?: number;
  /** The code is that of the request with this reference, which is newer or older. */
  readonly of?: string;
  readonly newer?: boolean;
}

/** The page behind the link in the email: works without JavaScript, and changes nothing until a form is sent. */
export function verifyPage(view: VerifyView, reader: Reader): string {
  const { kind, registration, registered, link } = view;
  const { t } = reader;
  const v = t.verify;
  const reference = referenceOf(registration);
  const asked = new Date(registration.requestedAt);
  return page(
    reader,
    v.title,
    <>
      <h1>{v.title}</h1>
      <p>{v.asked}</p>
      <dl>
        <dt>{v.domain}</dt>
        <dd>
          <strong>{registration.domain}</strong>
        </dd>
        <dt>{v.request}</dt>
        <dd>{reference}</dd>
        <dt>{v.when}</dt>
        <dd>
          <time dateTime={asked.toISOString()}>{readableTime(registration.requestedAt, t.locale)}</time>
        </dd>
        <dt>{v.from}</dt>
        <dd>{registration.source}</dd>
      </dl>
      {!registered && <p>{v.effectNew}</p>}
      <p class="note warning">{v.warning}</p>
      {kind !== "open" && (
        <p class="note error" role="alert">
          {problemOf(view, reference, v)}
        </p>
      )}
      {registered ? (
        <>
          <p>{v.registered}</p>
          <h2>{v.joinTitle}</h2>
          <p>{v.joinText}</p>
          <CodeForm id="code" link={link} button={v.join} reader={reader} />
          <h2>{v.replaceTitle}</h2>
          <p>{v.replaceText}</p>
          <CodeForm id="replace-code" link={link} button={v.replace} replace reader={reader} />
        </>
      ) : (
        <CodeForm id="code" link={link} button={v.confirm} reader={reader} />
      )}
    </>,
  );
}

function problemOf({ left, of, newer = false }: VerifyView, reference: string, v: Texts["verify"]): string {
  if (left === undefined) return v.noCode;
  const tries = left === 1 ? v.wrongLast : fill(v.wrong, { left });
  return of === undefined ? tries : `${tries} ${fill(newer ? v.otherNewer : v.otherOlder, { of, reference })}`;
}

interface CodeFormProps {
  readonly id: string;
  readonly link: string;
  readonly button: string;
  readonly replace?: boolean;
  readonly reader: Reader;
}

function CodeForm({ id, link, button, replace = false, reader }: CodeFormProps) {
  return (
    <form method="post" action={to(reader, "/push/verify")}>
      <input type="hidden" name="link" value={link} />
      {replace && <input type="hidden" name="replace" value="yes" />}
      <CodeField id={id} label={reader.t.verify.code} />
      <button type="submit">{button}</button>
    </form>
  );
}

export function confirmedPage(domain: string, replaced: boolean, reader: Reader): string {
  const v = reader.t.verify;
  return page(
    reader,
    v.confirmedTitle,
    <>
      <h1>{v.confirmedTitle}</h1>
      <p>{fill(v.confirmedText, { domain })}</p>
      {replaced && <p>{v.confirmedReplaced}</p>}
      <p>{v.confirmedClose}</p>
    </>,
  );
}

/** @param newer reference of a newer request */
export function overPage(newer: string | undefined, reader: Reader): string {
  const v = reader.t.verify;
  return page(
    reader,
    v.overTitle,
    <>
      <h1>{v.overTitle}</h1>
      {newer === undefined ? <p>{v.overText}</p> : <p class="note warning">{fill(v.overNewer, { newer })}</p>}
      <p>
        <a href={to(reader, "/push/connect")}>{v.again}</a>
      </p>
    </>,
  );
}
