import { renderToString } from "preact-render-to-string";
import { zoneOf } from "../../../core/domains/proof/name-rights.ts";
import { Copyable } from "../../shared/copyable.tsx";
import { readableTime } from "../../shared/page.tsx";
import type { Reader } from "../../shared/reader.ts";
import { shownText } from "../../shared/shown-text.ts";
import { fill, type Texts } from "../../texts/texts.ts";
import { Act, type PageSession } from "../frame.tsx";
import type { Challenge, RecordSeen } from "../../../core/domains/proof/txt-proof.ts";

/** Path of the script that keeps checking while the page is open; without it, there is the button. */
const RECORD_SCRIPT = "/push/assets/record.js";

/** Most records of others that are shown: a name may have any number. */
const MOST_VALUES = 5;

interface RecordProps {
  readonly challenge: Challenge;
  readonly visit: PageSession;
  readonly reader: Reader;
}

/** The TXT record to add, what the DNS says about it, and the button that checks it. */
export function Record({ challenge, visit, reader }: RecordProps) {
  const { t } = reader;
  const p = t.owner.proof;
  return (
    <>
      <p>{p.type}</p>
      <RecordNames name={challenge.name} t={t} />
      <Copyable id="record-value" label={p.value} value={challenge.value} t={t} />
      <p class="hint">{fill(p.until, { until: readableTime(challenge.expiresAt, t.locale) })}</p>
      <div id="record" class="note record">
        <p>
          <strong>{p.seen.title}</strong>
        </p>
        <RecordNow seen={challenge.seen} t={t} />
        <p id="record-auto" class="hint" hidden data-stopped={fill(p.seen.stopped, { button: p.check })}>
          {p.seen.auto}
        </p>
      </div>
      <Act verb="prove" visit={visit} reader={reader} button={p.check} />
      <p class="hint">{p.wait}</p>
      <script type="module" src={RECORD_SCRIPT} />
    </>
  );
}

/** Some DNS administrations take the whole name, others the part before their zone. */
export function RecordNames({ name, t }: { readonly name: string; readonly t: Texts }) {
  const p = t.owner.proof;
  const zone = zoneOf(name);
  return (
    <>
      <Copyable id="record-name" label={p.name} value={name} t={t} />
      {zone !== undefined && (
        <>
          <Copyable
            id="record-relative"
            label={fill(p.relative, { zone })}
            value={name.slice(0, -zone.length - 1)}
            t={t}
          />
          <p class="hint">{p.whichName}</p>
        </>
      )}
    </>
  );
}

/** What the script fetches: the part of the page that changes. */
export const recordNow = (challenge: Challenge, { t }: Reader): string =>
  renderToString(<RecordNow seen={challenge.seen} t={t} />);

function RecordNow({ seen, t }: { readonly seen: RecordSeen | undefined; readonly t: Texts }) {
  const words = t.owner.proof.seen;
  return (
    <>
      <div id="record-seen" aria-live="polite" data-found={seen?.kind === "found" ? "" : undefined}>
        {seen === undefined ? <p>{words.never}</p> : <Seen seen={seen} t={t} />}
      </div>
      <p id="record-at" class="hint">
        {seen !== undefined && fill(words.at, { when: readableTime(seen.at, t.locale, "long", "medium") })}
      </p>
    </>
  );
}

function Seen({ seen: { kind, values }, t }: { readonly seen: RecordSeen; readonly t: Texts }) {
  const { seen: words, check } = t.owner.proof;
  if (kind === "found") return <p>{fill(words.found, { button: check })}</p>;
  if (kind === "unreachable") return <p>{words.unreachable}</p>;
  if (values.length === 0) return <p>{words.none}</p>;
  return (
    <>
      <p>{words.others}</p>
      <ul>
        {values.slice(0, MOST_VALUES).map((value) => (
          <li>
            <code>{shownText(value)}</code>
          </li>
        ))}
        {values.length > MOST_VALUES && <li>{fill(words.more, { count: values.length - MOST_VALUES })}</li>}
      </ul>
    </>
  );
}
