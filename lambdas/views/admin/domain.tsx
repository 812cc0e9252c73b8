import type { DomainDetails, TestPushResult } from "../../core/admin/views.ts";
import type { RecordNow } from "../../core/domains/proof/txt-proof.ts";
import type { AuditEntry } from "../../core/domains/audit.ts";
import { readableName } from "../../core/domains/lists.ts";
import { claimOf, moveOf } from "../../core/domains/ownership.ts";
import { olderOf } from "../../core/pbx/secret.ts";
import { Connections, Row } from "../domains/connections.tsx";
import { RefusedLogins } from "../domains/refused-logins.tsx";
import { readableTime } from "../shared/page.tsx";
import { to } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { Actions } from "./actions.tsx";
import { addressOf, type Viewer } from "./console.ts";
import { consolePage } from "./frame.tsx";
import { Badges } from "./list.tsx";
import { Posts } from "./posts.tsx";
import { TestOutcome } from "./test-outcome.tsx";

/** With what the visitor also requested. */
export interface DomainView extends DomainDetails {
  /** The connections' activity was requested. */
  readonly activity: boolean;
  /** Whether the record of the claim is there. */
  readonly record?: RecordNow | undefined;
  readonly tested?: TestPushResult | undefined;
}

interface Part {
  readonly seen: DomainView;
  readonly viewer: Viewer;
}

export function domainPage(seen: DomainView, viewer: Viewer): string {
  const name = readableName(seen.domain.account);
  return consolePage(
    viewer,
    "domains",
    name,
    <>
      <h1>
        {name} <Badges domain={seen.domain} viewer={viewer} />
      </h1>
      {seen.tested && <TestOutcome tested={seen.tested} viewer={viewer} />}
      {seen.domain.claim && <OpenClaim seen={seen} viewer={viewer} />}
      <Facts seen={seen} viewer={viewer} />
      <Connections seen={{ ...seen, secrets: seen.domain.secrets }} reader={viewer.reader}>
        <p>
          <a href={to(viewer.reader, addressOf("/domain", { account: seen.domain.account, activity: "yes" }))}>
            {viewer.reader.t.owner.connections.ask}
          </a>
        </p>
      </Connections>
      {seen.refusedLogins.length > 0 && <RefusedLogins seen={seen} reader={viewer.reader} />}
      <Posts posts={seen.posts} viewer={viewer} />
      <Actions domain={seen.domain} viewer={viewer} />
      <History account={seen.domain.account} entries={seen.history} viewer={viewer} />
    </>,
  );
}

/** For an account that does not exist, or no longer exists. */
export function gonePage(account: string, history: readonly AuditEntry[], viewer: Viewer): string {
  const d = viewer.c.domain;
  const title = fill(d.gone, { account: readableName(account) });
  return consolePage(
    viewer,
    "domains",
    title,
    <>
      <h1>{title}</h1>
      <p>{d.goneText}</p>
      <History account={account} entries={history} viewer={viewer} />
    </>,
  );
}

function Facts({ seen: { domain, suppression }, viewer }: Part) {
  const { c, reader, now } = viewer;
  const d = c.domain;
  const time = (ms: number) => readableTime(ms, reader.t.locale);
  const { account, owner, secrets } = domain;
  const move = moveOf(domain, now);
  return (
    <section>
      <h2>{d.facts}</h2>
      <dl class="facts">
        {readableName(account) !== account && <Row term={d.key} text={account} />}
        <Row term={d.state} text={d[domain.state]} />
        <Row term={d.owner} text={owner ?? d.noOwner} />
        {suppression && (
          <Row
            term={d.blocked}
            text={fill(suppression.until === undefined ? d.blockedText : d.blockedUntil, {
              when: time(suppression.at),
              until: time(suppression.until ?? suppression.at),
              reason: c.suppressed.reasons[suppression.reason],
            })}
          />
        )}
        <Row term={d.origin} text={d.origins[domain.origin]} />
        {owner !== undefined && <Row term={d.proof} text={d.proofs[domain.proof ?? "none"]} />}
        {move && <Row term={d.move} text={fill(d.moveText, { to: move.to, until: time(move.expiresAt) })} />}
        <Row term={d.created} text={time(domain.createdAt)} />
        <Row term={d.changed} text={time(domain.changedAt)} />
        <Row term={d.firstLogin} text={domain.firstLoginAt === undefined ? d.never : time(domain.firstLoginAt)} />
        <Row term={d.password} text={`${time(secrets.current.issuedAt)} (${secrets.current.id})`} />
        {olderOf(secrets)
          .filter(({ validUntil }) => validUntil > now)
          .map(({ id, validUntil }) => (
            <Row term={d.oldPassword} text={`${time(validUntil)} (${id})`} />
          ))}
        {domain.endsAt !== undefined && <Row term={d.ends} text={time(domain.endsAt)} />}
      </dl>
    </section>
  );
}

function OpenClaim({ seen: { domain, record }, viewer }: Part) {
  const { c, reader, now } = viewer;
  const d = c.domain;
  const { account } = domain;
  const claim = claimOf(domain, now);
  if (claim === undefined) return null;
  const time = (ms: number) => readableTime(ms, reader.t.locale);
  const { claimant, madeAt, objectUntil, objectedAt } = claim;
  return (
    <section class="note warning" aria-labelledby="claim">
      <h2 id="claim">{d.claim}</h2>
      <p>{fill(d.claimText, { claimant, when: time(madeAt) })}</p>
      <p>
        {objectedAt !== undefined
          ? fill(d.claimObjected, { when: time(objectedAt) })
          : objectUntil > now
            ? fill(d.claimWait, { until: time(objectUntil) })
            : d.claimReady}
      </p>
      {record === undefined ? (
        <p>
          <a href={to(reader, addressOf("/domain", { account, record: "yes" }))}>{d.checkRecord}</a>
        </p>
      ) : (
        <p>
          {d.record}: <strong>{d.records[record]}</strong>
        </p>
      )}
    </section>
  );
}

/** Entries that a page shows unless more are requested. */
export const HISTORY_SHOWN = 50;

interface HistoryProps {
  readonly account: string;
  readonly entries: readonly AuditEntry[];
  readonly viewer: Viewer;
}

function History({ account, entries, viewer: { c, reader } }: HistoryProps) {
  const d = c.domain;
  const steps: Readonly<Record<string, string | undefined>> = c.history;
  return (
    <section>
      <h2>{d.history}</h2>
      {entries.length === 0 ? (
        <p>{d.noHistory}</p>
      ) : (
        <ol class="history-list">
          {entries.map(({ at, action, actor, by, from, to: owner, other, detail }) => (
            <li>
              <span class="hint">{readableTime(at, reader.t.locale)}</span>
              <div>
                <strong>{steps[action] ?? action}</strong> {actor !== "time" && fill(d.by, { actor: by ?? actor })}
                {(from !== undefined || owner !== undefined) && `: ${from ?? "–"} → ${owner ?? "–"}`}
                {other !== undefined && ` (${other})`}
                {detail !== undefined && ` (${detail})`}
              </div>
            </li>
          ))}
        </ol>
      )}
      {entries.length === HISTORY_SHOWN && (
        <p>
          <a href={to(reader, addressOf("/domain", { account, history: "500" }))}>{d.historyMore}</a>
        </p>
      )}
    </section>
  );
}
