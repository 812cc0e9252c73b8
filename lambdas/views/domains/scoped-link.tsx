import { readableName } from "../../core/domains/lists.ts";
import { to, type Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { Claimed } from "./claim.tsx";
import { DomainHeading, visitPage, type PageSession } from "./frame.tsx";
import type { ClaimView } from "../../core/domains/visitor.ts";

/** For an owner who came by the link of a claim's email: the claim, and nothing else about the domain. */
export function objectorPage(
  { account, claim }: { readonly account: string; readonly claim: ClaimView },
  visit: PageSession,
  reader: Reader,
): string {
  return visitPage(
    visit,
    reader,
    readableName(account),
    <>
      <DomainHeading account={account} reader={reader} />
      <Claimed account={account} claim={claim} visit={visit} reader={reader} />
      <WholePage text={reader.t.owner.scopedLink.object} visit={visit} reader={reader} />
    </>,
  );
}

/** For a link that has done its job. */
export function doneLinkPage(account: string, visit: PageSession, reader: Reader): string {
  return visitPage(
    visit,
    reader,
    readableName(account),
    <>
      <DomainHeading account={account} reader={reader} />
      <WholePage text={reader.t.owner.scopedLink.done} visit={visit} reader={reader} />
    </>,
  );
}

interface WholePageProps {
  /** Why this is not the whole page. */
  readonly text: string;
  readonly visit: PageSession;
  readonly reader: Reader;
}

/** A link, not a form with everything filled in: a mail scanner that presses buttons would request an email. */
function WholePage({ text, visit: { email }, reader }: WholePageProps) {
  const e = reader.t.owner.scopedLink;
  return (
    <section>
      <h2>{e.title}</h2>
      <p>{text}</p>
      <p class="hint above">{fill(e.hint, { email })}</p>
      <p>
        <a href={to(reader, "/push/manage")}>{e.ask}</a>
      </p>
    </section>
  );
}
