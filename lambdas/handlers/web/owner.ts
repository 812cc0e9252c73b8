import { parseEmail } from "../../core/shared/email.ts";
import { operatorAccount } from "../../core/shared/names.ts";
import type { DomainView, Visitor } from "../../core/domains/visitor.ts";
import type { Result } from "../../core/shared/result.ts";
import { formToken, isFormToken, type WebSession } from "../../core/web/web-session.ts";
import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import type { Clock } from "../../ports/clock.ts";
import type { OwnerError, OwnerCommands } from "../../usecases/domains/owner-commands.ts";
import type { OwnerTestPush } from "../../usecases/web/owner-test-push.ts";
import type { AccessLinks } from "../../usecases/web/access-links.ts";
import { leftPage, releasedPage, sessionOverPage } from "../../views/web/access-links.tsx";
import { objectorPage, doneLinkPage } from "../../views/domains/scoped-link.tsx";
import { freePage, newSecretPage } from "../../views/domains/new-secret.tsx";
import { claimantPage, unrelatedPage, successorPage } from "../../views/domains/visitor-pages.tsx";
import { recordNow } from "../../views/domains/proof/record.tsx";
import { ownerPage } from "../../views/domains/owner.tsx";
import type { Said, PageSession } from "../../views/domains/frame.tsx";
import { to, type Reader } from "../../views/shared/reader.ts";
import { texts } from "../../views/texts/texts.ts";
import { FOREIGN, ownForm } from "../shared/form.ts";
import { html, languageOf, readerOf, refuse } from "../shared/html.ts";
import type { Routes } from "../shared/routes.ts";
import type { SessionCookie } from "../shared/session-cookie.ts";

export interface OwnerPages {
  readonly commands: OwnerCommands;
  readonly testPush: OwnerTestPush;
  readonly links: Pick<AccessLinks, "session" | "leave">;
  readonly cookie: SessionCookie;
  readonly clock: Clock;
  /** Base of all pages. */
  readonly publicUrl: string;
  /** What goes into a Push object. */
  readonly pushUrl: string;
}

/** One step of a visitor, as a form sent it. */
interface Step {
  readonly visitor: Visitor;
  readonly form: URLSearchParams;
  readonly visit: PageSession;
  readonly reader: Reader;
  readonly token: string;
}

/** A step leads to a message above the page, or to a page of its own. */
type Outcome = Promise<Said | HttpResponse>;

const noteOf = (error: OwnerError): Said => (error === "claimed" ? "other-claim" : error);

const isSaid = (text: string): text is Said => Object.hasOwn(texts.en.owner.said, text);

/** A step that asks for the domain's name: mail scanners follow links, press buttons and fill in fields, but do not know it. */
const named =
  (take: (step: Step) => Outcome) =>
  (step: Step): Outcome => {
    const typed = operatorAccount(step.form.get("domain") ?? "");
    return typed.ok && typed.value === step.visitor.account ? take(step) : Promise.resolve("not-confirmed");
  };

/** The page of one domain, depending on its visitor, and what they can do there (docs/pages.md). */
export function ownerRoutes({ commands, testPush, links, cookie, clock, publicUrl, pushUrl }: OwnerPages): Routes {
  const said = (result: Result<unknown, OwnerError>, done: Said): Said => (result.ok ? done : noteOf(result.error));

  const steps: Readonly<Record<string, (step: Step) => Outcome>> = {
    activity,
    test,
    replace: replaceSecret,
    look,
    prove,
    release: named(release),
    "end-old": async ({ visitor }) => said(await commands.endOldSecret(visitor), "old-ended"),
    "cancel-change": async ({ visitor }) => said(await commands.cancelChange(visitor), "address-cancelled"),
    "confirm-change": named(async ({ visitor }) => said(await commands.confirmAddress(visitor), "address-confirmed")),
    object: named(async ({ visitor }) => said(await commands.object(visitor), "objected")),
    async change({ visitor, form }) {
      const email = parseEmail(form.get("email") ?? "");
      return email.ok ? said(await commands.changeAddress(visitor, email.value), "address-asked") : "bad-address";
    },
    async leave({ reader, token }) {
      await links.leave(token);
      return left(leftPage(reader));
    },
  };

  /** Only in this answer: it takes a call for each PBX, and is true only for a moment. */
  async function activity({ visitor, visit, reader }: Step): Outcome {
    const seen = await commands.viewWithActivity(visitor);
    return seen.ok ? html(200, pageOf(seen.value, visit, reader)) : noteOf(seen.error);
  }

  async function test({ visitor, form }: Step): Outcome {
    const tested = await testPush(visitor, form.get("device") ?? "");
    if (tested.ok) return `test-${tested.value}`;
    return tested.error === "limited" ? "test-limited" : noteOf(tested.error);
  }

  async function replaceSecret({ visitor, form, visit, reader }: Step): Outcome {
    const replaced = await commands.replaceSecret(visitor, form.get("secret") ?? "");
    if (!replaced.ok) return replaced.error === "same" ? "stale" : noteOf(replaced.error);
    return html(200, newSecretPage({ url: pushUrl, password: replaced.value.password, old: "newOld" }, visit, reader));
  }

  /** A part of the page, for its script. */
  async function look({ visitor, reader }: Step): Outcome {
    const looked = await commands.lookUpRecord(visitor);
    return looked.ok ? html(200, recordNow(looked.value, reader)) : noteOf(looked.error);
  }

  async function prove({ visitor, visit, reader }: Step): Outcome {
    const proved = await commands.prove(visitor);
    if (!proved.ok) return noteOf(proved.error);
    switch (proved.value.kind) {
      case "taken":
        return html(
          200,
          newSecretPage({ url: pushUrl, password: proved.value.password, old: "newTaken" }, visit, reader),
        );
      case "free":
        return html(200, freePage(visitor.account, visit, reader));
      case "missing":
      case "unreachable": {
        const { kind, challenge } = proved.value;
        const seen = await commands.view(visitor);
        // Only in this answer: what the DNS says is true only for a moment.
        return "challenge" in seen ? html(200, pageOf({ ...seen, challenge }, { ...visit, said: kind }, reader)) : kind;
      }
      default:
        return proved.value.kind;
    }
  }

  async function release({ visitor, reader, token }: Step): Outcome {
    const released = await commands.release(visitor);
    if (!released.ok) return released.error === "claimed" ? "release-claimed" : noteOf(released.error);
    await links.leave(token);
    return left(releasedPage(visitor.account, reader));
  }

  const left = (body: string): HttpResponse => ({ ...html(200, body), cookies: [cookie.clear] });
  const over = (request: HttpRequest) => html(401, sessionOverPage(readerOf(request)));

  /** With the language of this page, which is also that of emails that follow. */
  const visitorOf = ({ visitor }: WebSession, request: HttpRequest): Visitor => ({
    ...visitor,
    language: languageOf(request),
  });

  function visitOf({ visitor, until }: WebSession, token: string, request: HttpRequest): PageSession {
    const note = request.query.get("said") ?? "";
    const common = { email: visitor.emailKey, formToken: formToken(token), now: clock.now(), until };
    return isSaid(note) ? { ...common, said: note } : common;
  }

  const taking = (take: (step: Step) => Outcome) =>
    ownForm(publicUrl, async (form, request) => {
      const token = cookie.read(request);
      const session = await links.session(token);
      if (session === undefined) return over(request);
      if (!isFormToken(form.get("form") ?? "", token)) return refuse(request, FOREIGN);
      const reader = readerOf(request);
      const visit = visitOf(session, token, request);
      const outcome = await take({ visitor: visitorOf(session, request), form, visit, reader, token });
      if (typeof outcome !== "string") return outcome;
      return { status: 303, headers: { location: to(reader, `/push/owner?said=${outcome}`) } };
    });

  return {
    "/push/owner": {
      async GET(request) {
        const token = cookie.read(request);
        const session = await links.session(token);
        if (session === undefined) return over(request);
        const seen = await commands.view(visitorOf(session, request));
        return html(200, pageOf(seen, visitOf(session, token, request), readerOf(request)));
      },
    },
    ...Object.fromEntries(Object.entries(steps).map(([verb, take]) => [`/push/owner/${verb}`, { POST: taking(take) }])),
  };
}

function pageOf(seen: DomainView, visit: PageSession, reader: Reader): string {
  switch (seen.role) {
    case "owner":
      return ownerPage(seen, visit, reader);
    case "successor":
      return successorPage(seen, visit, reader);
    case "claimant":
      return claimantPage(seen, visit, reader);
    case "unrelated":
      return unrelatedPage(seen, visit, reader);
    case "objector":
      return objectorPage(seen, visit, reader);
    case "done-link":
      return doneLinkPage(seen.account, visit, reader);
  }
}
