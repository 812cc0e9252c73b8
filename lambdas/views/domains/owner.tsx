import { readableName } from "../../core/domains/lists.ts";
import { olderOf } from "../../core/pbx/secret.ts";
import { readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { Field } from "../shared/field.tsx";
import { Claimed } from "./claim.tsx";
import { Connections } from "./connections.tsx";
import { Act, DomainHeading, NameField, visitPage, type PageSession } from "./frame.tsx";
import { OwnLimits } from "./limits.tsx";
import { nextStepOf } from "./next-step.ts";
import { Posts } from "./posts.tsx";
import { Record } from "./proof/record.tsx";
import { RefusedLogins } from "./refused-logins.tsx";
import type { OwnerView } from "../../core/domains/visitor.ts";

interface Part {
  readonly seen: OwnerView;
  readonly visit: PageSession;
  readonly reader: Reader;
}

/** Everything that an owner sees and does. */
export function ownerPage(seen: OwnerView, visit: PageSession, reader: Reader): string {
  const o = reader.t.owner;
  const part = { seen, visit, reader };
  const active = seen.state === "active";
  return visitPage(
    visit,
    reader,
    readableName(seen.account),
    <>
      <DomainHeading account={seen.account} reader={reader} />
      {seen.claim && <Claimed account={seen.account} claim={seen.claim} visit={visit} reader={reader} />}
      <p class={active ? "note state" : "note state down"}>{active ? o.state.active : o.state.suspended}</p>
      <Next {...part} />
      <Connections seen={seen} lastPostAt={typeof seen.posts === "string" ? {} : seen.posts.lastPostAt} reader={reader}>
        {!seen.activity && (
          <Act verb="activity" visit={visit} reader={reader} button={o.connections.ask} quiet>
            <p class="hint above">{o.connections.askHint}</p>
          </Act>
        )}
      </Connections>
      <Posts {...part} />
      {active && <Password {...part} />}
      {seen.refusedLogins.length > 0 && <RefusedLogins seen={seen} reader={reader} lead={o.refusedLogins.lead} />}
      {active && <Proof {...part} />}
      {seen.accounts.length > 0 && <Accounts {...part} />}
      {active && <Address {...part} />}
      <OwnLimits limits={seen.limits} reader={reader} />
      {active && <Release {...part} />}
    </>,
  );
}

function Next({ seen, reader: { t } }: Part) {
  const step = nextStepOf(seen);
  const n = t.owner.next;
  return step === undefined ? null : (
    <section>
      <h2>{n.title}</h2>
      <p>{n.steps[step]}</p>
    </section>
  );
}

/** Accounts with a password of their own, which works whatever becomes of the domain's. */
function Accounts({ seen, reader: { t } }: Part) {
  const a = t.owner.accounts;
  return (
    <section>
      <h2>{a.title}</h2>
      <p>{a.text}</p>
      <ul>
        {seen.accounts.map(({ account, state, createdAt }) => (
          <li>
            {fill(state === "active" ? a.active : a.suspended, {
              account: readableName(account),
              when: readableTime(createdAt, t.locale),
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Password({ seen, visit, reader }: Part) {
  const { t } = reader;
  const s = t.owner.secret;
  const time = (ms: number) => readableTime(ms, t.locale);
  const { current } = seen.secrets;
  const older = olderOf(seen.secrets).filter(({ validUntil }) => validUntil > visit.now);
  const connectedWith = (id: string) => seen.connections.filter(({ login }) => login.secretId === id).length;
  return (
    <section>
      <h2>{s.title}</h2>
      <p>{fill(s.issued, { when: time(current.issuedAt) })}</p>
      {older.map(({ id, issuedAt, validUntil }) => (
        <p>
          {fill(s.previous, { when: time(issuedAt), until: time(validUntil) })}{" "}
          {fill(s.stillUsed, { count: connectedWith(id) })}
        </p>
      ))}
      {older.length > 0 && (
        <Act verb="end-old" visit={visit} reader={reader} button={older.length === 1 ? s.endOld : s.endOlder} quiet>
          <p class="hint above">{s.endOldHint}</p>
        </Act>
      )}
      <Act verb="replace" visit={visit} reader={reader} button={s.replace} quiet>
        <input type="hidden" name="secret" value={current.id} />
        <p class="hint above">{s.replaceHint}</p>
      </Act>
    </section>
  );
}

function Proof({ seen, visit, reader }: Part) {
  const { proof, state } = reader.t.owner;
  return (
    <section>
      <h2>{proof.title}</h2>
      <p>{seen.standing === "proven" ? state.proven : state.provisional}</p>
      {seen.challenge && (
        <>
          <p>{proof.ownText}</p>
          <Record challenge={seen.challenge} visit={visit} reader={reader} />
        </>
      )}
    </section>
  );
}

function Address({ seen, visit, reader }: Part) {
  const { t } = reader;
  const a = t.owner.address;
  return (
    <section>
      <h2>{a.title}</h2>
      <p>{fill(a.present, { email: visit.email })}</p>
      {seen.change ? (
        <>
          <p>{fill(a.waiting, { to: seen.change.to, until: readableTime(seen.change.expiresAt, t.locale) })}</p>
          <Act verb="cancel-change" visit={visit} reader={reader} button={a.cancel} quiet />
        </>
      ) : (
        <Act verb="change" visit={visit} reader={reader} button={a.submit} quiet>
          <Field name="email" label={a.field} hint={a.text} kind="email" />
        </Act>
      )}
    </section>
  );
}

function Release({ seen, visit, reader }: Part) {
  const { release: r } = reader.t.owner;
  return (
    <section>
      <h2>{r.title}</h2>
      <p>{seen.claim === undefined ? r.text : r.claimed}</p>
      {seen.claim === undefined && (
        <Act verb="release" visit={visit} reader={reader} button={r.submit} danger>
          <NameField id="domain" account={seen.account} reader={reader} />
        </Act>
      )}
    </section>
  );
}
