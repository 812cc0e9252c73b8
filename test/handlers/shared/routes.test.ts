import { describe, expect, it } from "vitest";
import { FOREIGN, isOwnForm, ownForm } from "../../../lambdas/handlers/shared/form.ts";
import {
  assetRoutes,
  bodyProblem,
  json,
  limited,
  parseJson,
  type Problem,
  problemJson,
  router,
  unavailable,
} from "../../../lambdas/handlers/shared/routes.ts";
import { sessionCookie } from "../../../lambdas/handlers/shared/session-cookie.ts";
import { texts } from "../../../lambdas/views/texts/texts.ts";
import { aRequest } from "../../support/values/requests.ts";

describe("a router", () => {
  const said = (body: string) => () => ({ status: 200, body });
  const handle = router(
    { "/a": { GET: said("got"), POST: said("posted") }, "/b": { DELETE: said("gone") } },
    (_, problem) => problemJson(problem),
  );
  const ask = (method: string, path: string) => handle(aRequest(method, path));

  it.each([
    ["GET", "/a", "got"],
    ["HEAD", "/a", "got"],
    ["POST", "/a", "posted"],
    ["DELETE", "/b", "gone"],
  ])("answers %s %s", async (method, path, body) => expect(await ask(method, path)).toEqual({ status: 200, body }));

  it.each([
    ["DELETE", "/a", "GET, HEAD, POST"],
    ["toString", "/a", "GET, HEAD, POST"],
    ["GET", "/b", "DELETE"],
    ["HEAD", "/b", "DELETE"],
  ])("refuses %s %s, and lists the allowed methods", async (method, path, allow) => {
    const answer = await ask(method, path);
    expect(answer).toMatchObject({ status: 405, headers: { allow } });
    expect(JSON.parse(answer.body ?? "")).toEqual({
      error: "method-not-allowed",
      message: `This address accepts only ${allow}.`,
    });
  });

  it.each(["/c", "/toString", "/a/", ""])("answers 404 at %j", async (path) => {
    const answer = await handle({ ...aRequest("GET", "/"), path });
    expect([answer.status, JSON.parse(answer.body ?? "")]).toEqual([
      404,
      { error: "not-found", message: "Page not found." },
    ]);
  });
});

describe("an asset", () => {
  it("is cached for five minutes, with its type and its own headers", async () => {
    const routes = assetRoutes({ "/a.css": { type: "text/css", body: "p {}", headers: { "x-more": "1" } } });
    expect(await routes["/a.css"]?.GET?.(aRequest("GET", "/a.css"))).toEqual({
      status: 200,
      headers: { "content-type": "text/css", "cache-control": "public, max-age=300", "x-more": "1" },
      body: "p {}",
    });
  });
});

describe("JSON", () => {
  it("is UTF-8, with further headers", () =>
    expect(json(202, { a: "ü" }, { "retry-after": "1" })).toEqual({
      status: 202,
      headers: { "content-type": "application/json; charset=utf-8", "retry-after": "1" },
      body: '{"a":"ü"}',
    }));
  it("of a problem is in English unless another language is requested", () => {
    expect(JSON.parse(problemJson(unavailable).body ?? "")).toEqual({
      error: "unavailable",
      message: "Something went wrong on our side. Try again in a moment.",
    });
    expect(problemJson(unavailable, texts.de).body).not.toBe(problemJson(unavailable).body);
    expect(problemJson(unavailable)).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  });
  it("that is invalid is read as undefined", () => expect([parseJson("{"), parseJson("5")]).toEqual([undefined, 5]));
});

it.each([
  [59, "59", "1 min"],
  [60, "60", "1 min"],
  [61, "61", "2 min"],
])("after too many requests a source waits %i s, shown in whole minutes", (seconds, header, words) => {
  const answer = problemJson(limited(seconds));
  expect(answer).toMatchObject({ status: 429, headers: { "retry-after": header } });
  expect(JSON.parse(answer.body ?? "")).toMatchObject({
    error: "limited",
    message: expect.stringContaining(words) as string,
  });
});

describe("a body", () => {
  const problemOf = (type: string | undefined, length: number) =>
    bodyProblem(aRequest("POST", "/", { headers: { "content-type": type }, body: "x".repeat(length) }), "text/plain");
  const told = (problem: Problem | undefined) =>
    problem && [problem.status, problem.error, problem.words(texts.en.problem)];

  it.each(["text/plain", "Text/Plain", "text/plain; charset=utf-8", " text/plain ;x"])(
    "with type %j is accepted",
    (type) => expect(problemOf(type, 8_192)).toBeUndefined(),
  );
  it.each(["text/html", "", undefined, "; text/plain"])("with type %j is refused", (type) =>
    expect(told(problemOf(type, 0))).toEqual([415, "content-type", "The content type must be text/plain."]),
  );
  it("of more than 8,192 characters is too large", () =>
    expect(told(problemOf("text/plain", 8_193))).toEqual([413, "too-large", "The request is too large."]));
});

describe("a form", () => {
  const OURS = "https://push.example.com";
  const form = (headers: Readonly<Record<string, string>>) =>
    aRequest("POST", "/push/x", {
      headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded", ...headers },
      body: "a=1&b=%C3%BC",
    });

  it.each([
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "same-origin", origin: "https://evil.example" }, true],
    [{ "sec-fetch-site": "same-site", origin: OURS }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ "sec-fetch-site": "none" }, false],
    [{ origin: OURS }, true],
    [{ origin: "null" }, false],
    [{ origin: "https://evil.example" }, false],
    [{}, true],
  ])("with the headers %j comes from our pages: %j", async (headers, ours) => {
    const request = form(headers);
    expect(isOwnForm(request, OURS)).toBe(ours);
    const taken: URLSearchParams[] = [];
    const answer = await ownForm(`${OURS}/push`, (fields) => {
      taken.push(fields);
      return Promise.resolve({ status: 204 });
    })(request);
    expect(answer.status).toBe(ours ? 204 : 403);
    expect(taken.map((fields) => [fields.get("a"), fields.get("b")])).toEqual(ours ? [["1", "ü"]] : []);
  });

  it("from another site is refused with a text", () =>
    expect(JSON.parse(problemJson(FOREIGN).body ?? "")).toEqual({
      error: "foreign",
      message: "This form did not come from our own page. Open the page again and retry.",
    }));

  it("is not accepted as JSON", async () => {
    const handle = ownForm(OURS, () => Promise.resolve({ status: 204 }));
    expect(await handle(aRequest("POST", "/", { headers: { "content-type": "application/json" } }))).toMatchObject({
      status: 415,
    });
  });
});

describe("the cookie of a session", () => {
  const browser = (...cookies: string[]) => aRequest("GET", "/", { cookies });

  it("is bound to our host and TLS, and not readable by scripts", () => {
    const cookie = sessionCookie("https://push.example.com");
    expect(cookie.set("t", 900)).toBe("__Host-push-session=t; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=900");
    expect(cookie.clear).toBe("__Host-push-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    expect(cookie.read(browser("push-session=x", "a__Host-push-session=y", "__Host-push-session=t"))).toBe("t");
    expect(cookie.read(browser("push-session=x", "__Host-push-sessions=y"))).toBe("");
    expect(cookie.read(browser())).toBe("");
  });

  it("over plain HTTP has a form that browsers accept; its name and SameSite can differ", () => {
    const cookie = sessionCookie("http://127.0.0.1:8080", "sign-in", "Lax");
    expect(cookie.set("t", 5)).toBe("sign-in=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=5");
    expect(cookie.read(browser("sign-in=t"))).toBe("t");
  });
});
