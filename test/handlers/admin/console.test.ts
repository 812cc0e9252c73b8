import { describe, expect, it } from "vitest";
import { usedBy } from "../../../lambdas/core/domains/domain.ts";
import { addPosts } from "../../../lambdas/core/domains/recent-posts.ts";
import { consoleServices } from "../../support/services/console.ts";
import { address } from "../../support/services/ownership.ts";

const DOMAIN = "pbx.example.com";
const { routes } = consoleServices();
const all = Object.entries(routes).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { needs }]) => ({ method, path: `/push/admin${path}`, needs })),
);
const posts = all.filter(({ method }) => method === "POST");

describe("without a session", () => {
  it("every address gives the same answer, whatever the method and cookie", async () => {
    const { ask, done } = consoleServices();
    const first = await ask("GET", "/push/admin");
    expect(first.status).toBe(401);
    expect(first.body).toContain("Sign in to Push Admin");
    const others = ["/nothing", "/../x", "/__proto__", "/sign-out", "/domain/", "//domain", "/Domain"];
    const paths = [...all.map(({ path }) => path), ...others.map((path) => `/push/admin${path}`)];
    for (const path of paths)
      for (const method of ["GET", "HEAD", "POST", "DELETE", "PUT"])
        for (const cookie of [
          "",
          "__Host-push-admin=",
          `__Host-push-admin=${"A".repeat(43)}`,
          "__Host-push-session=x",
        ]) {
          const answer = await ask(method, path, { cookie, query: { account: DOMAIN }, form: { account: DOMAIN } });
          expect(answer, `${method} ${path}`).toEqual(first);
        }
    expect(done).toEqual([]);
  });

  it("reads its own table the same way for every address", async () => {
    const { ask, looks } = consoleServices();
    const cookie = `__Host-push-admin=${"A".repeat(43)}`;
    for (const { method, path } of all) {
      await ask(method, path, { cookie, query: { account: DOMAIN }, form: { account: DOMAIN } });
      expect(looks.splice(0), path).toEqual(["find"]);
    }
  });

  it("an owner's session is not valid here", async () => {
    const { ask, enter } = consoleServices();
    const { cookie } = await enter("operator");
    expect((await ask("GET", "/push/admin", { cookie: cookie.replace("admin", "session") })).status).toBe(401);
  });
});

describe("signing in", () => {
  it("sets a Lax cookie before the redirect, and a Strict one on our own page, which continues by itself", async () => {
    const { ask, enter } = consoleServices();
    const out = await ask("GET", "/push/admin/sign-in");
    expect(out).toMatchObject({ status: 303, headers: { location: "https://id.example.com/auth" } });
    expect(out.cookies).toEqual([
      expect.stringMatching(
        /^__Host-push-sign-in=[A-Za-z0-9]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/u,
      ),
    ]);
    const { back } = await enter("support");
    expect(back.status).toBe(200);
    expect(back.cookies).toEqual([
      "__Host-push-sign-in=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
      expect.stringMatching(
        /^__Host-push-admin=[A-Za-z0-9]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=3600$/u,
      ),
    ]);
    expect(back.body).toContain('http-equiv="refresh" content="0; url=/push/admin"');
  });

  it.each([
    [{}, 400, "could not be verified"],
    [{ name: "Eve", groups: "staff" }, 403, "none of your groups"],
    [{ fails: "denied" }, 403, "reports that you were not signed in"],
    [{ fails: "hangs" }, 503, "does not answer"],
  ])("is refused with a clear text: %o", async (query, status, words) => {
    const { ask, cookieOf } = consoleServices();
    const cookie = cookieOf(await ask("GET", "/push/admin/sign-in"), "push-sign-in");
    const answer = await ask("GET", "/push/admin/callback", { cookie, query });
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(words);
    expect(cookieOf(answer, "push-admin")).toBe("");
    const again = await ask("GET", "/push/admin/callback", { cookie, query: { name: "Anna", groups: "operator" } });
    expect([again.status, again.body]).toEqual([400, expect.stringContaining("already used")]);
  });

  it("ends both sessions on sign-out, after which a stolen cookie is worthless", async () => {
    const { ask, enter } = consoleServices();
    const { cookie, form } = await enter("operator");
    for (const wrong of ["", "x"])
      expect((await ask("POST", "/push/admin/sign-out", { cookie, form: { form: wrong } })).status).toBe(403);
    expect((await ask("GET", "/push/admin", { cookie })).status).toBe(200);
    const out = await ask("POST", "/push/admin/sign-out", { cookie, form: { form } });
    expect(out.body).toContain('content="0; url=https://id.example.com/end"');
    expect(out.cookies).toEqual(["__Host-push-admin=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"]);
    expect((await ask("GET", "/push/admin", { cookie })).status).toBe(401);
    expect((await ask("POST", "/push/admin/sign-out", { cookie, form: { form } })).status).toBe(401);
    expect((await ask("POST", "/push/admin/domain/suspend", { cookie, form: { form, account: DOMAIN } })).status).toBe(
      401,
    );
  });
});

describe("the roles", () => {
  it("allow support two steps that change nothing", () => {
    expect(
      posts
        .filter(({ needs }) => needs === "support")
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["/push/admin/domain/resend", "/push/admin/domain/test"]);
    expect(posts.length).toBeGreaterThan(12);
  });

  it.each(all)("allow $method $path only for $needs", async ({ method, path, needs }) => {
    const { ask, enter, office, done, changes } = consoleServices();
    await office.add({ account: DOMAIN, owner: "a@example.com" }, "operator test");
    const before = changes.length;
    const filled = {
      account: DOMAIN,
      to: "b@example.com",
      decision: "grant",
      typed: DOMAIN,
      token: "ios:x",
      address: "a@example.com",
    };
    const send = async (role: "support" | "operator") => {
      const { cookie, form } = await enter(role);
      const given = method === "POST" ? { form: { ...filled, form } } : { query: { account: DOMAIN } };
      return (await ask(method, path, { cookie, ...given })).status;
    };
    const status = await send("support");
    if (needs === "operator") {
      expect([status, done, changes.length]).toEqual([403, [], before]);
      expect(await send("operator")).not.toBe(403);
    } else {
      expect([200, 303]).toContain(status);
      expect(changes).toHaveLength(before);
    }
  });

  it.each(posts)("$path requires the token of the page's forms and our own origin", async ({ path }) => {
    const { ask, enter, done } = consoleServices();
    const [{ cookie, form }, other] = [await enter("operator"), await enter("operator")];
    for (const wrong of ["", "x", other.form])
      expect((await ask("POST", path, { cookie, form: { form: wrong, account: DOMAIN } })).status).toBe(403);
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: "https://push.example.com:444" },
      { "sec-fetch-site": "none" },
      { origin: "https://evil.example" },
      { origin: "null" },
    ])
      expect((await ask("POST", path, { cookie, headers, form: { form, account: DOMAIN } })).status).toBe(403);
    expect((await ask("POST", path, { cookie, headers: { "content-type": "text/plain" } })).status).toBe(415);
    expect(done).toEqual([]);
  });
});

/** A domain's state in which each step is possible. */
async function readyForAll() {
  const services = consoleServices();
  const { office, owners, publish, domains, suppressions, clock } = services;
  await office.add({ account: DOMAIN, owner: "a@example.com" }, "operator test");
  const found = await domains.find(DOMAIN);
  const owner = { account: DOMAIN, emailKey: address("a@example.com").key, language: "en" } as const;
  await domains.saveUse(found!, usedBy(found!, found!.secrets.current.id, clock.now())!);
  await owners.replaceSecret(owner, found!.secrets.current.id);
  const claimant = { ...owner, emailKey: address("b@example.org").key };
  await publish(claimant);
  await owners.prove(claimant);
  await suppressions.add({ address: "x@example.com", reason: "bounced", at: clock.now() });
  return services;
}

describe("every step", () => {
  const GIVEN = { to: "c@example.com", decision: "deny", typed: DOMAIN, token: "ios:x", address: "x@example.com" };

  it.each(posts)("$path is audited with the person's name", async ({ path }) => {
    const { ask, enter, office, domains, actors } = await readyForAll();
    if (path.endsWith("/resume")) await office.suspend(DOMAIN, "operator test");
    const { cookie, form } = await enter("operator", "Oscar");
    const account = path.endsWith("/add") ? "new.example.com" : DOMAIN;
    expect([200, 303]).toContain((await ask("POST", path, { cookie, form: { ...GIVEN, form, account } })).status);
    expect(actors.splice(0)).toEqual(["operator Oscar (Oscar-1)"]);
    // test/usecases/admin tests what these write.
    if (path.endsWith("/test") || path.endsWith("/lift")) return;
    const entries = await domains.history(path.endsWith("/allow") ? GIVEN.address : account, 1);
    expect(entries.map(({ actor }) => actor)).toEqual(["operator Oscar (Oscar-1)"]);
  });
});

describe("two browsers", () => {
  it("have two sessions, one of which ends without the other", async () => {
    const { ask, enter } = consoleServices();
    const [one, other] = [await enter("operator"), await enter("operator")];
    await ask("POST", "/push/admin/sign-out", { cookie: one.cookie, form: { form: one.form } });
    expect((await ask("GET", "/push/admin", { cookie: one.cookie })).status).toBe(401);
    expect((await ask("GET", "/push/admin", { cookie: other.cookie })).status).toBe(200);
  });

  it.each([
    ["grant", "deny"],
    ["grant", "grant"],
  ] as const)("decide one claim at the same time, %s and %s, only once", async (first, second) => {
    const { ask, enter, office, domains, publish, owners } = consoleServices();
    await office.add({ account: DOMAIN, owner: "a@example.com" }, "operator test");
    const visitor = { account: DOMAIN, emailKey: address("b@example.org").key, language: "en" } as const;
    await publish(visitor);
    await owners.prove(visitor);
    await office.object(DOMAIN, "operator test");
    const people = [await enter("operator", "Oscar"), await enter("operator", "Olga")];
    const decisions = [first, second];
    const answers = await Promise.all(
      people.map(({ cookie, form }, n) => {
        const given = { form, account: DOMAIN, decision: decisions[n] ?? "" };
        return ask("POST", "/push/admin/domain/decide", { cookie, form: given });
      }),
    );
    const said = answers.map(({ headers }) =>
      new URL(headers?.["location"] ?? "/", "http://x").searchParams.get("said"),
    );
    expect(said.filter((each) => each === "granted" || each === "denied")).toHaveLength(1);
    const decided = (await domains.history(DOMAIN, 10)).filter(({ action }) =>
      /^claim (?:granted|denied)$|^claim-/u.test(action),
    );
    expect(decided).toHaveLength(1);
    const after = await domains.find(DOMAIN);
    expect(after?.owner).toBe(said.includes("granted") ? "b@example.org" : "a@example.com");
    expect(after?.claim).toBeUndefined();
  });
});

it.each(["\0", "\u202e", "\ud800", "%00", "'; --", "x".repeat(100_000), "\u{1D160}".repeat(300)])(
  "answers every page without an internal error if a browser sends %.6j",
  async (hostile) => {
    const { ask, enter, changes } = consoleServices();
    const { cookie, form } = await enter("operator");
    const before = changes.length;
    const given = { account: hostile, search: hostile, list: hostile, after: hostile, said: hostile, count: hostile };
    for (const { method, path } of all) {
      if (path === "/push/admin/add" && method === "POST") continue; // adds a domain if it may
      const fields = {
        ...given,
        form,
        to: hostile,
        token: hostile,
        address: hostile,
        typed: hostile,
        decision: hostile,
      };
      const { status } = await ask(method, path, {
        cookie,
        ...(method === "GET" ? { query: given } : { form: fields }),
      });
      expect([200, 303, 400, 404, 413], `${method} ${path}`).toContain(status);
    }
    expect(changes).toHaveLength(before);
  },
);

describe("the verbs of the console", () => {
  const setting = async () => {
    const services = consoleServices();
    const { cookie, form } = await services.enter("operator", "Oscar");
    const post = (path: string, given: Readonly<Record<string, string>>) =>
      services.ask("POST", `/push/admin${path}`, { cookie, form: { form, ...given } });
    const get = (path: string, query = {}) => services.ask("GET", `/push/admin${path}`, { cookie, query });
    const step = async (verb: string, given = {}) =>
      new URL(
        (await post(`/domain/${verb}`, { account: DOMAIN, ...given })).headers?.["location"] ?? "/none",
        "http://x",
      ).searchParams;
    return { ...services, post, get, step };
  };

  it("add a domain, and show its password once", async () => {
    const { post, get, secrets, domains } = await setting();
    const added = await post("/add", { account: "PBX.Example.COM", owner: "Owner@example.com", secret: "" });
    const secret = (await secrets.find(DOMAIN))?.current.secret ?? "-";
    expect(added.body).toContain(secret);
    expect((await domains.find(DOMAIN))?.owner).toBe("owner@example.com");
    expect((await get("/domain", { account: DOMAIN })).body).not.toContain(secret);
    const again = await post("/add", { account: DOMAIN, owner: "", secret: "" });
    expect([again.status, again.body]).toEqual([409, expect.stringContaining("already exists")]);
  });

  it.each([
    ["a".repeat(15), 1],
    ["a".repeat(16), 2],
  ])("add one with the password %s, and warn if some PBXes cannot use it", async (secret, warnings) => {
    const { post } = await setting();
    const { body = "" } = await post("/add", { account: DOMAIN, secret });
    expect(body.match(/note warning/gu)).toHaveLength(warnings);
    expect(body.includes("This password has 16 characters.")).toBe(warnings === 2);
  });

  it.each([
    [{ account: " " }, "Enter a domain or an account."],
    [{ account: "a\u202e.example" }, "cannot have control characters"],
    [{ account: "a.example", owner: "nobody" }, "Enter a valid email address."],
    [{ account: "a.example", secret: "two words" }, "printable ASCII characters only"],
    [{ account: "https://a.example/push" }, "without https://"],
    [{ account: "a.example:443" }, "without https://"],
  ])("do not add %o", async (given, words) => {
    const { post, changes } = await setting();
    const answer = await post("/add", given);
    expect([answer.status, answer.body]).toEqual([422, expect.stringContaining(words)]);
    expect(changes).toEqual([]);
  });

  it("are in the history under the person's name and id", async () => {
    const { office, step, domains } = await setting();
    await office.add({ account: DOMAIN, owner: "a@example.com" }, "operator test");
    expect((await step("suspend")).get("said")).toBe("suspended");
    expect((await step("resume")).get("said")).toBe("resumed");
    expect((await step("transfer", { to: "b@example.com" })).get("said")).toBe("transferred");
    expect((await step("transfer", { to: "b@example.com" })).get("said")).toBe("same");
    expect((await step("transfer", { to: "no address" })).get("said")).toBe("bad-address");
    expect((await step("disconnect")).get("count")).toBe("0");
    expect((await step("end-old")).get("said")).toBe("nothing");
    expect((await step("object")).get("said")).toBe("nothing");
    expect((await step("decide", { decision: "grant" })).get("said")).toBe("nothing");
    expect((await step("decide", { decision: "maybe" })).get("said")).toBe("nothing");
    expect((await step("resend")).get("said")).toBe("resent");
    const history = await domains.history(DOMAIN, 10);
    expect(history.slice(0, 5).map(({ action, actor }) => [action, actor])).toEqual(
      ["resent", "disconnected", "transferred", "resumed", "suspended"].map((action) => [
        action,
        "operator Oscar (Oscar-1)",
      ]),
    );
  });

  it("decide a claim, and delete only if the name is typed", async () => {
    const { office, step, post, get, domains, publish, owners } = await setting();
    await office.add({ account: DOMAIN, owner: "a@example.com" }, "operator test");
    const claimant = address("b@example.org");
    const visitor = { account: DOMAIN, emailKey: claimant.key, language: "en" } as const;
    await publish(visitor);
    await owners.prove(visitor);
    expect((await domains.find(DOMAIN))?.claim?.claimant).toBe("b@example.org");
    expect((await get("/claims")).body).toContain("Claimed by b@example.org on");
    expect((await get("/domain", { account: DOMAIN, record: "yes" })).body).toContain("found, with the right value");
    expect((await step("decide", { decision: "grant" })).get("said")).toBe("early");
    expect((await step("object")).get("said")).toBe("objection");
    expect((await step("decide", { decision: "grant" })).get("said")).toBe("granted");
    expect((await domains.find(DOMAIN))?.owner).toBe("b@example.org");
    expect((await step("delete", { typed: "pbx.example.org" })).get("said")).toBe("not-confirmed");
    const deleted = await post("/domain/delete", { account: DOMAIN, typed: " PBX.example.com " });
    expect(deleted.headers?.["location"]).toBe("/push/admin?said=deleted");
    const gone = await get("/domain", { account: DOMAIN });
    expect([gone.status, gone.body]).toEqual([404, expect.stringContaining("claim granted")]);
    expect((await step("suspend")).get("said")).toBe("unknown");
  });

  it("find no lapsed claim, even before housekeeping has run", async () => {
    const { office, get, publish, owners, clock, enter, ask } = await setting();
    await office.add({ account: DOMAIN, owner: "a@example.com" }, "operator test");
    const visitor = { account: DOMAIN, emailKey: address("b@example.org").key, language: "en" } as const;
    await publish(visitor);
    await owners.prove(visitor);
    expect((await get("")).body).toContain('class="badge claimed"');
    clock.advance(61 * 86_400_000);
    const { cookie } = await enter("support");
    expect((await ask("GET", "/push/admin/claims", { cookie })).body).toContain("No open claims.");
    expect((await ask("GET", "/push/admin", { cookie })).body).not.toContain('class="badge claimed"');
  });

  it("replace a password, and test a push with its outcome", async () => {
    const { office, post, secrets } = await setting();
    await office.add({ account: DOMAIN }, "operator test");
    const replaced = await post("/domain/replace", { account: DOMAIN });
    expect(replaced.body).toContain((await secrets.find(DOMAIN))?.current.secret);
    const tested = await post("/domain/test", { account: DOMAIN, token: "ios:aa", type: "call" });
    expect(tested.body).toContain("No failure was reported within 8 seconds.");
  });

  it("allow an address to get email again", async () => {
    const { post, get, suppressions, clock } = await setting();
    await suppressions.add({ address: "x@example.com", reason: "bounced", at: clock.now() });
    expect((await get("/suppressed")).body).toContain("x@example.com");
    const said = async (given: string) =>
      (await post("/suppressed/allow", { address: given })).headers?.["location"]?.split("said=")[1];
    expect([await said("x@example.com"), await said("x@example.com"), await said("x")]).toEqual([
      "allowed",
      "unknown",
      "bad-address",
    ]);
    expect((await get("/suppressed")).body).not.toContain("x@example.com");
  });
});

it("shows the same as the command line's show: ids of passwords, counts of refused logins, until when email is blocked", async () => {
  const { ask, enter, office, domains, sockets, suppressions, clock } = consoleServices();
  await office.add({ account: DOMAIN, owner: "a@example.com" }, "operator test");
  await suppressions.add({ address: "a@example.com", reason: "bounced", at: clock.now() });
  const refused = {
    account: `${DOMAIN}/master`,
    source: "192.0.2.9",
    at: clock.now(),
    reason: "wrong-password",
  } as const;
  sockets.refused.push({ ...refused, domain: DOMAIN, refusals: 7 });
  const { cookie } = await enter("support");
  const page = (await ask("GET", "/push/admin/domain", { cookie, query: { account: DOMAIN } })).body;
  expect(page).toContain(`UTC (${(await domains.find(DOMAIN))?.secrets.current.id})</dd>`);
  expect(page).toContain("from 192.0.2.9: wrong password (7 times)");
  expect(page).toMatch(/blocked from \d.* until \d.*: bounced/u);
});

describe("the activity of a domain's pushes", () => {
  it("is in the list for an unconnected domain, and on its own page with counts and their age", async () => {
    const { ask, enter, office, domains, recentPosts, clock } = consoleServices();
    await office.add({ account: DOMAIN }, "operator test");
    const { cookie } = await enter("support");
    const show = async (path: string, query = {}) => (await ask("GET", `/push/admin${path}`, { cookie, query })).body;
    expect(await show("/domain", { account: DOMAIN })).toContain("None known");

    const domain = await domains.find(DOMAIN);
    await domains.saveUse(domain!, { ...domain!, firstLoginAt: clock.now(), version: domain!.version + 1 });
    const posts = ["accepted", "Uninstalled", "SomethingNew", "other", "constructor", "accepted", "accepted"].map(
      (outcome, n) => ({
        ...{ id: `00000000000${n}`, at: clock.now() + n, account: `${DOMAIN}/master`, app: "ios\u202e", ms: 42 },
        ...{ kind: "call" as const, outcome },
      }),
    );
    recentPosts.kept.set(DOMAIN, addPosts(undefined, DOMAIN, posts, 0, clock.now()));
    expect(await show("")).toMatch(/not connected, last push: \d+ \w+ \d{4}, [\d:]+ UTC/u);
    const page = await show("/domain", { account: DOMAIN });
    expect(page).toMatch(/As of \d+ \w+ \d{4} at [\d:]+ UTC\. In 24 hours: 3 accepted, 4 failed\./u);
    for (const words of [
      "<strong>failed: the app was removed from the phone</strong> (Uninstalled, ios\\u202e, call, pbx.example.com/master, 42\u00a0ms)",
      "<strong>failed: SomethingNew</strong> (ios",
      "<strong>failed: other</strong>",
      "<strong>failed: constructor</strong>",
      "<summary>2 more</summary>",
    ])
      expect(page).toContain(words);
  });
});

describe("pages", () => {
  it("escape texts of others, and show only notes that exist", async () => {
    const { ask, enter, office } = consoleServices();
    const evil = '<img src=x>"/';
    await office.add({ account: `a.example${evil}` }, "operator test");
    const { cookie } = await enter("support", "<b>Eve</b>");
    const query = { search: evil, said: "constructor", count: "1e9", lang: "en" };
    const { body = "", status } = await ask("GET", "/push/admin", { cookie, query });
    expect(status).toBe(200);
    expect(body).not.toMatch(/<img src=x|<b>Eve/u);
    expect(body).not.toContain('role="status"');
    expect((await ask("GET", "/push/admin/domain", { cookie, query: { account: "" } })).status).toBe(400);
    expect((await ask("GET", "/push/admin/nothing", { cookie })).status).toBe(404);
    expect((await ask("DELETE", "/push/admin/domain", { cookie })).status).toBe(404);
  });

  it("are in German for a German browser, and keep a chosen language", async () => {
    const { ask, enter } = consoleServices();
    const { cookie } = await enter("operator");
    const german = await ask("GET", "/push/admin", { cookie, headers: { "accept-language": "de" } });
    expect(german.body).toContain("Nie verbunden");
    const chosen = await ask("GET", "/push/admin/claims", { cookie, query: { lang: "de" } });
    expect(chosen.body).toContain('href="/push/admin/apps?lang=de"');
  });
});
