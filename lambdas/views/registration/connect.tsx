import type { ComponentChildren } from "preact";
import { COPY_SCRIPT, Copyable, CopyBoth } from "../shared/copyable.tsx";
import { Field } from "../shared/field.tsx";
import { page } from "../shared/page.tsx";
import { to, type Reader } from "../shared/reader.ts";
import { Sentence } from "../shared/sentence.tsx";
import { fill, type Texts } from "../texts/texts.ts";

/** Who issued the certificate that PBXes see: Amazon, another authority that the operator chose, or nobody (no TLS). */
export type CertificateIssuer = "amazon" | "other" | "none";

/** Where the window offers the root certificates that a PBX must trust. */
export const ROOTS_PATH = "/push/assets/root-certificates.pem";

export interface PbxSide {
  /** For a PBX that does not connect at the first URL; undefined: one URL serves all. */
  readonly otherUrl?: string | undefined;
  readonly issuer: CertificateIssuer;
}

/**
 * The Connect window: it has the words of every state, of which assets/connect.js shows one at a time and fills in the
 * values (elements with an id). Without JavaScript a message says why it is needed.
 */
export function connectPage(reader: Reader, { otherUrl, issuer }: PbxSide): string {
  const { t } = reader;
  const c = t.connect;
  return page(
    reader,
    c.title,
    <>
      <noscript>
        <p class="note warning">{c.noScript}</p>
      </noscript>
      <p id="status" class="status" role="status" aria-live="polite" data-failed={c.failed} data-offline={c.offline} />
      <p id="request-name" class="hint" hidden data-text={c.requestName} data-title={c.windowTitle} />
      <Request reader={reader} />
      <Waiting reader={reader} />
      <Done reader={reader} otherUrl={otherUrl} issuer={issuer} />
      <Watching reader={reader} issuer={issuer} />
      <End id="shown" title={c.doneTitle} t={t}>
        <p>
          <strong data-domain-name />
        </p>
        <p>{c.shownText}</p>
        <OwnerLink reader={reader} />
      </End>
      <End id="expired" title={c.expiredTitle} t={t}>
        {(["time", "codes", "ended"] as const).map((reason) => (
          <p data-reason={reason} hidden>
            {c.expired[reason]}
          </p>
        ))}
      </End>
      <End id="taken" title={c.takenTitle} t={t}>
        <p>{c.takenText}</p>
        <p>
          <a href={to(reader, "/push/reclaim")}>{t.owner.ask.toReclaim}</a>
        </p>
      </End>
      <End id="lost" title={c.lostTitle} t={t}>
        <p>{c.lostText}</p>
        <OwnerLink reader={reader} />
      </End>
    </>,
    "/push/assets/connect.js",
    COPY_SCRIPT,
  );
}

function Request({ reader }: { readonly reader: Reader }) {
  const c = reader.t.connect;
  return (
    <section id="request">
      <h1 tabindex={-1}>{c.title}</h1>
      <p class="lead">{c.lead}</p>
      <form id="form" method="post" action="/push/register">
        <Field name="domain" label={c.domain} hint={c.domainHint} kind="text" />
        <Field name="email" label={c.email} hint={c.emailHint} kind="email" />
        <button type="submit">{c.submit}</button>
      </form>
      <p class="elsewhere">
        <a href={to(reader, "/push/manage")}>{c.manage}</a>
      </p>
    </section>
  );
}

function Waiting({ reader }: { readonly reader: Reader }) {
  const { t } = reader;
  const { connect: c, owner } = t;
  const [open = "", follow = "", back = ""] = c.waitingSteps;
  return (
    <section id="waiting" hidden>
      <h1 tabindex={-1}>{c.waitingTitle}</h1>
      <ol class="steps">
        <li>
          <Sentence text={open} name="email">
            <strong id="to" />
          </Sentence>
        </li>
        <li>
          {follow}
          <output id="code" class="code" aria-label={c.code} />
        </li>
        <li>{back}</li>
      </ol>
      <p class="progress">
        <span class="pulse" aria-hidden="true" />
        {c.waitingStatus}
      </p>
      <p id="delayed" class="note warning" hidden data-later={c.emailLater} data-again={c.tryAgain} />
      <p id="left" class="hint" data-text={c.timeLeft} />
      <details>
        <summary>{c.silence}</summary>
        <ul>
          {c.silenceReasons.map((reason) => (
            <li>{reason}</li>
          ))}
        </ul>
        <p class="hint">{c.silenceWhy}</p>
        <p class="hint">
          <a href={to(reader, "/push/reclaim")}>{owner.ask.toReclaim}</a>
        </p>
        <button type="button" class="quiet" id="resend">
          {c.resend}
        </button>
        <p id="resent" class="hint" role="status" data-text={c.resent} />
      </details>
      <Restart t={t} />
    </section>
  );
}

const Restart = ({ t }: { readonly t: Texts }) => (
  <button type="button" class="quiet" data-restart>
    {t.connect.restart}
  </button>
);

interface EndProps {
  readonly id: string;
  readonly title: string;
  readonly t: Texts;
  readonly children: ComponentChildren;
}

/** A state in which all one can do is start again. */
function End({ id, title, t, children }: EndProps) {
  return (
    <section id={id} hidden>
      <h1 tabindex={-1}>{title}</h1>
      {children}
      <Restart t={t} />
    </section>
  );
}

/** The script adds the domain. */
const OwnerLink = ({ reader }: { readonly reader: Reader }) => (
  <p>
    <a href={to(reader, "/push/manage")} data-owner-page>
      {reader.t.connect.toOwner}
    </a>
  </p>
);

function Roots({ t, text }: { readonly t: Texts; readonly text: string }) {
  return (
    <Sentence text={text} name="link">
      <a href={ROOTS_PATH} download="push-root-certificates.pem">
        {t.connect.roots}
      </a>
    </Sentence>
  );
}

interface DoneProps extends PbxSide {
  readonly reader: Reader;
}

function Done({ reader, otherUrl, issuer }: DoneProps) {
  const { t } = reader;
  const c = t.connect;
  return (
    <section id="done" hidden>
      <h1 tabindex={-1}>{c.doneTitle}</h1>
      <p class="lead">
        <strong data-domain-name /> {c.doneLead}
      </p>
      <Copyable id="url" label={c.url} t={t} />
      <Copyable id="password" label={c.password} t={t} />
      <CopyBoth ids={["url", "password"]} label={c.copyBoth} t={t} />
      <p class="hint">{c.onceHint}</p>
      {otherUrl !== undefined && <p class="hint">{fill(c.otherUrl, { url: otherUrl })}</p>}
      <h2>{c.nextTitle}</h2>
      <ol class="steps">
        <li>{c.stepObject}</li>
        <li>{issuer === "amazon" ? <Roots t={t} text={c.stepTrust} /> : c.stepTrustOther[issuer]}</li>
        <li>{c.stepUsers}</li>
      </ol>
      <button type="button" id="finish">
        {c.finish}
      </button>
      <OwnerLink reader={reader} />
    </section>
  );
}

/** After the password: four steps, the last two ticked as they happen, and what has been posted since. */
function Watching({ reader, issuer }: { readonly reader: Reader; readonly issuer: CertificateIssuer }) {
  const { t } = reader;
  const { connect: c } = t;
  return (
    <section id="finished" hidden>
      <h1 tabindex={-1}>{c.finishedTitle}</h1>
      <p class="lead">
        <strong data-domain-name />
      </p>
      <ul class="ticks" aria-live="polite" data-done={c.tickDone} data-open={c.tickOpen}>
        <li data-tick="registered">{c.ticks.registered}</li>
        <li data-tick="copied">{c.ticks.copied}</li>
        <li data-tick="connected">{c.ticks.connected}</li>
        <li data-tick="accepted">{c.ticks.accepted}</li>
      </ul>
      <p id="unconnected" class="hint" hidden>
        {c.unconnected} {issuer === "amazon" && <Roots t={t} text={c.unconnectedTrust} />}
      </p>
      <p id="unwatched" class="hint" hidden>
        {c.postsOff}
      </p>
      <ul id="posts" class="posts" aria-live="polite" data-outcomes={JSON.stringify(c.outcomes)} />
      <p id="for-an-hour" class="hint">
        {c.finishedText}
      </p>
      <p id="hour-over" class="note warning" hidden>
        {c.hourOver}
      </p>
      <OwnerLink reader={reader} />
      <Restart t={t} />
    </section>
  );
}
