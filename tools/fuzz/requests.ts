import fc from "fast-check";
import { pageHeaders, refuse } from "../../lambdas/handlers/shared/html.ts";
import { pageRoutes } from "../../lambdas/handlers/registration/pages.ts";
import { registrationRoutes } from "../../lambdas/handlers/registration/registration.ts";
import { problemJson, router, unavailable } from "../../lambdas/handlers/shared/routes.ts";
import { http } from "../../lambdas/middleware/http.ts";
import { failing, type Faults } from "../../test/support/memory/failing.ts";
import { memoryStore } from "../../test/support/memory/memory-store.ts";
import { registrationServices } from "../../test/support/services/registration.ts";
import { testClock } from "../../test/support/values/time-and-chance.ts";
import { checkAnswer, eventOf, requestsFrom, usual, type Request } from "./http.ts";
import { strictTelemetry, target } from "./target.ts";
import { jsonText, mutated, nastyText } from "./texts.ts";

function services() {
  const store = memoryStore();
  const registrations = failing(store.registrations, testClock());
  const domains = failing(store.domains, testClock());
  const notices = failing(store.notices, testClock());
  const counters = failing(store.counters, testClock());
  const { window, page, ask } = registrationServices(
    { requestsPerSourcePerHour: 1e9 },
    { ...store, registrations, domains, notices, counters },
  );
  const routes = {
    ...registrationRoutes(window, "https://push.example.com/push/ws"),
    ...pageRoutes(page, {}, { issuer: "amazon" }),
  };
  const options = {
    telemetry: strictTelemetry(),
    name: "registration",
    headers: pageHeaders,
    failure: () => problemJson(unavailable),
  };
  const asked = ask("pbx.example.com", "admin@example.com");
  /** Replaces placeholders with what a real registration was given. */
  const filled = async (text: string): Promise<string> => {
    const { ticket, link = "", code } = await asked;
    return text.replaceAll("TICKET", ticket).replaceAll("LINK", link).replaceAll("CODE", code);
  };
  return { registrations, domains, notices, counters, filled, handler: http(router(routes, refuse), options) };
}

const PATHS = [
  "/push/register",
  "/push/verify",
  "/push/connect",
  "/push",
  "/",
  "/push/register/",
  "/PUSH/register",
  "/push/__proto__",
  "//push/verify",
];
const VALUES = [
  "application/json",
  "application/json; charset=utf-8",
  "application/x-www-form-urlencoded",
  "text/html",
  "multipart/form-data; boundary=x",
  "Bearer ",
  "Bearer TICKET",
  `Bearer ${"A".repeat(43)}`,
  "Bearer a b c",
  "Basic eDp5",
  "de-AT,de;q=0.9,*;q=0.1",
  "en;q=abc,;;;,",
  "*",
];

const body = fc.oneof(
  fc.tuple(nastyText, nastyText).map(([domain, email]) => JSON.stringify({ domain, email })),
  fc.constant('{"domain":"pbx.example.com","email":"admin@example.com"}'),
  mutated(fc.constant('{"domain":"pbx.example.com","email":"admin@example.com"}')),
  fc
    .tuple(nastyText, nastyText)
    .map(
      ([link, code]) =>
        `link=${encodeURIComponent(link.toWellFormed())}&code=${encodeURIComponent(code.toWellFormed())}`,
    ),
  mutated(fc.constant("link=LINK&code=CODE&replace=1")),
  jsonText,
  nastyText,
);

/** Requests that work. */
const likely: fc.Arbitrary<Request> = fc.constantFrom(
  {
    ...usual,
    method: "POST",
    path: "/push/register",
    headers: { "content-type": "application/json" },
    body: '{"domain":"a.example.com","email":"a@example.com"}',
  },
  { ...usual, method: "GET", path: "/push/register", headers: { authorization: "Bearer TICKET" } },
  { ...usual, method: "DELETE", path: "/push/register", headers: { authorization: "Bearer TICKET" } },
  { ...usual, method: "GET", path: "/push/verify", query: "link=LINK", headers: { accept: "text/html" } },
  {
    ...usual,
    method: "POST",
    path: "/push/verify",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "link=LINK&code=CODE",
  },
);
const WRITES = /^(create|addLink|countWrongCode|end|leaseMail|queueAgain|setMail|commit|saveUse|add|take)$/u;
/** Failures that may still write: a request that is counted and refused, an invalid form, an expired link. */
const COUNTED = new Set([410, 422, 429]);

export const requests = target(
  "HTTP requests",
  0.25,
  services,
  requestsFrom({ likely, paths: PATHS, values: VALUES, query: "link=LINK&lang=de&link=def", body }),
  async (here, each) => {
    const event = await eventOf(each, here.filled);
    const before = written(here);
    const answer = await here.handler(event as never, {} as never);
    const status = checkAnswer(answer, each.method, `${JSON.stringify(event)} ${event.body ?? ""}`);
    const changed = written(here) - before;
    if (changed > 0 && each.method !== "POST" && each.method !== "DELETE") throw new Error(`${each.method} wrote`);
    if (changed > 0 && status >= 400 && !COUNTED.has(status)) throw new Error(`wrote, and answered ${status}`);
    return `${status}`;
  },
);

const written = ({ registrations, domains, notices, counters }: ReturnType<typeof services>): number =>
  [registrations, domains, notices, counters]
    .flatMap(({ calls }: Pick<Faults, "calls">) => calls)
    .filter(({ operation }) => WRITES.test(operation)).length;
