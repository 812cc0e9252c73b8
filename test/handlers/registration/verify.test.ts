import { describe, expect, it } from "vitest";
import type { Registration } from "../../../lambdas/core/registration/registration.ts";
import { pageRoutes } from "../../../lambdas/handlers/registration/pages.ts";
import type { Confirmed, LinkState } from "../../../lambdas/usecases/registration/confirm.ts";
import { answerOf, aRequest } from "../../support/values/requests.ts";

const DOMAIN = "pbx.example.com";
const registration: Registration = {
  id: "ticket",
  domain: DOMAIN,
  email: "a@example.com",
  emailKey: "a@example.com",
  language: "en",
  codeHash: "hash",
  source: "192.0.2.1",
  requestedAt: 1,
  expiresAt: 2,
  state: "waiting",
  wrongCodes: 0,
  mail: "sent",
};
const open = { registration, registered: false };

/** The pages over a link in this state, and the calls it got. */
function setting(state: LinkState, confirmed: Confirmed = { kind: "over" }) {
  const asked: unknown[][] = [];
  const links = {
    read: (link: string) => (asked.push(["read", link]), Promise.resolve(state)),
    confirm: (...args: unknown[]) => (asked.push(["confirm", ...args]), Promise.resolve(confirmed)),
  };
  const pbx = { otherUrl: undefined, issuer: "amazon" } as const;
  const assets = { "/push/assets/style.css": { type: "text/css", body: "p {}" } };
  return { routes: pageRoutes(links, assets, pbx), asked };
}
const BROWSER = { accept: "text/html" };
const form = (fields: Readonly<Record<string, string>>, type = "application/x-www-form-urlencoded") =>
  aRequest("POST", "/push/verify", {
    headers: { ...BROWSER, "content-type": type },
    body: new URLSearchParams(fields).toString(),
  });

describe("the page behind the link", () => {
  it.each<[LinkState, number, RegExp]>([
    [{ kind: "open", ...open }, 200, /name="code"/u],
    [{ kind: "done", domain: DOMAIN }, 200, new RegExp(DOMAIN, "u")],
    [{ kind: "over" }, 410, /<h1>/u],
    [{ kind: "over", newer: "K7Q2" }, 410, /K7Q2/u],
  ])("shows %j with %i, and changes nothing", async (state, status, text) => {
    const { routes, asked } = setting(state);
    const answer = await answerOf(routes, aRequest("GET", "/push/verify?link=the-link", { headers: BROWSER }));
    expect([answer.status, answer.headers]).toEqual([status, { "content-type": "text/html; charset=utf-8" }]);
    expect(answer.body).toMatch(text);
    expect(asked).toEqual([["read", "the-link"]]);
  });

  it("keeps the link in its form", async () => {
    const { routes } = setting({ kind: "open", ...open });
    const { body } = await answerOf(routes, aRequest("GET", "/push/verify?link=the-link", { headers: BROWSER }));
    expect(body).toContain('name="link" value="the-link"');
  });

  it("without a link is that of an unknown link", async () => {
    const { routes, asked } = setting({ kind: "over" });
    expect(await answerOf(routes, aRequest("GET", "/push/verify"))).toMatchObject({ status: 410 });
    expect(asked).toEqual([["read", ""]]);
  });
});

describe("its form", () => {
  it.each<[Confirmed, number, RegExp]>([
    [{ kind: "confirmed", domain: DOMAIN, replaced: false }, 200, /pbx\.example\.com/u],
    [{ kind: "confirmed", domain: DOMAIN, replaced: true }, 200, /new password/iu],
    [{ kind: "done", domain: DOMAIN }, 200, /pbx\.example\.com/u],
    [{ kind: "no-code", ...open }, 422, /role="alert"/u],
    [{ kind: "wrong-code", left: 3, ...open }, 422, /3/u],
    [{ kind: "over" }, 410, /<h1>/u],
    [{ kind: "busy" }, 503, /being changed too often/u],
  ])("is answered for %j with %i", async (confirmed, status, text) => {
    const { routes, asked } = setting({ kind: "over" }, confirmed);
    const answer = await answerOf(routes, form({ link: "the-link", code: "012345" }));
    expect(answer.status).toBe(status);
    expect(answer.body).toMatch(text);
    expect(asked).toEqual([["confirm", "the-link", "012345", false]]);
  });

  it("says that an earlier confirmation replaced no password", async () => {
    const { body } = await answerOf(setting({ kind: "over" }, { kind: "done", domain: DOMAIN }).routes, form({}));
    expect(body).not.toMatch(/new password/iu);
  });

  it("says to try again if the domain is busy", async () => {
    const { routes } = setting({ kind: "over" }, { kind: "busy" });
    const program = form({});
    const answer = await answerOf(routes, { ...program, headers: { ...program.headers, accept: "*/*" } });
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "5" }, value: { error: "busy" } });
  });

  it("replaces the password only by the other button", async () => {
    const { routes, asked } = setting({ kind: "over" });
    await answerOf(routes, form({ link: "l", code: "1", replace: "yes" }));
    await answerOf(routes, form({}));
    expect(asked).toEqual([
      ["confirm", "l", "1", true],
      ["confirm", "", "", false],
    ]);
  });

  it("is accepted only as a form", async () => {
    const { routes, asked } = setting({ kind: "over" });
    expect(await answerOf(routes, form({ link: "l" }, "text/plain"))).toMatchObject({ status: 415 });
    expect(asked).toEqual([]);
  });
});

it("the Connect window is a page, served with what it loads", async () => {
  const { routes } = setting({ kind: "over" });
  const page = await answerOf(routes, aRequest("GET", "/push/connect"));
  expect([page.status, page.headers]).toEqual([200, { "content-type": "text/html; charset=utf-8" }]);
  expect(page.body).toMatch(/name="domain"/u);
  expect(await answerOf(routes, aRequest("GET", "/push/assets/style.css"))).toMatchObject({
    status: 200,
    body: "p {}",
  });
});
