import { to, type Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { Claimed } from "./claim.tsx";
import { visitPage } from "./frame.tsx";
import type { SeenClaim, Visit } from "./owner-view.ts";

/** For an owner who came by the link of a claim's mail: the claim, and nothing else of the domain. */
export function objectorPage(
  { domain, claim }: { readonly domain: string; readonly claim: SeenClaim },
  visit: Visit,
  reader: Reader,
): string {
  return visitPage(
    visit,
    reader,
    domain,
    <>
      <h1>{domain}</h1>
      <Claimed claim={claim} visit={visit} reader={reader} />
      <WholePage domain={domain} text={reader.t.owner.errand.object} visit={visit} reader={reader} />
    </>,
  );
}

/** For whoever came by a link that has no more to give. */
export function servedPage(domain: string, visit: Visit, reader: Reader): string {
  return visitPage(
    visit,
    reader,
    domain,
    <>
      <h1>{domain}</h1>
      <WholePage domain={domain} text={reader.t.owner.errand.served} visit={visit} reader={reader} />
    </>,
  );
}

interface WholePageProps {
  readonly domain: string;
  /** Why it is not here. */
  readonly text: string;
  readonly visit: Visit;
  readonly reader: Reader;
}

/** Asks for the link to everything, as the form at /push/manage does: it comes to the same mailbox and lives an hour. */
function WholePage({ domain, text, visit: { email }, reader }: WholePageProps) {
  const e = reader.t.owner.errand;
  return (
    <section>
      <h2>{e.title}</h2>
      <p>{text}</p>
      <form method="post" action={to(reader, "/push/manage")}>
        <input type="hidden" name="domain" value={domain} />
        <input type="hidden" name="email" value={email} />
        <p class="hint above">{fill(e.hint, { email })}</p>
        <button type="submit" class="quiet">
          {e.ask}
        </button>
      </form>
    </section>
  );
}
