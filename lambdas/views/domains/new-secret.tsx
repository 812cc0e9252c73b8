import { Copyable } from "../shared/copyable.tsx";
import { to, type Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { visitPage, type PageSession } from "./frame.tsx";

interface NewSecret {
  readonly url: string;
  readonly password: string;
  /** What became of the old one. */
  readonly old: "newOld" | "newTaken";
}

/** Shows the new password, only this once. */
export function newSecretPage({ url, password, old }: NewSecret, visit: PageSession, reader: Reader): string {
  const { t } = reader;
  const s = t.owner.secret;
  return visitPage(
    visit,
    reader,
    s.newTitle,
    <>
      <h1>{s.newTitle}</h1>
      <p class="lead">{s.newLead}</p>
      <Copyable id="url" label={t.connect.url} value={url} t={t} />
      <Copyable id="password" label={t.connect.password} value={password} t={t} />
      <p class="note warning">{s.newOnce}</p>
      <p>{s[old]}</p>
      <p>
        <a href={to(reader, "/push/owner")}>{s.back}</a>
      </p>
    </>,
  );
}

/** The visitor has proved control of a domain that is not registered. */
export function freePage(domain: string, visit: PageSession, reader: Reader): string {
  const p = reader.t.owner.proof;
  return visitPage(
    visit,
    reader,
    p.freeTitle,
    <>
      <h1>{p.freeTitle}</h1>
      <p>{fill(p.freeText, { domain })}</p>
      <p>
        <a href={to(reader, "/push/connect")}>{p.freeLink}</a>
      </p>
    </>,
  );
}
