import type { ComponentChildren } from "preact";
import { olderOf } from "../../core/pbx/secret.ts";
import { readableName } from "../../core/domains/lists.ts";
import { readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { shownText, writtenOut } from "../shared/shown-text.ts";
import { fill } from "../texts/texts.ts";
import { refusedLoginText } from "./refused-logins.tsx";
import type { OwnerView } from "../../core/domains/visitor.ts";
import type { ConnectionDetails } from "../../core/pbx/connection.ts";

interface ConnectionsProps {
  readonly seen: Pick<OwnerView, "connections" | "secrets" | "activity" | "refusedLogins">;
  /** When accounts last posted, Unix ms, if that is known. */
  readonly lastPostAt?: Readonly<Record<string, number>>;
  readonly reader: Reader;
  /** The form that asks when they were last active. */
  readonly children: ComponentChildren;
}

/** Who is connected, from where, since when and with which password; when last active, if that was requested. */
export function Connections({ seen, lastPostAt = {}, reader, children }: ConnectionsProps) {
  const c = reader.t.owner.connections;
  const sorted = seen.connections.toSorted((one, other) => one.login.account.localeCompare(other.login.account, "en"));
  return (
    <section>
      <h2>{sorted.length === 0 ? c.title : `${c.title} (${sorted.length})`}</h2>
      {sorted.length === 0 ? (
        <p>{c.none}</p>
      ) : (
        <>
          <ul class="cards">
            {sorted.map((connection) => (
              <Connection
                connection={connection}
                seen={seen}
                lastPostAt={lastPostAt[connection.login.account]}
                reader={reader}
              />
            ))}
          </ul>
          {children}
        </>
      )}
      <NotConnected connections={sorted} lastPostAt={lastPostAt} reader={reader} />
    </section>
  );
}

/** Accounts that have posted in the last 30 days and are not connected now. */
function NotConnected({
  connections,
  lastPostAt,
  reader: { t },
}: Pick<OwnerView, "connections"> & Required<Pick<ConnectionsProps, "lastPostAt" | "reader">>) {
  const c = t.owner.connections;
  const connected = new Set(connections.map(({ login }) => login.account));
  const away = Object.entries(lastPostAt).filter(([account]) => !connected.has(account));
  if (away.length === 0) return null;
  return (
    <>
      <p>{c.away}</p>
      <ul>
        {away.map(([account, at]) => (
          <li>{fill(c.awaySince, { account: shownText(readableName(account)), when: readableTime(at, t.locale) })}</li>
        ))}
      </ul>
    </>
  );
}

interface ConnectionProps {
  readonly connection: ConnectionDetails;
  readonly seen: ConnectionsProps["seen"];
  readonly lastPostAt: number | undefined;
  readonly reader: Reader;
}

function Connection({
  connection: { login, pbx, source, connectedAt, lastActiveAt },
  seen,
  lastPostAt,
  reader,
}: ConnectionProps) {
  const { t } = reader;
  const c = t.owner.connections;
  const { secrets, activity, refusedLogins } = seen;
  const own = refusedLogins.filter(({ account }) => account === login.account);
  const refusal = own.find((each) => each.source === source) ?? own[0];
  const old = olderOf(secrets).some(({ id }) => id === login.secretId);
  const present = login.secretId === secrets.current.id;
  const version = [pbx?.version, pbx?.build].filter((text) => text !== undefined).join(" ");
  return (
    <li>
      <h3>{shownText(readableName(login.account))}</h3>
      <dl>
        {pbx?.pbx && <Row term={c.pbx} text={pbx.pbx} />}
        {version !== "" && <Row term={c.version} text={version} />}
        <Row term={c.source} text={source} />
        <Row term={c.since} text={readableTime(connectedAt, t.locale)} />
        {activity && (
          <Row term={c.active} text={lastActiveAt === undefined ? c.silent : readableTime(lastActiveAt, t.locale)} />
        )}
        {lastPostAt !== undefined && <Row term={c.lastPost} text={readableTime(lastPostAt, t.locale)} />}
        {refusal && <Row term={c.refused} text={refusedLoginText(refusal, reader)} />}
        <dt>{c.password}</dt>
        <dd class={old ? "old" : undefined}>{old ? c.old : present ? c.current : c.own}</dd>
      </dl>
    </li>
  );
}

export function Row({ term, text }: { readonly term: string; readonly text: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{writtenOut(text)}</dd>
    </>
  );
}
