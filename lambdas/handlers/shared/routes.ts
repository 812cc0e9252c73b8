import type { HttpRequest, HttpResponse } from "../../middleware/http.ts";
import { fill, texts, type Texts } from "../../views/texts/texts.ts";

export type Method = "GET" | "POST" | "DELETE";
export type Handle = (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;
/** Path → method → handler. HEAD is answered like GET, without a body. */
export type Routes = Readonly<Record<string, Readonly<Partial<Record<Method, Handle>>>>>;

/** Why a request got no other answer: a name for programs, a sentence for people. */
export interface Problem {
  readonly status: number;
  readonly error: string;
  readonly words: (problem: Texts["problem"]) => string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asset {
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What pages load, by path. */
export const assetRoutes = (assets: Readonly<Record<string, Asset>>): Routes =>
  Object.fromEntries(
    Object.entries(assets).map(([path, { type, body, headers }]) => {
      const all = { "content-type": type, "cache-control": "public, max-age=300", ...headers };
      return [path, { GET: () => ({ status: 200, headers: all, body }) }];
    }),
  );

/** @param refuse words a problem for this client, as page or JSON */
export function router(routes: Routes, refuse: (request: HttpRequest, problem: Problem) => HttpResponse) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const methods = Object.hasOwn(routes, request.path) ? routes[request.path] : undefined;
    if (methods === undefined)
      return refuse(request, { status: 404, error: "not-found", words: ({ notFound }) => notFound });
    const method = request.method === "HEAD" ? "GET" : request.method;
    const handle = Object.hasOwn(methods, method) ? methods[method as Method] : undefined;
    if (handle !== undefined) return handle(request);
    const allow = Object.keys(methods).flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name]));
    const methodNames = allow.join(", ");
    return refuse(request, {
      status: 405,
      error: "method-not-allowed",
      words: ({ method }) => fill(method, { methods: methodNames }),
      headers: { allow: methodNames },
    });
  };
}

export const json = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): HttpResponse => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(value),
});

export const problemJson = ({ status, error, words, headers }: Problem, t: Texts = texts.en): HttpResponse =>
  json(status, { error, message: words(t.problem) }, headers);

export const unavailable: Problem = {
  status: 503,
  error: "unavailable",
  words: (problem) => problem.unavailable,
  headers: { "retry-after": "5" },
};

/** Too many requests from one source. @param seconds until it may try again */
export const limited = (seconds: number): Problem => ({
  status: 429,
  error: "limited",
  words: (problem) => fill(problem.limited, { minutes: Math.ceil(seconds / 60) }),
  headers: { "retry-after": String(seconds) },
});

/** Longest body, in characters: everything that we take is far smaller. */
const MAX_BODY_CHARACTERS = 8_192;

/** Why the body cannot be what `type` promises, or undefined. */
export function bodyProblem(request: HttpRequest, type: string): Problem | undefined {
  const given = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (given !== type) {
    return { status: 415, error: "content-type", words: ({ contentType }) => fill(contentType, { type }) };
  }
  if (request.body.length > MAX_BODY_CHARACTERS)
    return { status: 413, error: "too-large", words: ({ tooLarge }) => tooLarge };
  return undefined;
}

/** The value of JSON text, or undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
