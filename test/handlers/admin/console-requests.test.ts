import { describe, expect, it } from "vitest";
import { fail, ok } from "../../../lambdas/core/shared/result.ts";
import { domainRoutes } from "../../../lambdas/handlers/admin/console/domain.ts";
import { listRoutes } from "../../../lambdas/handlers/admin/console/lists.ts";
import type { ConsoleRoutes } from "../../../lambdas/handlers/admin/console/visit.ts";
import { consoleTexts } from "../../../lambdas/views/admin/console.ts";
import { texts } from "../../../lambdas/views/texts/texts.ts";
import { NOON } from "../../support/values/clock.ts";
import { aRequest } from "../../support/values/requests.ts";

const DOMAIN = "pbx.example.com";
const ACTOR = "operator Anna (anna-1)";
const domain = {
  account: DOMAIN,
  state: "active",
  origin: "operator",
  secrets: { current: { id: "s1", issuedAt: NOON } },
  createdAt: NOON,
  changedAt: NOON,
  version: 1,
  claim: { claimant: "b@example.com", madeAt: NOON, objectUntil: NOON + 1 },
};
const entry = (number: number) => ({ at: NOON - number, action: "added", actor: `operator n${number}` });
const reader = { t: texts.en, chosen: false, operator: {} };
const viewer = { name: "Anna", role: "operator", formToken: "f", now: NOON, reader, c: consoleTexts.en };

/** The console's routes over use cases that record their calls; `answers` replaces the usual ones. */
function setting(answers: Readonly<Record<string, unknown>> = {}, testSecrets = false) {
  const asked: unknown[][] = [];
  const usual: Readonly<Record<string, unknown>> = {
    page: { items: [] },
    claims: { items: [] },
    suppressions: { items: [] },
    allowMail: true,
    liftMark: ok(true),
    apps: [],
    testPush: { ms: 12, app: "ios", type: "call", later: "none", waitedMs: 8_000 },
    show: ok({ domain, connections: [], refusedLogins: [], history: [entry(0)] }),
    history: ok([entry(1)]),
    record: ok("unreachable"),
    add: ok({ domain, secret: "Added0Secret00" }),
    replace: ok({ domain, secret: "Replaced0Secret" }),
    disconnect: ok(2),
    resend: 3,
  };
  const note =
    (name: string) =>
    (...given: unknown[]) => {
      asked.push([name, ...given]);
      return Promise.resolve(name in answers ? answers[name] : (usual[name] ?? ok(undefined)));
    };
  const works = new Proxy({}, { get: (_, name: string) => note(name) }) as never;
  const [testPush, liftMark, apps] = ["testPush", "liftMark", "apps"].map(note) as [never, never, never];
  const routes: ConsoleRoutes = {
    ...listRoutes({ lists: works, queries: works, commands: works, liftMark, apps }),
    ...domainRoutes({ commands: works, queries: works, testPush, pushUrl: "https://push.example.com/ws", testSecrets }),
  };
  const ask = async (method: "GET" | "POST", path: string, given: Readonly<Record<string, string>> = {}) => {
    const query = method === "GET" ? `?${new URLSearchParams(given).toString()}` : "";
    const form = new URLSearchParams(method === "POST" ? given : {});
    const visit = { request: aRequest(method, `/push/admin${path}${query}`), viewer, actor: ACTOR, form };
    const answer = await routes[path]?.[method]?.handle(visit as never);
    return { ...answer, to: answer?.headers?.["location"] };
  };
  return { asked, ask };
}

describe("a list of the console", () => {
  it.each<readonly [Record<string, string>, unknown, string | undefined]>([
    [{}, { search: "" }, undefined],
    [{ search: " pbx " }, { search: "pbx" }, undefined],
    [{ list: "connected" }, "connected", undefined],
    [{ list: "unused" }, { list: "unused" }, undefined],
    [{ list: "claimed", after: "p" }, { list: "claimed" }, "p"],
    [{ list: "nothing", after: "" }, { search: "" }, undefined],
    [{ search: "x", list: "claimed" }, { search: "x" }, undefined],
  ])("by %j holds %j after %s", async (query, wanted, after) => {
    const { asked, ask } = setting();
    expect((await ask("GET", "", query)).status).toBe(200);
    expect(asked).toEqual([["page", wanted, after]]);
  });

  it("says that it is the first page, or links back to it", async () => {
    const { ask } = setting({ page: { items: [], next: "more" } });
    const [first, second] = [await ask("GET", ""), await ask("GET", "", { after: "p" })];
    expect(first.body).toContain("after=more");
    expect(second.body).not.toBe(first.body);
  });

  it("of claims continues where a page ended", async () => {
    const { asked, ask } = setting();
    await ask("GET", "/claims");
    await ask("GET", "/claims", { after: "p" });
    expect(asked).toEqual([
      ["claims", undefined],
      ["claims", "p"],
    ]);
  });

  it("of suppressed addresses has 50, and continues only after an address", async () => {
    const { asked, ask } = setting();
    for (const query of [{}, { after: "A@Example.com" }, { after: "nobody" }]) await ask("GET", "/suppressed", query);
    expect(asked).toEqual([
      ["suppressions", 50, undefined],
      ["suppressions", 50, "a@example.com"],
      ["suppressions", 50, undefined],
    ]);
  });
});

describe("a step of the console", () => {
  it.each([
    ["/suppressed/allow", { address: "A@Example.com" }, { allowMail: true }, "/push/admin/suppressed?said=allowed"],
    ["/suppressed/allow", { address: "A@Example.com" }, { allowMail: false }, "/push/admin/suppressed?said=unknown"],
    ["/suppressed/allow", {}, {}, "/push/admin/suppressed?said=bad-address"],
    ["/apps/lift", { token: " ios:x " }, {}, "/push/admin/apps?said=lifted"],
    ["/apps/lift", { token: "ios:x" }, { liftMark: ok(false) }, "/push/admin/apps?said=unknown"],
    ["/apps/lift", {}, { liftMark: fail({ err: "BadToken" }) }, "/push/admin/apps?said=bad-token"],
  ])("%s of %j shows its result", async (path, form, answers, to) => {
    const { ask } = setting(answers);
    const answer = await ask("POST", path, form);
    expect([answer.status, answer.to]).toEqual([303, to]);
  });

  it("trims spaces around a token", async () => {
    const { asked, ask } = setting();
    await ask("POST", "/apps/lift", { token: " ios:x " });
    await ask("POST", "/apps/lift");
    expect(asked).toEqual([
      ["liftMark", "ios:x", ACTOR],
      ["liftMark", "", ACTOR],
    ]);
  });

  const said = (note: string, count?: number) =>
    `/push/admin/domain?account=${DOMAIN}&said=${note}${count === undefined ? "" : `&count=${count}`}`;
  it.each<readonly [string, Record<string, string>, string, readonly unknown[]]>([
    ["resend", {}, said("resent", 3), ["resend", DOMAIN, ACTOR]],
    ["suspend", {}, said("suspended"), ["suspend", DOMAIN, ACTOR]],
    ["resume", {}, said("resumed"), ["resume", DOMAIN, ACTOR]],
    ["object", {}, said("objection"), ["object", DOMAIN, ACTOR]],
    ["end-old", {}, said("old-ended"), ["endOld", DOMAIN, ACTOR]],
    ["disconnect", {}, said("disconnected", 2), ["disconnect", DOMAIN, ACTOR]],
    ["transfer", { to: "B@Example.com" }, said("transferred"), ["transfer", DOMAIN, "b@example.com", ACTOR]],
    ["decide", { decision: "grant" }, said("granted"), ["decide", DOMAIN, "grant", ACTOR]],
    ["decide", { decision: "deny" }, said("denied"), ["decide", DOMAIN, "deny", ACTOR]],
    ["delete", { typed: ` PBX.example.com ` }, "/push/admin?said=deleted", ["remove", DOMAIN, ACTOR]],
  ])("%s of %j is done in the person's name", async (verb, form, to, work) => {
    const { asked, ask } = setting();
    const answer = await ask("POST", `/domain/${verb}`, { account: "PBX.example.com", ...form });
    expect([answer.status, answer.to]).toEqual([303, to]);
    expect(asked).toEqual([work]);
  });

  it.each(["suspend", "resume", "object", "end-old", "disconnect", "replace", "transfer", "decide", "delete"])(
    "%s that a rule forbids shows the reason",
    async (verb) => {
      const form = { account: DOMAIN, to: "b@example.com", decision: "grant", typed: DOMAIN };
      for (const [error, note] of [
        ["suspended", "is-suspended"],
        ["conflict", "conflict"],
      ] as const) {
        const no = fail(error);
        const work = { "end-old": "endOld", delete: "remove" }[verb] ?? verb;
        expect((await setting({ [work]: no }).ask("POST", `/domain/${verb}`, form)).to).toBe(said(note));
      }
    },
  );

  it.each([
    ["transfer", {}, "bad-address"],
    ["decide", {}, "nothing"],
    ["delete", {}, "not-confirmed"],
    ["delete", { typed: "pbx.example.org" }, "not-confirmed"],
  ])("%s of %j calls no use case", async (verb, form, note) => {
    const { asked, ask } = setting();
    expect((await ask("POST", `/domain/${verb}`, { account: DOMAIN, ...form })).to).toBe(said(note));
    expect(asked).toEqual([]);
  });

  it("without an account is refused with a text", async () => {
    const { asked, ask } = setting();
    for (const answer of [await ask("POST", "/domain/suspend"), await ask("GET", "/domain")])
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("Enter a domain or an account.")]);
    expect(asked).toEqual([]);
  });

  it("that replaces a password shows it, with where to enter it", async () => {
    const { status, body } = await setting().ask("POST", "/domain/replace", { account: DOMAIN });
    expect(status).toBe(200);
    for (const shown of ["Replaced0Secret", "https://push.example.com/ws", DOMAIN]) expect(body).toContain(shown);
  });
});

describe("a test push of the console", () => {
  const account = { account: DOMAIN, domain: DOMAIN };
  it.each([
    [
      { token: " ios:x ", type: "notification" },
      { token: "ios:x", type: "notification" },
    ],
    [
      { token: "ios:x", type: "call" },
      { token: "ios:x", type: "call" },
    ],
    [{ type: "ring" }, { token: "", type: undefined }],
  ])("of %j is sent as %j, and its outcome shown on the domain's page", async (form, sent) => {
    const { asked, ask } = setting();
    const answer = await ask("POST", "/domain/test", { account: DOMAIN, ...form });
    expect(asked).toEqual([
      ["testPush", { account, ...sent, actor: ACTOR }],
      ["show", DOMAIN, false],
    ]);
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining("within 8 seconds")]);
  });

  it("does not say when the PBXes were last heard of, which nobody has looked up for it", async () => {
    const login = { account: DOMAIN, domain: DOMAIN, secretId: "s1", spelling: DOMAIN, at: NOON };
    const connection = { connectionId: "c", source: "192.0.2.1", connectedAt: NOON, login };
    const { ask } = setting({ show: ok({ domain, connections: [connection], refusedLogins: [], history: [] }) });
    const { active } = texts.en.owner.connections;
    const tested = await ask("POST", "/domain/test", { account: DOMAIN, token: "ios:x" });
    expect(tested.body).not.toContain(active);
    expect((await ask("GET", "/domain", { account: DOMAIN, activity: "yes" })).body).toContain(active);
  });

  it.each([{ testPush: undefined }, { show: fail("unknown") }])(
    "of an account that does not exist says so: %j",
    async (none) => {
      const answer = await setting(none).ask("POST", "/domain/test", { account: DOMAIN, token: "ios:x" });
      expect(answer.to).toBe(`/push/admin/domain?account=${DOMAIN}&said=unknown`);
    },
  );
});

describe("a domain's page in the console", () => {
  it.each<readonly [Record<string, string>, readonly unknown[]]>([
    [{}, [["show", DOMAIN, false]]],
    [{ activity: "yes" }, [["show", DOMAIN, true]]],
    [
      { history: "all" },
      [
        ["show", DOMAIN, false],
        ["history", DOMAIN, 500],
      ],
    ],
    [
      { record: "yes" },
      [
        ["show", DOMAIN, false],
        ["record", DOMAIN],
      ],
    ],
  ])("for %j reads no more than it shows", async (query, works) => {
    const { asked, ask } = setting();
    const { status, body } = await ask("GET", "/domain", { account: DOMAIN, ...query });
    expect(status).toBe(200);
    expect(asked).toEqual(works);
    expect(body).toContain(query["history"] === undefined ? "operator n0" : "operator n1");
    expect(body?.includes("the name servers do not answer")).toBe(query["record"] !== undefined);
  });

  it("shows the last entries if not all can be read", async () => {
    const { body } = await setting({ history: fail("unknown") }).ask("GET", "/domain", {
      account: DOMAIN,
      history: "all",
    });
    expect(body).toContain("operator n0");
  });

  it.each([
    [{}, 50],
    [{ history: "all" }, 500],
  ])("of a deleted one shows its history: for %j %i entries", async (query, entries) => {
    const { asked, ask } = setting({ show: fail("unknown") });
    const { status, body } = await ask("GET", "/domain", { account: DOMAIN, ...query });
    expect([status, body]).toEqual([404, expect.stringContaining("operator n1")]);
    expect(asked.at(-1)).toEqual(["history", DOMAIN, entries]);
    const unreadable = await setting({ show: fail("unknown"), history: fail("x") }).ask("GET", "/domain", {
      account: DOMAIN,
    });
    expect([unreadable.status, unreadable.body?.includes("operator n")]).toEqual([404, false]);
  });
});

describe("a domain that is added in the console", () => {
  it("is added as typed, without surrounding spaces", async () => {
    const { asked, ask } = setting();
    const typed = { account: " PBX.example.com ", owner: " A@Example.com ", secret: " 123456789012 " };
    const { status, body } = await ask("POST", "/add", typed);
    expect(asked).toEqual([["add", { account: DOMAIN, owner: "a@example.com", secret: "123456789012" }, ACTOR]]);
    expect(status).toBe(200);
    for (const shown of ["Added0Secret00", "https://push.example.com/ws", DOMAIN]) expect(body).toContain(shown);
  });

  it("requires only its account", async () => {
    const { asked, ask } = setting();
    await ask("POST", "/add", { account: DOMAIN });
    expect(asked).toEqual([["add", { account: DOMAIN }, ACTOR]]);
  });

  it("may have a short password only on a stage that allows it for tests", async () => {
    const form = { account: DOMAIN, secret: "pwd" };
    expect((await setting({}, true).ask("POST", "/add", form)).status).toBe(200);
    const { status, body } = await setting().ask("POST", "/add", form);
    expect([status, body]).toEqual([422, expect.stringContaining("must have 12 to 16 characters")]);
    expect(body).not.toContain('value="pwd"');
  });

  it("that exists already is reported at its field, with the typed values", async () => {
    const { status, body } = await setting({ add: fail("exists") }).ask("POST", "/add", { account: DOMAIN });
    expect([status, body]).toEqual([409, expect.stringContaining(`value="${DOMAIN}"`)]);
    expect(body).toMatch(/class="error" role="alert">[^<]{10}/u);
  });

  it("starts with an empty form", async () => {
    const { status, body } = await setting().ask("GET", "/add");
    expect([status, body?.includes("aria-invalid")]).toEqual([200, false]);
    expect(body).not.toMatch(/name="(?:account|owner|secret)"[^>]*value="[^"]/u);
  });
});
