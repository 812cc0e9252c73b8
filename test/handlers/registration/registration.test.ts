import { describe, expect, it } from "vitest";
import { registrationRoutes } from "../../../lambdas/handlers/registration/registration.ts";
import type { ConnectWindow, Polled } from "../../../lambdas/usecases/registration/connect-window.ts";
import { answerOf, aRequest, withJson } from "../../support/values/requests.ts";

const PUSH_URL = "https://push.example.com/push/ws";
const REQUESTED = { ticket: "t", code: "012345", reference: "K7Q2", expiresIn: 1_800 };

/** The routes over a Connect window with given answers, and the calls it got. */
function setting(
  answers: {
    readonly [Name in keyof ConnectWindow]?: Awaited<ReturnType<ConnectWindow[Name]>> | undefined;
  },
) {
  const asked: unknown[][] = [];
  const answer =
    <Name extends keyof ConnectWindow>(name: Name) =>
    (...args: unknown[]) => {
      asked.push([name, ...args]);
      return Promise.resolve(answers[name] as never);
    };
  const window: ConnectWindow = {
    request: answer("request"),
    poll: answer("poll"),
    resend: answer("resend"),
    acknowledge: answer("acknowledge"),
  };
  return { routes: registrationRoutes(window, PUSH_URL), asked };
}
const bearer = (authorization?: string, more = {}) => ({ headers: { authorization, ...more } });
const UNKNOWN = {
  status: 401,
  headers: { "www-authenticate": "Bearer" },
  value: { error: "ticket", message: "Unknown ticket." },
};

describe("POST /push/register", () => {
  const post = (body: unknown, more = {}) => withJson("POST", "/push/register", body, more);

  it("passes on name and address in normalized form, the source, and the browser's language", async () => {
    const { routes, asked } = setting({ request: REQUESTED });
    const headers = { "content-type": "application/json; charset=utf-8", "accept-language": "de-CH" };
    const answer = await answerOf(routes, post({ domain: " PBX.Example.com", email: "Anna@Example.com" }, { headers }));
    expect([answer.status, answer.value]).toEqual([202, REQUESTED]);
    expect(asked).toEqual([
      ["request", "pbx.example.com", expect.objectContaining({ key: "anna@example.com" }), "192.0.2.1", "de"],
    ]);
  });

  it("says how long a source with too many requests must wait", async () => {
    const { routes } = setting({ request: { limitedFor: 61 } });
    expect(await answerOf(routes, post({ domain: "pbx.example.com", email: "a@example.com" }))).toMatchObject({
      status: 429,
      headers: { "retry-after": "61" },
      value: { error: "limited", message: "Too many requests from your network. Try again in 2 min." },
    });
  });

  it.each([
    ["not JSON", 400, "malformed", "The body must be {domain, email}, both strings."],
    [{ domain: "pbx.example.com" }, 400, "malformed", "The body must be {domain, email}, both strings."],
    [{ domain: 5, email: "a@example.com" }, 400, "malformed", "The body must be {domain, email}, both strings."],
    [{ domain: "", email: "a@example.com" }, 422, "domain", "Enter the System Name of your PBX."],
    [{ domain: "pbx.example.com", email: "a" }, 422, "email", "Enter a valid email address."],
    ["x".repeat(8_193), 413, "too-large", "The request is too large."],
  ])("answers %.40j with %i %s, and calls no use case", async (body, status, error, message) => {
    const { routes, asked } = setting({});
    expect(await answerOf(routes, post(body))).toMatchObject({ status, value: { error, message } });
    expect(asked).toEqual([]);
  });

  it("accepts only JSON", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect(await answerOf(setting({}).routes, post("domain=a", { headers }))).toMatchObject({
      status: 415,
      value: { error: "content-type", message: "The content type must be application/json." },
    });
  });

  it("explains in German to a German browser", async () => {
    const headers = { "content-type": "application/json", "accept-language": "de" };
    const messages = await Promise.all(
      ["{}", '{"domain":"","email":""}', '{"domain":"pbx.example.com","email":""}'].map(
        async (body) =>
          ((await answerOf(setting({}).routes, post(body, { headers }))).value as { message: string }).message,
      ),
    );
    expect(messages).toEqual([
      expect.stringContaining("beides"),
      expect.stringContaining("System-Namen"),
      expect.stringContaining("E-Mail-Adresse"),
    ]);
  });
});

describe("GET /push/register", () => {
  it.each<[Polled, object]>([
    [
      { state: "waiting", expiresIn: 5 },
      { state: "waiting", expiresIn: 5 },
    ],
    [
      { state: "confirmed", domain: "pbx.example.com", password: "p" },
      { state: "confirmed", domain: "pbx.example.com", password: "p", url: PUSH_URL },
    ],
    [
      { state: "expired", reason: "time" },
      { state: "expired", reason: "time" },
    ],
  ])("reports %j as %j", async (polled, told) => {
    const { routes, asked } = setting({ poll: polled });
    const answer = await answerOf(routes, aRequest("GET", "/push/register", bearer("bearer the-ticket")));
    expect([answer.status, answer.value, asked]).toEqual([200, told, [["poll", "the-ticket"]]]);
  });

  it.each([undefined, "the-ticket", "Basic the-ticket", "Bearer two words", "x Bearer the-ticket"])(
    "finds no ticket in %j",
    async (authorization) => {
      const { routes, asked } = setting({});
      expect(await answerOf(routes, aRequest("GET", "/push/register", bearer(authorization)))).toMatchObject(UNKNOWN);
      expect(asked).toEqual([["poll", ""]]);
    },
  );
});

describe("DELETE /push/register", () => {
  it.each([
    [true, { status: 204 }],
    [false, UNKNOWN],
  ])("answers a ticket in any form (%j)", async (acknowledge, answer) => {
    const { routes, asked } = setting({ acknowledge });
    expect(await answerOf(routes, aRequest("DELETE", "/push/register", bearer("Bearer t")))).toMatchObject(answer);
    expect(asked).toEqual([["acknowledge", "t"]]);
  });
});

describe("POST /push/register/resend", () => {
  it.each([
    ["queued", { status: 202 }],
    [{ limitedFor: 60 }, { status: 429, headers: { "retry-after": "60" }, value: { error: "limited" } }],
    [undefined, UNKNOWN],
  ] as const)("is answered for %j", async (resend, answer) => {
    const { routes, asked } = setting({ resend });
    const request = aRequest("POST", "/push/register/resend", bearer("Bearer t"));
    expect(await answerOf(routes, request)).toMatchObject(answer);
    expect(asked).toEqual([["resend", "t", "192.0.2.1"]]);
  });

  it("has its texts in the browser's language", async () => {
    const said = async (resend: { limitedFor: number } | undefined, language: string) => {
      const request = aRequest("POST", "/push/register/resend", bearer("Bearer t", { "accept-language": language }));
      return (await answerOf(setting({ resend }).routes, request)).body;
    };
    expect(await said(undefined, "de")).not.toBe(await said(undefined, "en"));
    expect(await said({ limitedFor: 5 }, "de")).not.toBe(await said({ limitedFor: 5 }, "en"));
  });
});
