import { readableName } from "../../core/domains/lists.ts";
import { Copyable } from "../shared/copyable.tsx";
import { readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { Act, DomainHeading, NameField, visitPage, type PageSession } from "./frame.tsx";
import { Record, RecordNames } from "./proof/record.tsx";
import type { Challenge } from "../../core/domains/proof/txt-proof.ts";
import type { ClaimView } from "../../core/domains/visitor.ts";

/** For the address that the owner wants to move the domain to. */
export function successorPage(
  { account, expiresAt }: { readonly account: string; readonly expiresAt: number },
  visit: PageSession,
  reader: Reader,
): string {
  const s = reader.t.owner.successor;
  const title = fill(s.title, { domain: readableName(account) });
  return visitPage(
    visit,
    reader,
    title,
    <>
      <DomainHeading account={account} title={title} reader={reader} />
      <p>{s.text}</p>
      <p>{fill(s.until, { until: readableTime(expiresAt, reader.t.locale) })}</p>
      <Act verb="confirm-change" visit={visit} reader={reader} button={s.submit}>
        <NameField id="domain" account={account} reader={reader} />
      </Act>
    </>,
  );
}

/** For the claimant of someone else's proven domain: how far the claim has come, in words. */
export function claimantPage(
  {
    account,
    claim,
    record,
  }: { readonly account: string; readonly claim: ClaimView; readonly record?: Pick<Challenge, "name" | "value"> },
  visit: PageSession,
  reader: Reader,
): string {
  const { t } = reader;
  const c = t.owner.claim;
  const title = fill(c.mineTitle, { domain: readableName(account) });
  const time = (ms: number) => readableTime(ms, t.locale);
  return visitPage(
    visit,
    reader,
    title,
    <>
      <DomainHeading account={account} title={title} reader={reader} />
      <ol class="steps">
        <li>{fill(c.mineText, { when: time(claim.madeAt) })}</li>
        <li>
          {claim.objectedAt === undefined
            ? fill(c.mineWaiting, { until: time(claim.objectUntil) })
            : fill(c.mineObjected, { when: time(claim.objectedAt) })}
        </li>
        <li>{c.mineNext}</li>
      </ol>
      {record && (
        <>
          <RecordNames name={record.name} t={t} />
          <Copyable id="record-value" label={t.owner.proof.value} value={record.value} t={t} />
        </>
      )}
    </>,
  );
}

/** For everybody else: how to prove the domain. Nothing here shows whether it is registered. */
export function unrelatedPage(
  { account, challenge }: { readonly account: string; readonly challenge: Challenge },
  visit: PageSession,
  reader: Reader,
): string {
  const p = reader.t.owner.proof;
  const title = fill(p.unrelatedTitle, { domain: readableName(account) });
  return visitPage(
    visit,
    reader,
    title,
    <>
      <DomainHeading account={account} title={title} reader={reader} />
      <p class="lead">{p.unrelatedText}</p>
      <Record challenge={challenge} visit={visit} reader={reader} />
      <h2>{p.nextTitle}</h2>
      <ul>
        {p.next.map((sentence) => (
          <li>{sentence}</li>
        ))}
      </ul>
    </>,
  );
}
