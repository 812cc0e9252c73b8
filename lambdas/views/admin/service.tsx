import type { Domain } from "../../core/domains/domain.ts";
import { readableName } from "../../core/domains/lists.ts";
import { claimOf } from "../../core/domains/ownership.ts";
import type { Suppression } from "../../core/mail/suppression.ts";
import type { AppState } from "../../core/admin/views.ts";
import { Row } from "../domains/connections.tsx";
import { Field } from "../shared/field.tsx";
import { readableTime } from "../shared/page.tsx";
import { to } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { addressOf, type Viewer } from "./console.ts";
import { consolePage, Step, type Section } from "./frame.tsx";

interface PagesProps {
  readonly section: Section;
  readonly next: string | undefined;
  readonly viewer: Viewer;
}

function Pages({ section, next, viewer: { c, reader } }: PagesProps) {
  if (next === undefined) return null;
  return (
    <nav class="pages" aria-label={c.list.pages}>
      <a href={to(reader, addressOf(`/${section}`, { after: next }))}>{c.list.next}</a>
    </nav>
  );
}

/** Claims that wait for an operator's decision. */
export function claimsPage(claimed: readonly Domain[], next: string | undefined, viewer: Viewer): string {
  const { c, reader, now } = viewer;
  const words = c.claims;
  // A lapsed claim stays in the list until housekeeping's daily run.
  const open = claimed.flatMap((domain) => {
    const claim = claimOf(domain, now);
    return claim === undefined ? [] : [{ ...domain, claim }];
  });
  const time = (ms: number) => readableTime(ms, reader.t.locale);
  return consolePage(
    viewer,
    "claims",
    words.title,
    <>
      <h1>{words.title}</h1>
      {open.length === 0 && <p>{words.none}</p>}
      <ul class="cards">
        {open.map(({ account, owner, claim }) => (
          <li>
            <h2>
              <a href={to(reader, addressOf("/domain", { account, record: "yes" }))}>{readableName(account)}</a>
            </h2>
            <p>{fill(words.text, { claimant: claim.claimant, owner: owner ?? "–", when: time(claim.madeAt) })}</p>
            <p class="hint">
              {claim.objectedAt !== undefined
                ? fill(words.objected, { when: time(claim.objectedAt) })
                : claim.objectUntil > now
                  ? fill(words.waiting, { until: time(claim.objectUntil) })
                  : words.ready}
            </p>
          </li>
        ))}
      </ul>
      <Pages section="claims" next={next} viewer={viewer} />
    </>,
  );
}

export function suppressedPage(items: readonly Suppression[], next: string | undefined, viewer: Viewer): string {
  const { c, reader } = viewer;
  const s = c.suppressed;
  return consolePage(
    viewer,
    "suppressed",
    s.title,
    <>
      <h1>{s.title}</h1>
      <p class="lead">{s.lead}</p>
      {items.length === 0 && <p>{s.none}</p>}
      <ul class="cards">
        {items.map(({ address, reason, at }) => (
          <li>
            <h2>{address}</h2>
            <p class="hint">{fill(s.since, { reason: s.reasons[reason], when: readableTime(at, reader.t.locale) })}</p>
            {viewer.role === "operator" && (
              <Step viewer={viewer} path="/suppressed/allow" fields={{ address }} button={s.allow} look="quiet" />
            )}
          </li>
        ))}
      </ul>
      <Pages section="suppressed" next={next} viewer={viewer} />
    </>,
  );
}

export function appsPage(apps: readonly AppState[], viewer: Viewer): string {
  const { c, reader } = viewer;
  const a = c.apps;
  const time = (ms: number) => readableTime(ms, reader.t.locale);
  const problem = (text: string) => fill(a.problem, { problem: text });
  return consolePage(
    viewer,
    "apps",
    a.title,
    <>
      <h1>{a.title}</h1>
      {apps.length === 0 && <p>{a.none}</p>}
      <ul class="cards">
        {apps.map(({ app, application, credential }) => {
          const dates = [application, credential].flatMap((each) =>
            "expiresAt" in each && each.expiresAt !== undefined ? [each.expiresAt] : [],
          );
          return (
            <li>
              <h2>{app.default ? `${app.id} (${a.default})` : app.id}</h2>
              <dl>
                <Row term={a.platform} text={app.platform} />
                <Row term={a.bundle} text={app.bundle} />
                <Row
                  term={a.state}
                  text={"problem" in application ? problem(application.problem) : application.enabled ? a.on : a.off}
                />
                <Row
                  term={a.credential}
                  text={"problem" in credential ? problem(credential.problem) : time(credential.changedAt)}
                />
                {dates.length > 0 && <Row term={a.expires} text={time(Math.min(...dates))} />}
              </dl>
            </li>
          );
        })}
      </ul>
      {viewer.role === "operator" && (
        <section>
          <h2>{a.lift}</h2>
          <p>{a.liftText}</p>
          <Step viewer={viewer} path="/apps/lift" button={a.lift} look="quiet">
            <Field kind="free" id="token" name="token" label={a.token} />
          </Step>
        </section>
      )}
    </>,
  );
}
