import { describe, expect, it } from "vitest";
import { adminHeaders } from "../../../lambdas/handlers/admin/answers.ts";
import { domainRoutes } from "../../../lambdas/handlers/admin/domains.ts";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import { fail, ok } from "../../../lambdas/core/shared/result.ts";
import type { HttpRequest } from "../../../lambdas/middleware/http.ts";
import type { OperatorCommands } from "../../../lambdas/usecases/admin/commands.ts";
import type { OperatorQueries } from "../../../lambdas/usecases/admin/queries.ts";
import { answerOf, aRequest, withJson } from "../../support/values/requests.ts";

const domain: Domain = {
  account: "pbx.example.com",
  state: "active",
  origin: "operator",
  secrets: { current: { id: "s1", issuedAt: 5 } },
  createdAt: 5,
  changedAt: 5,
  version: 5,
};
const ARN = "arn:aws:iam::111111111111:user/anna";
const ME = { caller: ARN } as const;

/** Use cases that record their calls; `answers` replaces the usual ones. */
function setting(answers: Readonly<Record<string, unknown>> = {}, testSecrets = false) {
  const asked: unknown[][] = [];
  const usual: Readonly<Record<string, unknown>> = {
    add: ok({ domain, secret: "secret" }),
    replace: ok({ domain, secret: "secret" }),
    remove: ok(undefined),
    disconnect: ok(2),
    resend: 3,
    list: { items: [{ ...domain, lastPostAt: 7 }], next: "z.example.com" },
    show: ok({ domain, accounts: [] }),
    history: ok([{ at: 5, action: "added", actor: "operator x" }]),
    record: ok("there"),
  };
  const works = new Proxy(
    {},
    {
      get:
        (_, name: string) =>
        (...given: unknown[]) => {
          asked.push([name, ...given]);
          return Promise.resolve(answers[name] ?? usual[name] ?? ok(domain));
        },
    },
  );
  const addresses = { pushUrl: "https://push.example.com/push/ws", testSecrets };
  const routes = domainRoutes(works as OperatorCommands, works as OperatorQueries, addresses);
  return { asked, ask: (request: HttpRequest) => answerOf(routes, request) };
}
const errorOf = ({ value }: { readonly value: unknown }) => (value as { error?: string }).error;

it("answers of the operator's API forbid caches and type sniffing", () => {
  expect(adminHeaders).toEqual({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
});

describe("a list of domains", () => {
  it.each([
    ["", [100, undefined, { claimed: false }, false]],
    ["?limit=1", [1, undefined, { claimed: false }, false]],
    ["?limit=500&after=PBX.example.com", [500, "pbx.example.com", { claimed: false }, false]],
    ["?search=%20Anna%20&claimed", [100, undefined, { text: "anna", claimed: true }, false]],
    ["?search=&offline", [100, undefined, { claimed: false }, true]],
  ])("with %j calls %j", async (query, given) => {
    const { asked, ask } = setting();
    const answer = await ask(aRequest("GET", `/domains${query}`));
    expect(asked).toEqual([["list", ...given]]);
    expect([answer.status, answer.value]).toEqual([
      200,
      { domains: [{ ...domain, lastPostAt: 7 }], next: "z.example.com" },
    ]);
  });

  it.each(["0", "501", "1.5", "x", "-1"])("rejects a limit of %s", async (limit) => {
    for (const target of [`/domains?limit=${limit}`, `/domain/history?account=pbx.example.com&limit=${limit}`]) {
      const { asked, ask } = setting();
      const answer = await ask(aRequest("GET", target));
      expect([answer.status, answer.value]).toEqual([
        400,
        { error: "limit", message: "The limit is a number from 1 to 500." },
      ]);
      expect(asked).toEqual([]);
    }
  });
});

describe("a domain that is added", () => {
  it("is recorded for the caller, and answered with its secret and where to enter it", async () => {
    const { asked, ask } = setting();
    const body = { account: "PBX.example.com", owner: "Anna@Example.com", state: "suspended", proof: "none" };
    const answer = await ask(withJson("POST", "/domains", { ...body, secret: "123456789012" }, ME));
    const given = { account: "pbx.example.com", owner: "anna@example.com", state: "suspended", proof: "none" };
    expect(asked).toEqual([["add", { ...given, secret: "123456789012" }, `operator ${ARN}`]]);
    expect(answer.status).toBe(201);
    expect(answer.value).toEqual({ ...domain, secret: "secret", url: "https://push.example.com/push/ws" });
  });

  it("requires only its account, and no signature on this machine", async () => {
    const { asked, ask } = setting();
    expect((await ask(withJson("POST", "/domains", { account: "pbx.example.com" }))).status).toBe(201);
    expect(asked).toEqual([["add", { account: "pbx.example.com" }, "operator local"]]);
  });

  it.each([
    [415, "content-type", aRequest("POST", "/domains", { body: "account=a" })],
    [413, "too-large", withJson("POST", "/domains", `{"account":"${"a".repeat(8_192)}"}`)],
    [400, "malformed", withJson("POST", "/domains", "{")],
    [400, "malformed", withJson("POST", "/domains", "[]")],
    [400, "malformed", aRequest("POST", "/domains")],
    [400, "malformed", withJson("POST", "/domains", { account: "a.example", state: "gone" })],
    [400, "malformed", withJson("POST", "/domains", { account: "a.example", proof: "word" })],
    [422, "account", withJson("POST", "/domains", { account: "" })],
    [422, "account", withJson("POST", "/domains", { account: "https://a.example/" })],
    [422, "secret", withJson("POST", "/domains", { account: "a.example", secret: "short" })],
    [422, "owner", withJson("POST", "/domains", { account: "a.example", owner: "anna" })],
  ])("is refused with %i, %s", async (status, error, request) => {
    const { asked, ask } = setting();
    const answer = await ask(request);
    expect([answer.status, errorOf(answer)]).toEqual([status, error]);
    expect(asked).toEqual([]);
  });

  it.each([
    ["1234567890123456", false, /16 characters/u],
    ["pwd", true, /testSecrets/u],
    ["123456789012", true, undefined],
  ])("with the secret %s is accepted, with or without a warning", async (secret, testSecrets, warning) => {
    for (const [target, body] of [
      ["/domains", { account: "a.example", secret }],
      ["/domain/replace?account=a.example", { secret }],
    ] as const) {
      const { value } = await setting({}, testSecrets).ask(withJson("POST", target, body));
      const shown = (value as { warning?: string }).warning;
      if (warning === undefined) expect(value).not.toHaveProperty("warning");
      else expect(shown).toMatch(warning);
    }
  });
});

describe("an invalid request is answered with a text", () => {
  const added = (body: object) => withJson("POST", "/domains", { account: "a.example", ...body });
  it.each([
    ["The account is empty.", added({ account: "" })],
    ["An account has at most 512 characters.", added({ account: "a".repeat(513) })],
    ["An account holds no control characters.", added({ account: "a\u202e.example" })],
    ["Enter the System Name of the PBX", added({ account: "https://a.example/" })],
    ["The secret is empty.", added({ secret: "" })],
    ["so that nobody guesses it", added({ secret: "short" })],
    ["the password field of a Push object takes no more", added({ secret: "a".repeat(17) })],
    ["printable ASCII characters without spaces", added({ secret: "two words more" })],
    ["Enter a valid email address.", added({ owner: "anna" })],
    ["Enter a valid email address.", withJson("POST", "/domain/transfer?account=a.example", { to: "anna" })],
    ["The account is empty.", aRequest("GET", "/domain")],
    ["The body must be {account, secret?, owner?, state?, proof?}, all strings.", withJson("POST", "/domains", [])],
    ["The body must be {secret?}.", withJson("POST", "/domain/replace?account=a.example", { secret: 5 })],
    ["The body must be {to}, an email address.", withJson("POST", "/domain/transfer?account=a.example", {})],
    ['The body must be {decision: "grant" | "deny"}.', withJson("POST", "/domain/decide?account=a.example", {})],
  ])("%s", async (words, request) => {
    const { value } = await setting().ask(request);
    expect((value as { message: string }).message).toContain(words);
  });
});

it.each([
  ["state", ["active", "suspended"]],
  ["proof", ["address", "dns", "operator", "none"]],
])("a domain can be added with every %s", async (member, values) => {
  for (const value of values) {
    const { asked, ask } = setting();
    await ask(withJson("POST", "/domains", { account: "a.example", [member]: value }));
    expect(asked).toEqual([["add", { account: "a.example", [member]: value }, "operator local"]]);
  }
});

it("answers name the account", async () => {
  const { ask } = setting();
  const account = "pbx.example.com/master";
  expect((await ask(aRequest("GET", `/domain/history?account=${account}`))).value).toEqual({
    account,
    history: [{ at: 5, action: "added", actor: "operator x" }],
  });
  expect((await ask(aRequest("POST", `/domain/replace?account=${account}`))).value).toEqual({
    ...domain,
    secret: "secret",
    url: "https://push.example.com/push/ws",
  });
});

describe("an account", () => {
  const of = (path: string) => `/domain${path}?account=pbx.example.com/master`;
  it.each([
    ["GET", "", 200, ["show", false], { ...domain, accounts: [] }],
    ["GET", "/history", 200, ["history", 100], undefined],
    ["GET", "/record", 200, ["record"], { account: "pbx.example.com/master", record: "there" }],
    ["DELETE", "", 204, ["remove", "operator local"], undefined],
    ["POST", "/replace", 200, ["replace", "operator local", undefined], undefined],
    ["POST", "/end-old", 200, ["endOld", "operator local"], domain],
    ["POST", "/suspend", 200, ["suspend", "operator local"], domain],
    ["POST", "/resume", 200, ["resume", "operator local"], domain],
    ["POST", "/object", 200, ["object", "operator local"], domain],
    ["POST", "/disconnect", 200, ["disconnect", "operator local"], { account: "pbx.example.com/master", closed: 2 }],
    ["POST", "/resend", 200, ["resend", "operator local"], { account: "pbx.example.com/master", resent: 3 }],
  ])("%s /domain%s", async (method, path, status, [what, ...more], value) => {
    const { asked, ask } = setting();
    const answer = await ask(aRequest(method, of(path)));
    expect(answer.status).toBe(status);
    expect(asked).toEqual([[what, "pbx.example.com/master", ...more]]);
    if (value !== undefined) expect(answer.value).toEqual(value);
  });

  it("is shown with the times its sockets were last active if requested", async () => {
    const { asked, ask } = setting();
    await ask(aRequest("GET", "/domain?account=pbx.example.com&activity"));
    expect(asked).toEqual([["show", "pbx.example.com", true]]);
  });

  it("is transferred to another address, and its claim decided", async () => {
    const { asked, ask } = setting();
    await ask(withJson("POST", of("/transfer"), { to: "Anna@Example.com" }, ME));
    for (const decision of ["grant", "deny"]) await ask(withJson("POST", of("/decide"), { decision }, ME));
    expect(asked).toEqual([
      ["transfer", "pbx.example.com/master", "anna@example.com", `operator ${ARN}`],
      ["decide", "pbx.example.com/master", "grant", `operator ${ARN}`],
      ["decide", "pbx.example.com/master", "deny", `operator ${ARN}`],
    ]);
  });

  it.each([
    [400, "malformed", "/transfer", {}],
    [422, "to", "/transfer", { to: "anna" }],
    [400, "malformed", "/decide", { decision: "maybe" }],
    [400, "malformed", "/replace", { secret: 5 }],
    [422, "secret", "/replace", { secret: "short" }],
  ])("is not changed by a request answered with %i %s: %s", async (status, error, path, body) => {
    const { asked, ask } = setting();
    const answer = await ask(withJson("POST", of(path), body));
    expect([answer.status, errorOf(answer)]).toEqual([status, error]);
    expect(asked).toEqual([]);
  });

  it.each(["", "?account=", `?account=${"a".repeat(513)}`])("is read from the query, not from %.20j", async (query) => {
    const { asked, ask } = setting();
    const answer = await ask(aRequest("GET", `/domain${query}`));
    expect([answer.status, errorOf(answer)]).toEqual([400, "account"]);
    expect(asked).toEqual([]);
  });

  it.each([
    ["unknown", 404],
    ["exists", 409],
    ["conflict", 409],
    ["foreign", 409],
    ["suspended", 409],
    ["claimed", 409],
    ["nothing", 409],
    ["same", 409],
    ["unproven", 409],
    ["early", 409],
  ] as const)("for which a rule forbids a step: %s is %i, with a text", async (error, status) => {
    const { ask } = setting({ suspend: fail(error) });
    const answer = await ask(aRequest("POST", of("/suspend")));
    expect([answer.status, errorOf(answer)]).toEqual([status, error]);
    expect((answer.value as { message: string }).message).toMatch(/^[A-Z].{20,}\.$/u);
  });
});
