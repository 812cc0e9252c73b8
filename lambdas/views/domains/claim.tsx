import { readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { Act, NameField, type PageSession } from "./frame.tsx";
import type { ClaimView } from "../../core/domains/visitor.ts";

interface ClaimedProps {
  readonly account: string;
  readonly claim: ClaimView;
  readonly visit: PageSession;
  readonly reader: Reader;
}

/** For the owner: who claims the domain, and how to object while there is time. */
export function Claimed({ account, claim, visit, reader }: ClaimedProps) {
  const { t } = reader;
  const c = t.owner.claim;
  const time = (ms: number) => readableTime(ms, t.locale);
  const open = claim.objectedAt === undefined && claim.objectUntil > visit.now;
  return (
    <section class="note warning" aria-labelledby="claim">
      <h2 id="claim">{c.title}</h2>
      <p>{fill(c.text, { claimant: claim.claimant, when: time(claim.madeAt) })}</p>
      {claim.objectedAt !== undefined ? (
        <p>{fill(c.objected, { when: time(claim.objectedAt) })}</p>
      ) : (
        <p>{fill(open ? c.until : c.passed, { until: time(claim.objectUntil) })}</p>
      )}
      {open && (
        <Act verb="object" visit={visit} reader={reader} button={c.object}>
          <NameField id="object-domain" account={account} reader={reader} />
        </Act>
      )}
    </section>
  );
}
