import fc from "fast-check";
import { pageHeaders, refuse } from "../../lambdas/handlers/html.ts";
import { pageRoutes } from "../../lambdas/handlers/pages.ts";
import { registrationRoutes } from "../../lambdas/handlers/registration.ts";
import { problemJson, router, unavailable } from "../../lambdas/handlers/routes.ts";
import { http } from "../../lambdas/middleware/http.ts";
import { failing } from "../support/failing.ts";
import { memoryStore } from "../support/memory-store.ts";
import { registrationWorld } from "../support/registration-world.ts";
import { testClock } from "../support/time-and-chance.ts";
import { showsNoInsides } from "./answers.ts";
import { strictTelemetry, target } from "./target.ts";
import { jsonText, mutated, nastyText } from "./texts.ts";

function world() {
  const store = memoryStore();
  const registrations = failing(store.registrations, testClock());
  const domains = failing(store.domains, testClock());
  const { window, page, ask } = registrationWorld({ requestsPerSourcePerHour: 1e9 }, { ...store, registrations, domains });
  const routes = { ...registrationRoutes(window, "https://push.example.com/push/ws"), ...pageRoutes(page, {}) };
  const options = { telemetry: strictTelemetry(), name: "registration", headers: pageHeaders, failure: () => problemJson(unavailable) };
  const asked = ask("pbx.example.com", "admin@example.com");
  /** Puts what a real registration was given where a case names it. */
  const filled = async (text: string): Promise<string> => {
    const { ticket, link = "", code } = await asked;
    return text.replaceAll("TICKET", ticket).replaceAll("LINK", link).replaceAll("CODE", code);
  };
  return { registrations, domains, filled, handler: http(router(routes, refuse), options) };
}

const PATHS = ["/push/register", "/push/verify", "/push/connect", "/push", "/", "/push/register/", "/PUSH/register", "/push/__proto__", "//push/verify"];
const HEADERS = ["content-type", "accept", "accept-language", "authorization", "cookie", "origin", "x-forwarded-for", "host", "content-length"];
const VALUES = [
  "application/json", "application/json; charset=utf-8", "application/x-www-form-urlencoded", "text/html", "multipart/form-data; boundary=x",
  "Bearer ", "Bearer TICKET", `Bearer ${"A".repeat(43)}`, "Bearer a b c", "Basic eDp5", "de-AT,de;q=0.9,*;q=0.1", "en;q=abc,;;;,", "*",
];

const body = fc.oneof(
  fc.tuple(nastyText, nastyText).map(([domain, email]) => JSON.stringify({ domain, email })),
  fc.constant('{"domain":"pbx.example.com","email":"admin@example.com"}'),
  mutated(fc.constant('{"domain":"pbx.example.com","email":"admin@example.com"}')),
  fc.tuple(nastyText, nastyText).map(([link, code]) => `link=${encodeURIComponent(link.toWellFormed())}&code=${encodeURIComponent(code.toWellFormed())}`),
  mutated(fc.constant("link=LINK&code=CODE&replace=1")),
  jsonText,
  nastyText,
);

/** Any request at all. */
const wild = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "get", "__proto__"),
  path: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...PATHS) }, { weight: 1, arbitrary: nastyText }),
  query: fc.oneof(fc.constant(""), fc.constant(`link=${"A".repeat(43)}`), mutated(fc.constant("link=LINK&lang=de&link=def")), nastyText),
  headers: fc.dictionary(fc.constantFrom(...HEADERS), fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...VALUES) }, { weight: 1, arbitrary: nastyText })),
  body: fc.option(body, { nil: undefined }),
  base64: fc.boolean(),
  source: fc.constantFrom("192.0.2.1", "2001:db8::1", "", "not an address"),
});

const usual = { headers: {}, query: "", base64: false, source: "192.0.2.1", body: undefined };
/** One that does what it is for, but for what the wild one puts in its place. */
const likely = fc.constantFrom(
  { ...usual, method: "POST", path: "/push/register", headers: { "content-type": "application/json" }, body: '{"domain":"a.example.com","email":"a@example.com"}' },
  { ...usual, method: "GET", path: "/push/register", headers: { authorization: "Bearer TICKET" } },
  { ...usual, method: "DELETE", path: "/push/register", headers: { authorization: "Bearer TICKET" } },
  { ...usual, method: "GET", path: "/push/verify", query: "link=LINK", headers: { accept: "text/html" } },
  { ...usual, method: "POST", path: "/push/verify", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "link=LINK&code=CODE" },
);
const members = fc.subarray(["headers", "query", "body", "base64", "source"] as const, { maxLength: 2 });
const nearly = fc.tuple(likely, wild, members).map(([right, wrong, names]) => ({
  ...right,
  ...Object.fromEntries(names.map((name) => [name, wrong[name]])),
}));
const cases = fc.oneof({ weight: 1, arbitrary: wild }, { weight: 3, arbitrary: nearly });

const WRITES = /^(create|addLink|countWrongCode|end|claimMail|setMail|commit|note)$/u;

export const requests = target("HTTP requests", 0.3, world, cases, async (here, each) => {
  const { method, path, base64, source } = each;
  const text = each.body === undefined ? undefined : await here.filled(each.body);
  const event = {
    rawPath: path,
    rawQueryString: await here.filled(each.query),
    headers: JSON.parse(await here.filled(JSON.stringify(each.headers))) as object,
    isBase64Encoded: base64,
    ...(text !== undefined && { body: text }),
    requestContext: { requestId: "r", stage: "$default", http: { method, path, sourceIp: source } },
  };
  const before = written(here);
  const { statusCode, headers: answered = {}, body: answer = "" } = await here.handler(event as never, {} as never);
  const status = Number(statusCode);
  if (!(status >= 200 && status < 500)) throw new Error(`status ${String(statusCode)}: ${answer.slice(0, 300)}`);
  if (answer !== "" && answered["content-type"] === undefined) throw new Error("a body of no type");
  if (method === "HEAD" && answer !== "") throw new Error("HEAD was answered with a body");
  for (const value of Object.values(answered)) if (/[\r\n]/u.test(String(value))) throw new Error("a header that splits");
  showsNoInsides(answer, `${JSON.stringify(event)} ${text ?? ""}`);
  if (/<script>alert/u.test(answer)) throw new Error("the page runs what was sent");
  const changed = written(here) - before;
  if (changed > 0 && method !== "POST" && method !== "DELETE") throw new Error(`${method} wrote`);
  if (changed > 0 && status >= 400 && status !== 422 && status !== 410) throw new Error(`wrote, and answered ${status}`);
});

const written = ({ registrations, domains }: ReturnType<typeof world>): number =>
  [...registrations.calls, ...domains.calls].filter(({ operation }) => WRITES.test(operation)).length;
