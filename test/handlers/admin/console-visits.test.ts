import { describe, expect, it } from "vitest";
import { fail, ok } from "../../../lambdas/core/shared/result.ts";
import { formToken } from "../../../lambdas/core/web/web-session.ts";
import { consoleHandler } from "../../../lambdas/handlers/admin/console/console.ts";
import type { Visit } from "../../../lambdas/handlers/admin/console/visit.ts";
import type { HttpRequest } from "../../../lambdas/middleware/http.ts";
import { NOON } from "../../support/values/clock.ts";
import { aRequest } from "../../support/values/requests.ts";

const TOKEN = "t".repeat(43);
const COOKIE = `__Host-push-admin=${TOKEN}`;

/** The console with one page and one step that record their visitors; `answers` replaces methods of the sign-in. */
function setting(role = "operator", answers: Readonly<Record<string, unknown>> = {}) {
  const visits: Visit[] = [];
  const asked: unknown[][] = [];
  const note = (visit: Visit) => {
    visits.push(visit);
    return { status: 200, body: "visited" };
  };
  const session = { person: { name: "Anna", subject: "anna-1", role }, until: NOON + 1 };
  const signIn = new Proxy({} as never, {
    get:
      (_, name: string) =>
      (...given: unknown[]) => {
        asked.push([name, ...given]);
        return Promise.resolve(name === "session" ? (given[0] === TOKEN ? session : undefined) : answers[name]);
      },
  });
  const handle = consoleHandler({
    signIn,
    routes: {
      "/page": { GET: { needs: "support", handle: note } },
      "/step": { POST: { needs: "operator", handle: note } },
    },
    assets: { "/push/admin/style.css": { GET: () => ({ status: 200, body: "css" }) } },
    clock: { now: () => NOON } as never,
    publicUrl: "https://push.example.com",
  });
  const ask = (method: string, target: string, more: Partial<HttpRequest> = {}) =>
    handle(aRequest(method, `/push/admin${target}`, { cookies: [COOKIE], ...more }));
  const post = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    ask("POST", "/step", {
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  return { visits, asked, ask, post };
}
const FORM = formToken(TOKEN);

describe("a page of the console", () => {
  it.each(["GET", "HEAD"])("is shown by %s to a person by name, with a token for its forms", async (method) => {
    const { visits, ask } = setting("support");
    expect(await ask(method, "/page?said=resent&count=3", { body: "form=x" })).toEqual({
      status: 200,
      body: "visited",
    });
    const [{ viewer, actor, form } = {} as Visit] = visits;
    expect(viewer).toMatchObject({
      name: "Anna",
      role: "support",
      formToken: FORM,
      now: NOON,
      said: "resent",
      count: 3,
    });
    expect([actor, form.size]).toEqual(["operator Anna (anna-1)", 0]);
  });

  it.each([
    ["", undefined, undefined],
    ["said=resent", "resent", undefined],
    ["said=constructor", undefined, undefined],
    ["said=resent&count=0", "resent", 0],
    ["said=resent&count=123456", "resent", 123_456],
    ["said=resent&count=1234567", "resent", undefined],
    ["said=resent&count=x12", "resent", undefined],
    ["said=resent&count=12x", "resent", undefined],
    ["said=resent&count=-1", "resent", undefined],
    ["said=resent&count=", "resent", undefined],
  ])("by %j shows %s of %s", async (query, said, count) => {
    const { visits, ask } = setting();
    await ask("GET", `/page?${query}`);
    expect([visits[0]?.viewer.said, visits[0]?.viewer.count]).toEqual([said, count]);
  });

  it("keeps its content when the language changes, and shows it in that language", async () => {
    const { visits, ask } = setting();
    await ask("GET", "/page?account=a.example&search=x&list=unused&after=p&said=resent&lang=de");
    await ask("GET", "/page");
    const [german, plain] = visits.map(({ viewer }) => viewer);
    expect(german?.reader.here).toBe("/push/admin/page?account=a.example&search=x&list=unused");
    expect([german?.reader.t.language, german?.c.signOut]).toEqual(["de", "Abmelden"]);
    expect(plain?.reader.here).toBe("/push/admin/page");
  });

  it.each([
    ["PUT", "/page"],
    ["DELETE", "/page"],
    ["POST", "/page"],
    ["GET", "/step"],
    ["HEAD", "/step"],
    ["GET", "/constructor"],
    ["GET", ""],
  ])("does not exist at %s %s", async (method, path) => {
    const { visits, ask } = setting();
    const { status, body } = await ask(method, path);
    expect([status, body]).toEqual([404, expect.stringContaining("There is no such page.")]);
    expect(visits).toEqual([]);
  });

  it("needs a session, but a style sheet does not, whatever the request", async () => {
    const { visits, ask } = setting();
    for (const cookies of [[], ["__Host-push-admin=x"], [`push-admin=${TOKEN}`]]) {
      expect((await ask("GET", "/page", { cookies })).status).toBe(401);
      expect((await ask("GET", "/style.css", { cookies })).body).toBe("css");
      expect((await ask("HEAD", "/style.css", { cookies })).body).toBe("css");
      expect((await ask("PUT", "/style.css", { cookies })).status).toBe(401);
      expect((await ask("GET", "/__proto__", { cookies })).status).toBe(401);
    }
    expect(visits).toEqual([]);
  });
});

describe("a step of the console", () => {
  it("is accepted with its form, in the page's language, and has no page of its own", async () => {
    const { visits, post } = setting();
    expect((await post({ form: FORM, account: "a.example" })).status).toBe(200);
    expect(visits[0]?.form.get("account")).toBe("a.example");
    expect(visits[0]?.viewer.reader.here).toBeUndefined();
  });

  it("that requires an operator is refused to support with a text", async () => {
    const { visits, post } = setting("support");
    const { status, body } = await post({ form: FORM });
    expect([status, body]).toEqual([403, expect.stringContaining("Your role (support) does not allow this.")]);
    expect(visits).toEqual([]);
  });

  it.each<readonly [number, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    [403, {}, {}],
    [403, { form: "x" }, {}],
    [403, { form: FORM }, { "sec-fetch-site": "cross-site" }],
    [403, { form: FORM }, { origin: "https://push.example.org" }],
    [415, { form: FORM }, { "content-type": "text/plain" }],
    [200, { form: FORM }, { origin: "https://push.example.com" }],
  ])("is answered by %i with the form %j and the headers %j", async (status, fields, headers) => {
    const { visits, post } = setting();
    expect((await post(fields, headers)).status).toBe(status);
    expect(visits).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe("a sign-in", () => {
  it.each([
    ["expired", 400],
    ["denied", 403],
    ["invalid", 400],
    ["provider", 503],
    ["group", 403],
    ["limited", 429],
  ])("that fails with %s is answered with %i, at the start and on return", async (error, status) => {
    const { asked, ask } = setting("support", { begin: fail(error), finish: fail(error) });
    const there = await ask("GET", "/sign-in");
    expect([there.status, there.cookies]).toEqual([status, []]);
    const back = await ask("GET", "/callback?code=c&state=s", { cookies: ["__Host-push-sign-in=attempt"] });
    expect([back.status, back.cookies]).toEqual([status, [expect.stringContaining("__Host-push-sign-in=; ")]]);
    expect(back.cookies?.[0]).toContain("Max-Age=0");
    expect(asked).toEqual([
      ["begin", "192.0.2.1"],
      ["finish", "attempt", "code=c&state=s"],
    ]);
  });

  it("sets a cookie at the start, and another one on a page with the person's name", async () => {
    const person = { name: "Anna", subject: "anna-1", role: "support" };
    const { ask } = setting("support", {
      begin: ok({ url: "https://id.example.com/auth?x=1", token: "attempt", maxAge: 600 }),
      finish: ok({ token: "session", maxAge: 3_600, person }),
    });
    expect(await ask("GET", "/sign-in")).toEqual({
      status: 303,
      headers: { location: "https://id.example.com/auth?x=1" },
      cookies: ["__Host-push-sign-in=attempt; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"],
    });
    const { status, body, cookies } = await ask("GET", "/callback");
    expect([status, body]).toEqual([200, expect.stringContaining("Anna")]);
    expect(cookies).toEqual([
      "__Host-push-sign-in=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
      "__Host-push-admin=session; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=3600",
    ]);
  });

  it("ends by a form of its own pages, only for that session", async () => {
    const { asked, ask } = setting("support", { end: "https://id.example.com/end" });
    const out = (body: string, cookies = [COOKIE]) =>
      ask("POST", "/sign-out", { headers: { "content-type": "application/x-www-form-urlencoded" }, body, cookies });
    expect((await out("")).status).toBe(403);
    expect((await out("form=x")).status).toBe(403);
    expect((await out(`form=${FORM}`, [])).status).toBe(401);
    expect(asked.filter(([name]) => name === "end")).toEqual([]);
    const { status, body, cookies } = await out(`form=${FORM}`);
    expect([status, body]).toEqual([200, expect.stringContaining("https://id.example.com/end")]);
    expect(cookies).toEqual(["__Host-push-admin=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"]);
    expect(asked.at(-1)).toEqual(["end", TOKEN]);
    expect((await ask("GET", "/signed-out", { cookies: [] })).status).toBe(200);
  });
});
