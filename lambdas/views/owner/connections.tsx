import type { SecretMarks } from "../../core/secrets.ts";
import { readableTime } from "../page.tsx";
import type { Reader } from "../reader.ts";
import type { SeenByOwner, SeenConnection } from "./seen.ts";

/** Who is connected, from where, since when and with which password. */
export function Connections({ seen, reader }: { readonly seen: SeenByOwner; readonly reader: Reader }) {
  const c = reader.t.owner.connections;
  const sorted = seen.connections.toSorted((one, other) => one.login.account.localeCompare(other.login.account, "en"));
  return (
    <section>
      <h2>{sorted.length === 0 ? c.title : `${c.title} (${sorted.length})`}</h2>
      {sorted.length === 0 ? (
        <p>{c.none}</p>
      ) : (
        <ul class="cards">
          {sorted.map((connection) => (
            <Connection connection={connection} secrets={seen.secrets} reader={reader} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface ConnectionProps {
  readonly connection: SeenConnection;
  /** Of the page's domain or account. */
  readonly secrets: SecretMarks;
  readonly reader: Reader;
}

function Connection({ connection: { login, pbx, source, connectedAt }, secrets, reader: { t } }: ConnectionProps) {
  const c = t.owner.connections;
  const old = login.secretId === secrets.previous?.id;
  const present = login.secretId === secrets.current.id;
  const version = [pbx?.version, pbx?.build].filter((text) => text !== undefined).join(" ");
  return (
    <li>
      <h3>{login.account}</h3>
      <dl>
        {pbx?.pbx && <Row term={c.pbx} text={pbx.pbx} />}
        {version !== "" && <Row term={c.version} text={version} />}
        <Row term={c.source} text={source} />
        <Row term={c.since} text={readableTime(connectedAt, t.locale)} />
        <dt>{c.password}</dt>
        <dd class={old ? "old" : undefined}>{old ? c.old : present ? c.current : c.own}</dd>
      </dl>
    </li>
  );
}

function Row({ term, text }: { readonly term: string; readonly text: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{text}</dd>
    </>
  );
}
