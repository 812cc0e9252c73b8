import { isLanguage, preferredLanguage, type Language } from "../../core/shared/language.ts";
import { pastedToken } from "../../core/shared/token.ts";
import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import { problemPage } from "../../views/shared/problem.tsx";
import type { Reader } from "../../views/shared/reader.ts";
import { texts } from "../../views/texts/texts.ts";
import { problemJson, unavailable, type Problem } from "./routes.ts";

/** Headers of every answer: pages load nothing from elsewhere, cannot be framed and are not cached. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  // Not "no-referrer": under it browsers send `Origin: null` with our own forms (handlers/shared/form.ts).
  "referrer-policy": "same-origin",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The language that was chosen by hand (`?lang=`), else the browser's. */
export const languageOf = ({ query, headers }: HttpRequest): Language => {
  const chosen = query.get("lang");
  return isLanguage(chosen) ? chosen : preferredLanguage(headers["accept-language"]);
};

/** @param here the page's own path and query; undefined if it has none */
export const readerAt = (request: HttpRequest, here: string | undefined): Reader => ({
  t: texts[languageOf(request)],
  chosen: isLanguage(request.query.get("lang")),
  here,
  operator: request.operator ?? {},
});

/** A requested page has a URL of its own, with the link that led there; the answer to a form has none. */
export function readerOf(request: HttpRequest): Reader {
  const { method, path, query } = request;
  const link = pastedToken(query.get("link") ?? "");
  return readerAt(request, method === "POST" ? undefined : link === undefined ? path : `${path}?link=${link}`);
}

export const html = (status: number, body: string, headers?: Readonly<Record<string, string>>): HttpResponse => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body,
});

/** Whether the client is a browser, which gets a page; programs get JSON. */
export const wantsPage = (request: HttpRequest): boolean => (request.headers["accept"] ?? "").includes("text/html");

/** A problem, as a page or as JSON. */
export const refuse = (request: HttpRequest, problem: Problem): HttpResponse => {
  const reader = readerOf(request);
  return wantsPage(request)
    ? html(problem.status, problemPage(problem.words(reader.t.problem), reader), problem.headers)
    : problemJson(problem, reader.t);
};

/** Last resort, after a failed dependency or an unexpected error. */
export const failure = (request: HttpRequest): HttpResponse => refuse(request, unavailable);
