import { Copyable } from "../shared/copyable.tsx";
import { readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { Act, Record, visitPage } from "./frame.tsx";
import type { SeenChallenge, SeenClaim, Visit } from "./owner-view.ts";

/** For the address that the owner wants the domain to belong to. */
export function successorPage(
  { domain, expiresAt }: { readonly domain: string; readonly expiresAt: number },
  visit: Visit,
  reader: Reader,
): string {
  const s = reader.t.owner.successor;
  const title = fill(s.title, { domain });
  return visitPage(
    visit,
    reader,
    title,
    <>
      <h1>{title}</h1>
      <p>{s.text}</p>
      <p>{fill(s.until, { until: readableTime(expiresAt, reader.t.locale) })}</p>
      <Act verb="confirm-change" visit={visit} reader={reader} button={s.submit} />
    </>,
  );
}

/** For whoever claims a domain that is proven to be another's: how far it has come, in words. */
export function claimantPage(
  { domain, claim, record }: { readonly domain: string; readonly claim: SeenClaim; readonly record?: Pick<SeenChallenge, "name" | "value"> },
  visit: Visit,
  reader: Reader,
): string {
  const { t } = reader;
  const c = t.owner.claim;
  const title = fill(c.mineTitle, { domain });
  const time = (ms: number) => readableTime(ms, t.locale);
  return visitPage(
    visit,
    reader,
    title,
    <>
      <h1>{title}</h1>
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
          <Copyable id="record-name" label={t.owner.proof.name} value={record.name} t={t} />
          <Copyable id="record-value" label={t.owner.proof.value} value={record.value} t={t} />
        </>
      )}
    </>,
  );
}

/** For everybody else: how to prove the domain. Nothing here tells whether it is registered. */
export function strangerPage(
  { domain, challenge }: { readonly domain: string; readonly challenge: SeenChallenge },
  visit: Visit,
  reader: Reader,
): string {
  const p = reader.t.owner.proof;
  const title = fill(p.strangerTitle, { domain });
  return visitPage(
    visit,
    reader,
    title,
    <>
      <h1>{title}</h1>
      <p class="lead">{p.strangerText}</p>
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
