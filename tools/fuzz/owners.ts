import fc from "fast-check";
import { pageHeaders, refuse } from "../../lambdas/handlers/shared/html.ts";
import { problemJson, router, unavailable } from "../../lambdas/handlers/shared/routes.ts";
import { http } from "../../lambdas/middleware/http.ts";
import { pageServices } from "../../test/support/services/pages.ts";
import { checkAnswer, eventOf, requestsFrom, usual, type Request } from "./http.ts";
import { strictTelemetry, target } from "./target.ts";
import { jsonText, mutated, nastyText } from "./texts.ts";

/** Pages of a domain with its owner logged in: COOKIE, FORM and LINK are placeholders for what the owner was given. */
function services() {
  const pages = pageServices();
  const options = {
    telemetry: strictTelemetry(),
    name: "registration",
    headers: pageHeaders,
    failure: () => problemJson(unavailable),
  };
  const given = Promise.all([pages.enter(), pages.link()]);
  const filled = async (text: string): Promise<string> => {
    const [{ cookie, form }, link] = await given;
    return text.replaceAll("COOKIE", cookie).replaceAll("FORM", form).replaceAll("LINK", link);
  };
  return { pages, given, filled, handler: http(router(pages.routes, refuse), options) };
}

const VERBS = [
  "activity",
  "test",
  "replace",
  "end-old",
  "change",
  "cancel-change",
  "confirm-change",
  "release",
  "object",
  "look",
  "prove",
];
const PATHS = [
  "/push/manage",
  "/push/reclaim",
  "/push/enter",
  "/push/owner",
  "/push/owner/",
  "/push/owner/__proto__",
  ...VERBS.map((verb) => `/push/owner/${verb}`),
];
const FORM_TYPE = "application/x-www-form-urlencoded";
const VALUES = [
  FORM_TYPE,
  "application/json",
  "text/html",
  "multipart/form-data; boundary=x",
  "cross-site",
  "same-origin",
  "https://push.example.com",
  "https://evil.example",
  "de",
  "*",
];

const headers = { "content-type": FORM_TYPE };
const likely: fc.Arbitrary<Request> = fc.oneof(
  fc.constantFrom<Request>(
    { ...usual, method: "GET", path: "/push/owner", query: "said=claimed", cookies: ["COOKIE"] },
    { ...usual, method: "GET", path: "/push/manage" },
    { ...usual, method: "GET", path: "/push/enter", query: "link=LINK" },
    { ...usual, method: "POST", path: "/push/enter", headers, body: "link=LINK&code=012345" },
    { ...usual, method: "POST", path: "/push/reclaim", headers, body: "domain=pbx.example.com&email=a%40example.com" },
  ),
  fc
    .constantFrom(...VERBS)
    .map(
      (verb): Request => ({
        ...usual,
        method: "POST",
        path: `/push/owner/${verb}`,
        headers,
        cookies: ["COOKIE"],
        body: "form=FORM&domain=pbx.example.com&email=b%40example.com&secret=present1",
      }),
    ),
);
const body = fc.oneof(
  mutated(fc.constant("form=FORM&domain=pbx.example.com&email=b%40example.com&secret=present1")),
  mutated(fc.constant("link=LINK")),
  fc
    .tuple(nastyText, nastyText)
    .map(
      ([domain, email]) =>
        `domain=${encodeURIComponent(domain.toWellFormed())}&email=${encodeURIComponent(email.toWellFormed())}`,
    ),
  jsonText,
  nastyText,
);

const cases = requestsFrom({
  likely,
  paths: PATHS,
  values: VALUES,
  query: "link=LINK&said=claimed&lang=de",
  cookies: ["COOKIE", "__Host-push-session=x"],
  body,
});

export const owners = target("requests for pages of domains", 0.15, services, cases, async (here, each) => {
  const { pages, given } = here;
  const [{ cookie, form }] = await given;
  const before = { done: pages.done.length, notices: pages.notices.length };
  const event = await eventOf(each, here.filled);
  const answer = await here.handler(event as never, {} as never);
  const status = checkAnswer(answer, each.method, `${JSON.stringify(event)} ${event.body ?? ""}`);
  const told = pages.notices.length - before.notices;
  if (told > 0 && !(each.method === "POST" && /^\/push\/(manage|reclaim)$/u.test(each.path) && status === 200))
    throw new Error("an email that was not requested");
  const done = pages.done.length - before.done;
  const sent = each.base64 ? Buffer.from(event.body ?? "", "base64").toString("utf8") : (event.body ?? "");
  const proven = JSON.stringify([event.cookies, event.headers]).includes(cookie) && sent.includes(form) && form !== "";
  if (
    done > 1 ||
    (done === 1 && !(each.method === "POST" && each.path.startsWith("/push/owner/") && proven && status < 400))
  ) {
    throw new Error(`${JSON.stringify(pages.done.at(-1))}, and answered ${status}`);
  }
  return done === 1 ? `${status}, done` : `${status}`;
});
