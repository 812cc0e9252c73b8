import { COPY_SCRIPT, Copyable } from "../shared/copyable.tsx";
import { Field } from "../shared/field.tsx";
import { page } from "../shared/page.tsx";
import { to, type Reader } from "../shared/reader.ts";
import { fill, type Texts } from "../texts/texts.ts";

/**
 * The Connect window: every state is here in words, assets/connect.js shows one at a time and fills in the values
 * (elements with an id). Without JavaScript a message says why it is needed.
 * @param otherUrl for a PBX that does not connect at the first URL; undefined: one URL serves all
 */
export function connectPage(reader: Reader, otherUrl?: string): string {
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
      <Request reader={reader} />
      <Waiting reader={reader} />
      <Done t={t} otherUrl={otherUrl} />
      <Watching reader={reader} />
      <section id="shown" hidden>
        <h1 tabindex={-1}>{c.doneTitle}</h1>
        <p>
          <strong id="shown-domain" />
        </p>
        <p>{c.shownText}</p>
        <button type="button" data-restart>
          {c.restart}
        </button>
      </section>
      <section id="expired" hidden>
        <h1 tabindex={-1}>{c.expiredTitle}</h1>
        <p>{c.expiredText}</p>
        <button type="button" data-restart>
          {c.restart}
        </button>
      </section>
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
  const { connect: c, owner } = reader.t;
  const [open = "", follow = "", back = ""] = c.waitingSteps;
  const [before = "", after = ""] = open.split("{email}");
  return (
    <section id="waiting" hidden>
      <h1 tabindex={-1}>{c.waitingTitle}</h1>
      <ol class="steps">
        <li>
          {before}
          <strong id="to" />
          {after}
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
      <button type="button" class="quiet" data-restart>
        {c.restart}
      </button>
    </section>
  );
}

function Done({ t, otherUrl }: { readonly t: Texts; readonly otherUrl: string | undefined }) {
  const c = t.connect;
  return (
    <section id="done" hidden>
      <h1 tabindex={-1}>{c.doneTitle}</h1>
      <p class="lead">{c.doneLead}</p>
      <Copyable id="url" label={c.url} t={t} />
      <Copyable id="password" label={c.password} t={t} />
      <p class="hint">{c.onceHint}</p>
      {otherUrl !== undefined && <p class="hint">{fill(c.otherUrl, { url: otherUrl })}</p>}
      <h2>{c.nextTitle}</h2>
      <ol class="steps">
        {c.nextSteps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <button type="button" id="finish">
        {c.finish}
      </button>
    </section>
  );
}

/** After the password: four steps, the last two ticked as they happen, and what has been posted since. */
function Watching({ reader }: { readonly reader: Reader }) {
  const { connect: c } = reader.t;
  return (
    <section id="finished" hidden>
      <h1 tabindex={-1}>{c.finishedTitle}</h1>
      <p class="lead">
        <strong id="domain-name" />
      </p>
      <ul class="ticks" aria-live="polite" data-done={c.tickDone} data-open={c.tickOpen}>
        <li data-tick="registered">{c.ticks.registered}</li>
        <li data-tick="copied">{c.ticks.copied}</li>
        <li data-tick="connected">{c.ticks.connected}</li>
        <li data-tick="accepted">{c.ticks.accepted}</li>
      </ul>
      <p id="unwatched" class="hint" hidden>
        {c.postsOff}
      </p>
      <ul id="posts" class="posts" aria-live="polite" data-outcomes={JSON.stringify(c.outcomes)} />
      <p class="hint">{c.finishedText}</p>
      <p>
        <a href={to(reader, "/push/manage")}>{c.toOwner}</a>
      </p>
      <button type="button" class="quiet" data-restart>
        {c.restart}
      </button>
    </section>
  );
}
