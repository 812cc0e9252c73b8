import { parseEmail } from "../../core/shared/email.ts";
import { pagedAccount } from "../../core/shared/names.ts";
import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import type { AccessLinks } from "../../usecases/web/access-links.ts";
import { askedPage, askPage, enterPage, linkOverPage, type Purpose } from "../../views/web/access-links.tsx";
import { to } from "../../views/shared/reader.ts";
import { ownForm } from "../shared/form.ts";
import { html, languageOf, readerOf, refuse } from "../shared/html.ts";
import { limited, type Routes } from "../shared/routes.ts";
import type { SessionCookie } from "../shared/session-cookie.ts";

/** How much of a wrong input is shown again, in characters. */
const MAX_SHOWN_AGAIN = 254;

/** How someone gets to a domain's page: requests a link, follows it, exchanges it for a session (docs/ownership.md). */
export function accessLinkRoutes(links: AccessLinks, cookie: SessionCookie, publicUrl: string): Routes {
  async function ask(purpose: Purpose, form: URLSearchParams, request: HttpRequest): Promise<HttpResponse> {
    const reader = readerOf(request);
    const typed = { domain: form.get("domain") ?? "", email: form.get("email") ?? "" };
    const domain = pagedAccount(typed.domain);
    const email = parseEmail(typed.email);
    if (!domain.ok || !email.ok) {
      const words = reader.t.problem;
      const errors = {
        domain: domain.ok ? undefined : words.domain[domain.error],
        email: email.ok ? undefined : words.email[email.error],
      };
      const again = {
        domain: typed.domain.slice(0, MAX_SHOWN_AGAIN),
        email: typed.email.slice(0, MAX_SHOWN_AGAIN),
        errors,
      };
      return html(422, askPage(purpose, again, reader));
    }
    const asked = await links.ask(domain.value, email.value, request.source, languageOf(request));
    if ("limitedFor" in asked) return refuse(request, limited(asked.limitedFor));
    return html(200, askedPage(purpose, { email: email.value.address, code: asked.code }, reader));
  }

  const asking = (purpose: Purpose) => ({
    GET: (request: HttpRequest) => {
      const domain = request.query.get("domain")?.slice(0, MAX_SHOWN_AGAIN);
      return html(200, askPage(purpose, { domain }, readerOf(request)));
    },
    POST: ownForm(publicUrl, (form, request) => ask(purpose, form, request)),
  });

  return {
    "/push/manage": asking("manage"),
    "/push/reclaim": asking("reclaim"),
    "/push/enter": {
      async GET(request) {
        const token = request.query.get("link") ?? "";
        const link = await links.find(token);
        const reader = readerOf(request);
        return link === undefined ? html(410, linkOverPage(reader)) : html(200, enterPage({ link, token }, reader));
      },
      POST: ownForm(publicUrl, async (form, request) => {
        const token = form.get("link") ?? "";
        const entered = await links.enter(token, form.get("code") ?? "");
        const reader = readerOf(request);
        switch (entered.kind) {
          case "over":
            return html(410, linkOverPage(reader));
          case "no-code":
            return html(422, enterPage({ link: entered.link, token, wrong: "no-code" }, reader));
          case "wrong-code":
            return html(422, enterPage({ link: entered.link, token, wrong: entered.left }, reader));
          case "entered":
            return {
              status: 303,
              headers: { location: to(reader, "/push/owner") },
              cookies: [cookie.set(entered.token, entered.maxAge)],
            };
        }
      }),
    },
  };
}
