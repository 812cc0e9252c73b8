import { describe, expect, it } from "vitest";
import { CODE, pageServices, VISITOR } from "../../support/services/pages.ts";

const DOMAIN = "pbx.example.com";
const typed = { domain: DOMAIN, email: "owner@example.com" };

describe.each(["manage", "reclaim"])("requesting a link at /push/%s", (purpose) => {
  const path = `/push/${purpose}`;

  it("gives the same answer for every domain and address", async () => {
    const { ask, notices } = pageServices();
    const one = await ask("POST", path, { form: typed });
    const other = await ask("POST", path, { form: { ...typed, domain: "other.example.org" } });
    expect(one.status).toBe(200);
    const code = /<output class="code">(\d{3} \d{3})<\/output>/u;
    expect(one.body).toMatch(code);
    expect({ ...one, body: one.body?.replace(code, "") }).toEqual({ ...other, body: other.body?.replace(code, "") });
    expect(notices.map(({ kind, account, to }) => [kind, account, to])).toEqual([
      ["access", DOMAIN, "owner@example.com"],
      ["access", "other.example.org", "owner@example.com"],
    ]);
  });

  it.each([
    ["a domain", { domain: "nolabel", email: "a@example.com" }, "domain-error"],
    ["an address", { domain: DOMAIN, email: "<b>" }, "email-error"],
  ])("shows an error at %s with the typed value, escaped", async (_, form, field) => {
    const { ask, notices } = pageServices();
    const { status, body = "" } = await ask("POST", path, { form });
    expect(status).toBe(422);
    expect(body).toMatch(new RegExp(`id="${field}" class="error" role="alert">[^<]`, "u"));
    expect(body).not.toContain("<b>");
    expect(notices).toEqual([]);
  });

  it("has a page with a form, filled with the domain in its URL", async () => {
    const { ask } = pageServices();
    const title = { manage: "Manage your domain", reclaim: "Recover your domain" }[purpose];
    const domainIn = async (query: string) => {
      const { status, body = "" } = await ask("GET", `${path}${query}`);
      expect([status, body]).toEqual([200, expect.stringContaining(`<h1>${title}</h1>`)]);
      expect(body).toContain(`<form method="post" action="${path}"`);
      return /name="domain"[^>]*? value="([^"]*)"/u.exec(body)?.[1];
    };
    expect(await domainIn("")).toBeUndefined();
    expect(await domainIn(`?domain=${DOMAIN}`)).toBe(DOMAIN);
    expect(await domainIn(`?domain=${"x".repeat(300)}`)).toBe("x".repeat(254));
  });

  it("treats a form without fields as an empty one", async () => {
    const { ask } = pageServices();
    const { status, body } = await ask("POST", path, { form: {} });
    expect(status).toBe(422);
    expect(body).toEqual((await ask("POST", path, { form: { domain: "", email: "" } })).body);
  });

  it("shortens a long text", async () => {
    const { ask } = pageServices();
    const { status, body = "" } = await ask("POST", path, {
      form: { domain: "x".repeat(5_000), email: "y".repeat(2_000) },
    });
    expect(status).toBe(422);
    expect(body).not.toContain("x".repeat(255));
    expect(body).not.toContain("y".repeat(255));
  });

  it("is limited by source, and refused for other sites", async () => {
    const { ask } = pageServices();
    const statuses = [];
    for (let round = 0; round < 4; round += 1) statuses.push((await ask("POST", path, { form: typed })).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await ask("POST", path, { form: typed, headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
  });
});

describe("a link from an email", () => {
  it("shows every visitor one form, and opens the page once, with the code", async () => {
    const { ask, link } = pageServices();
    const token = await link();
    for (const method of ["GET", "HEAD", "GET"]) {
      const page = await ask(method, `/push/enter?link=${token}`);
      expect(page.status).toBe(200);
      expect(page.cookies).toBeUndefined();
      expect(page.body?.match(/<button/gu)).toHaveLength(1);
    }
    for (const [code, said] of [
      ["", "Enter the six digits"],
      ["test@example.com", "Enter the six digits"],
      ["999999", "That code is not correct. 4 attempts left."],
    ] as const) {
      const again = await ask("POST", "/push/enter", { form: { link: token, code } });
      expect([again.status, again.cookies]).toEqual([422, undefined]);
      expect(again.body).toContain(said);
    }
    const entered = await ask("POST", "/push/enter", { form: { link: token, code: CODE } });
    expect(entered.status).toBe(303);
    expect(entered.headers?.["location"]).toBe("/push/owner");
    expect(entered.cookies).toEqual([
      expect.stringMatching(
        /^__Host-push-session=[A-Za-z0-9]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=900$/u,
      ),
    ]);
    expect((await ask("POST", "/push/enter", { form: { link: token, code: CODE } })).status).toBe(410);
    expect((await ask("GET", `/push/enter?link=${token}`)).status).toBe(410);
  });

  it("says before use what it is for, if it has one purpose", async () => {
    const { ask, link } = pageServices();
    const texts = [];
    for (const scope of [{}, { scope: "object" as const }, { scope: "confirm" as const }]) {
      texts.push((await ask("GET", `/push/enter?link=${await link({ ...VISITOR, ...scope })}`)).body ?? "");
    }
    expect(
      texts.map(
        (text) =>
          /(opens the domain(?:'|&#39;)s page|who is claiming the domain|whether you want to own the domain)/u.exec(
            text,
          )?.[1],
      ),
    ).toEqual([
      expect.stringMatching(/^opens the domain.{1,5}s page$/u),
      "who is claiming the domain",
      "whether you want to own the domain",
    ]);
  });

  it("over plain HTTP sets a cookie that browsers accept there", async () => {
    const { ask, link } = pageServices("http://127.0.0.1:8080");
    const entered = await ask("POST", "/push/enter", { form: { link: await link(), code: CODE } });
    expect(entered.cookies?.[0]).toMatch(
      /^push-session=[A-Za-z0-9]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=900$/u,
    );
  });

  it.each([
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site", origin: "https://push.example.com" }, 403],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "https://push.example.com" }, 303],
    [{ "sec-fetch-site": "same-origin", origin: "null" }, 303],
    [{}, 303],
  ])("sent with %j is answered with %i", async (headers, status) => {
    const { ask, link } = pageServices();
    expect((await ask("POST", "/push/enter", { form: { link: await link(), code: CODE }, headers })).status).toBe(
      status,
    );
  });

  it("accepts only forms", async () => {
    const { ask, link } = pageServices();
    const headers = { "content-type": "text/plain" };
    expect((await ask("POST", "/push/enter", { form: { link: await link(), code: CODE }, headers })).status).toBe(415);
  });
});

describe("an email scanner that opens links, fills in fields and presses buttons", () => {
  it.each([
    ["object", "object", "objected"],
    ["confirm", "confirm-change", "address-confirmed"],
  ] as const)("uses up no link to %s, and changes nothing", async (scope, verb, said) => {
    const { ask, link, done, clock } = pageServices();
    const token = await link({ ...VISITOR, scope });
    /** Follows the link, and sends one form of the page behind it. */
    async function follow(domain: string) {
      const entered = await ask("POST", "/push/enter", { form: { link: token, code: "test" } });
      const cookie = entered.cookies?.[0]?.split(";")[0] ?? "";
      const page = await ask("GET", "/push/owner", { cookie });
      const form = /name="form" value="([^"]*)"/u.exec(page.body ?? "")?.[1] ?? "";
      return ask("POST", `/push/owner/${verb}`, { cookie, form: { form, domain } });
    }
    for (const typed of ["", "test", "test@example.com", "https://safelinks.example/?url=x"])
      expect((await follow(typed)).headers?.["location"]).toBe("/push/owner?said=not-confirmed");
    expect(done).toEqual([]);
    clock.advance(60_000);
    expect((await follow(" PBX.Example.com. ")).headers?.["location"]).toBe(`/push/owner?said=${said}`);
    expect(done).toHaveLength(1);
  });
});

describe("the language", () => {
  it("is the browser's", async () => {
    const { ask } = pageServices();
    const { body } = await ask("GET", "/push/manage", { headers: { "accept-language": "de-CH,en;q=0.5" } });
    expect(body).toContain('<html lang="de">');
    expect(body).toContain('action="/push/manage"');
    expect(body).toContain('href="/push/manage?lang=en" hreflang="en" lang="en"');
  });

  it("stays the chosen one through forms, links and redirects", async () => {
    const { ask, link, notices } = pageServices();
    const headers = { "accept-language": "en" };
    const { body } = await ask("GET", "/push/manage?lang=de", { headers });
    expect(body).toContain('<html lang="de">');
    expect(body).toContain('action="/push/manage?lang=de"');
    await ask("POST", "/push/manage?lang=de", { form: typed, headers });
    expect(notices[0]?.language).toBe("de");
    const entered = await ask("POST", "/push/enter?lang=de", { form: { link: await link(), code: CODE }, headers });
    expect(entered.headers?.["location"]).toBe("/push/owner?lang=de");
  });

  it("can be changed on the page behind a link, which stays valid", async () => {
    const { ask, link } = pageServices();
    const token = await link();
    const { body } = await ask("GET", `/push/enter?link=${token}`);
    expect(body).toContain(`href="/push/enter?link=${token}&amp;lang=de"`);
  });

  it.each(["fr", "constructor", "<b>"])("is not set by %j", async (lang) => {
    const { ask } = pageServices();
    expect((await ask("GET", `/push/manage?lang=${encodeURIComponent(lang)}`)).body).toContain('<html lang="en">');
  });
});
