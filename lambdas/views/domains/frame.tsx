import type { ComponentChildren } from "preact";
import { readableName } from "../../core/domains/lists.ts";
import { COPY_SCRIPT } from "../shared/copyable.tsx";
import { Field } from "../shared/field.tsx";
import { page, readableTime } from "../shared/page.tsx";
import { to, type Reader } from "../shared/reader.ts";
import type { en } from "../texts/en.ts";
import { fill } from "../texts/texts.ts";

/** What the last step led to. */
export type Said = keyof (typeof en)["owner"]["said"];

/** Whose session it is, and until when. */
export interface PageSession {
  /** Email key. */
  readonly email: string;
  /** Goes into every form (core/web/web-session.ts). */
  readonly formToken: string;
  readonly now: number;
  readonly until: number;
  readonly said?: Said | undefined;
}

/** Good news; any other message is a warning. */
const GOOD: ReadonlySet<Said> = new Set([
  "old-ended",
  "address-asked",
  "address-cancelled",
  "address-confirmed",
  "proven",
  "test-accepted",
  "objected",
  "claimed",
] satisfies Said[]);

/** A page of a session: what the last step led to, the page itself, and a way out. */
export function visitPage(visit: PageSession, reader: Reader, title: string, children: ComponentChildren): string {
  const { session, said } = reader.t.owner;
  const tone = visit.said !== undefined && GOOD.has(visit.said) ? "good" : "warning";
  return page(
    reader,
    title,
    <>
      {visit.said && (
        <p class={`note ${tone}`} role="status">
          {said[visit.said]}
        </p>
      )}
      {children}
      <section class="leave">
        <p class="hint">{fill(session.until, { until: readableTime(visit.until, reader.t.locale) })}</p>
        <Act verb="leave" visit={visit} reader={reader} button={session.leave} quiet />
      </section>
    </>,
    COPY_SCRIPT,
  );
}

interface DomainHeadingProps {
  readonly account: string;
  /** A sentence with the name, in place of the name alone. */
  readonly title?: string;
  readonly reader: Reader;
}

/** The domain as people write it, and as the DNS has it if that differs: letters may look like others. */
export function DomainHeading({ account, title, reader: { t } }: DomainHeadingProps) {
  const name = readableName(account);
  return (
    <>
      <h1>{title ?? name}</h1>
      {name !== account && <p class="hint">{fill(t.owner.inDns, { name: account })}</p>}
    </>
  );
}

interface ActProps {
  /** Last part of the step's path. */
  readonly verb: string;
  readonly visit: PageSession;
  readonly reader: Reader;
  readonly button: string;
  readonly quiet?: boolean;
  readonly danger?: boolean;
  /** Fields above the button. */
  readonly children?: ComponentChildren;
}

/** One form for one step. */
export function Act({ verb, visit, reader, button, quiet = false, danger = false, children }: ActProps) {
  const look = danger ? "danger" : quiet ? "quiet" : undefined;
  return (
    <form method="post" action={to(reader, `/push/owner/${verb}`)}>
      <input type="hidden" name="form" value={visit.formToken} />
      {children}
      <button type="submit" class={look}>
        {button}
      </button>
    </form>
  );
}

/** The field for the domain's name, in a step that nobody should take by accident. */
export function NameField({ account, reader, id }: { account: string; reader: Reader; id: string }) {
  return (
    <Field
      id={id}
      name="domain"
      label={fill(reader.t.owner.confirmName, { domain: readableName(account) })}
      kind="text"
    />
  );
}
