import { describe, expect, it } from "vitest";
import {
  failure,
  html,
  languageOf,
  pageHeaders,
  readerAt,
  readerOf,
  refuse,
  wantsPage,
} from "../../../lambdas/handlers/shared/html.ts";
import { aRequest } from "../../support/values/requests.ts";

// docs/pages.md, Browsers: each header protects on its own, so each is listed here.
it("every answer forbids caching, framing, foreign content and type sniffing", () => {
  const { "content-security-policy": policy, ...headers } = pageHeaders;
  expect(headers).toEqual({
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  expect(policy?.split("; ")).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]);
});

describe("the language of a page", () => {
  it.each([
    ["/push/connect?lang=de", "en", "de", true],
    ["/push/connect?lang=fr", "de,en;q=0.5", "de", false],
    ["/push/connect", "de", "de", false],
    ["/push/connect", undefined, "en", false],
  ])("of %s for a browser in %s is %s", (target, accepts, language, chosen) => {
    const request = aRequest("GET", target, { headers: { "accept-language": accepts } });
    expect(languageOf(request)).toBe(language);
    expect(readerOf(request).chosen).toBe(chosen);
  });
});

describe("the source of a request", () => {
  const link = "A".repeat(43);
  it.each([
    ["GET", "/push/verify", "/push/verify"],
    ["GET", `/push/verify?link=${link}&lang=de`, `/push/verify?link=${link}`],
    ["GET", "/push/verify?link=nonsense", "/push/verify"],
    ["POST", "/push/verify", undefined],
  ])("%s %s is at %s", (method, target, here) => expect(readerOf(aRequest(method, target)).here).toBe(here));

  it("names the operator of the service if configured", () => {
    const operator = { name: "Example" };
    expect(readerAt(aRequest("GET", "/push/connect", { operator }), "/").operator).toEqual(operator);
    expect(readerAt(aRequest("GET", "/push/connect"), undefined)).toMatchObject({ operator: {}, here: undefined });
  });
});

describe("a problem", () => {
  const problem = { status: 403, error: "foreign", words: () => "Not from here.", headers: { "retry-after": "7" } };

  it("is a page for a browser", () => {
    const response = refuse(aRequest("GET", "/push/x", { headers: { accept: "text/html,*/*" } }), problem);
    expect(response).toMatchObject({
      status: 403,
      headers: { "content-type": "text/html; charset=utf-8", "retry-after": "7" },
    });
    expect(response.body).toContain("Not from here.");
    expect(response.body).toMatch(/^<!doctype html>/iu);
  });

  it.each(["*/*", "application/json", undefined])("is JSON for a client that accepts %s", (accept) => {
    const request = aRequest("GET", "/push/x", { headers: { accept } });
    expect(wantsPage(request)).toBe(false);
    expect(refuse(request, problem)).toEqual({
      status: 403,
      headers: { "content-type": "application/json; charset=utf-8", "retry-after": "7" },
      body: '{"error":"foreign","message":"Not from here."}',
    });
  });

  it("on our side says so, and to try again, in the reader's language", () => {
    const request = aRequest("GET", "/push/x", { headers: { "accept-language": "de" } });
    expect(failure(request)).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    expect(JSON.parse(failure(request).body ?? "")).toMatchObject({ error: "unavailable" });
    expect(failure(request).body).not.toBe(failure(aRequest("GET", "/push/x")).body);
  });
});

it("a page is HTML in UTF-8, plus the given headers", () => {
  expect(html(200, "<p>", { refresh: "60" })).toEqual({
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8", refresh: "60" },
    body: "<p>",
  });
});
