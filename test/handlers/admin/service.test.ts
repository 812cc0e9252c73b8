import { describe, expect, it } from "vitest";
import { serviceRoutes } from "../../../lambdas/handlers/admin/service.ts";
import { fail, ok } from "../../../lambdas/core/shared/result.ts";
import type { HttpRequest } from "../../../lambdas/middleware/http.ts";
import { answerOf, aRequest, withJson } from "../../support/values/requests.ts";

function setting(answers: Readonly<Record<string, unknown>> = {}) {
  const asked: unknown[][] = [];
  const usual: Readonly<Record<string, unknown>> = {
    allowMail: true,
    suppressions: { items: [{ address: "a@example.com", reason: "bounced", at: 5 }], next: "b@example.com" },
    testPush: { result: "accepted" },
    liftMark: ok(true),
    apps: [{ id: "ios" }],
  };
  const note =
    (name: string) =>
    (...given: unknown[]) => {
      asked.push([name, ...given]);
      return Promise.resolve(name in answers ? answers[name] : usual[name]);
    };
  const routes = serviceRoutes({
    commands: { allowMail: note("allowMail") },
    queries: { suppressions: note("suppressions") },
    testPush: note("testPush"),
    liftMark: note("liftMark"),
    apps: note("apps"),
    about: { stage: "prod", url: "https://push.example.com/push/ws" },
  } as never);
  return { asked, ask: (request: HttpRequest) => answerOf(routes, request) };
}
const errorOf = ({ value }: { readonly value: unknown }) => (value as { error?: string }).error;

it.each([
  ["arn:aws:iam::1:user/anna", "arn:aws:iam::1:user/anna"],
  [undefined, "local"],
])("returns who calls: %s is %s", async (caller, identity) => {
  const { value } = await setting().ask(aRequest("GET", "/whoami", { caller }));
  expect(value).toEqual({ identity, stage: "prod", url: "https://push.example.com/push/ws" });
});

describe("addresses that get no email", () => {
  it("are listed", async () => {
    const { asked, ask } = setting();
    const { value } = await ask(aRequest("GET", "/suppressions?limit=5&after=a@example.com"));
    expect(asked).toEqual([["suppressions", 5, "a@example.com"]]);
    expect(value).toEqual({
      suppressions: [{ address: "a@example.com", reason: "bounced", at: 5 }],
      next: "b@example.com",
    });
    await ask(aRequest("GET", "/suppressions"));
    expect(asked[1]).toEqual(["suppressions", 100, undefined]);
    expect(errorOf(await ask(aRequest("GET", "/suppressions?limit=501")))).toBe("limit");
  });

  it("can get email again", async () => {
    const { asked, ask } = setting();
    expect((await ask(aRequest("DELETE", "/suppressions?address=Anna@Example.com"))).status).toBe(204);
    expect(asked).toEqual([["allowMail", "anna@example.com", "operator local"]]);
  });

  it.each([
    ["?address=anna", 400, "address"],
    ["", 400, "address"],
    ["?address=anna@example.com", 404, "unknown"],
  ])("%s: %i %s", async (query, status, error) => {
    const answer = await setting({ allowMail: false }).ask(aRequest("DELETE", `/suppressions${query}`));
    expect([answer.status, errorOf(answer)]).toEqual([status, error]);
  });
});

describe("a test push", () => {
  it.each([
    [{}, "an unknown type", 400],
    [{ token: "", account: "a.example" }, "no token", 400],
    [{ token: "ios:1", account: "a.example", type: "ring" }, "another type", 400],
    [{ token: "ios:1" }, "no account", 400],
  ])("%j is refused: %s", async (body, _, status) => {
    const { asked, ask } = setting();
    const answer = await ask(withJson("POST", "/push", body));
    expect([answer.status, errorOf(answer)]).toEqual([status, "malformed"]);
    expect(asked).toEqual([]);
  });

  it.each([{ type: "call" }, { type: "notification" }, {}])(
    "is sent, and answered with its outcome: %j",
    async (kind) => {
      const { asked, ask } = setting();
      const answer = await ask(withJson("POST", "/push", { token: "ios:1", account: "A.example/b", ...kind }));
      expect([answer.status, answer.value]).toEqual([200, { result: "accepted" }]);
      const account = { account: "a.example/b", domain: "a.example" };
      expect(asked).toEqual([["testPush", { account, token: "ios:1", ...kind, actor: "operator local" }]]);
    },
  );

  it("requires an account", async () => {
    const { asked, ask } = setting();
    const answer = await ask(withJson("POST", "/push", { token: "ios:1", account: "" }));
    expect([answer.status, answer.value]).toEqual([422, { error: "account", message: "The account is empty." }]);
    expect(asked).toEqual([]);
  });

  it("reports an account that is not registered", async () => {
    const answer = await setting({ testPush: undefined }).ask(
      withJson("POST", "/push", { token: "ios:1", account: "a.example" }),
    );
    expect([answer.status, errorOf(answer)]).toEqual([404, "unknown"]);
  });
});

describe("a token whose app is back", () => {
  it.each([
    [ok(true), 204, undefined],
    [ok(false), 404, "unknown"],
    [fail({ err: "BadToken", info: "not a token" }), 422, "token"],
  ])("%j is %i", async (liftMark, status, error) => {
    const { asked, ask } = setting({ liftMark });
    const answer = await ask(withJson("POST", "/tokens/lift", { token: "ios:1" }));
    expect(answer.status).toBe(status);
    if (error !== undefined) expect(errorOf(answer)).toBe(error);
    expect(asked).toEqual([["liftMark", "ios:1", "operator local"]]);
  });

  it("is named in the answer", async () => {
    expect(errorOf(await setting().ask(withJson("POST", "/tokens/lift", { token: "" })))).toBe("malformed");
  });
});

it("lists the apps", async () => {
  expect((await setting().ask(aRequest("GET", "/apps"))).value).toEqual({ apps: [{ id: "ios" }] });
});

it.each([
  ["Enter a valid email address.", aRequest("DELETE", "/suppressions?address=anna")],
  ["Nothing keeps this address from getting mail.", aRequest("DELETE", "/suppressions?address=a@example.com")],
  [
    "The body must be {token, account, type?}, all strings; type is call or notification.",
    withJson("POST", "/push", {}),
  ],
  ["This account is not registered.", withJson("POST", "/push", { token: "ios:1", account: "a.example" })],
  ["The body must be {token}, a string.", withJson("POST", "/tokens/lift", {})],
  ["This token is not marked as gone.", withJson("POST", "/tokens/lift", { token: "ios:1" })],
  ["The limit is a number from 1 to 500.", aRequest("GET", "/suppressions?limit=0")],
])("has a text: %s", async (message, request) => {
  const { ask } = setting({ allowMail: false, testPush: undefined, liftMark: ok(false) });
  expect((await ask(request)).value).toMatchObject({ message });
});

it("says why a token is invalid, by its error if there is no text", async () => {
  const said = async (error: object) => {
    const { value } = await setting({ liftMark: fail(error) }).ask(withJson("POST", "/tokens/lift", { token: "x" }));
    return (value as { message: string }).message;
  };
  expect([await said({ err: "BadToken", info: "not a token" }), await said({ err: "BadToken" })]).toEqual([
    "not a token",
    "BadToken",
  ]);
});
