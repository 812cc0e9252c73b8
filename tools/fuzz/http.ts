import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import fc from "fast-check";
import { showsNoInsides } from "./answers.ts";
import { mutated, nastyText } from "./texts.ts";

/** A request of a case; names in capitals are placeholders for what a real visitor was given. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body: string | undefined;
  readonly base64: boolean;
  readonly source: string;
}

export const usual = { headers: {}, query: "", base64: false, source: "192.0.2.1", body: undefined };

const HEADERS = [
  "content-type",
  "accept",
  "accept-language",
  "authorization",
  "cookie",
  "origin",
  "x-forwarded-for",
  "host",
  "content-length",
  "sec-fetch-site",
];

interface Parts {
  /** Requests that work. */
  readonly likely: fc.Arbitrary<Request>;
  readonly paths: readonly string[];
  /** Values of headers. */
  readonly values: readonly string[];
  readonly query: string;
  readonly cookies?: readonly string[];
  readonly body: fc.Arbitrary<string>;
}

/** Any request, but more often one that works, except for parts replaced by those of an arbitrary one. */
export function requestsFrom({ likely, paths, values, query, cookies = [], body }: Parts): fc.Arbitrary<Request> {
  const wild: fc.Arbitrary<Request> = fc.record({
    method: fc.constantFrom("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "get", "__proto__"),
    path: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...paths) }, { weight: 1, arbitrary: nastyText }),
    query: fc.oneof(fc.constant(""), fc.constant(`link=${"A".repeat(43)}`), mutated(fc.constant(query)), nastyText),
    headers: fc.dictionary(
      fc.constantFrom(...HEADERS),
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: nastyText }),
    ),
    cookies: fc.array(fc.oneof(fc.constantFrom("", ...cookies), nastyText), { maxLength: 2 }),
    body: fc.option(body, { nil: undefined }),
    base64: fc.boolean(),
    source: fc.constantFrom("192.0.2.1", "2001:db8::1", "", "not an address"),
  });
  const members = fc.subarray(["headers", "cookies", "query", "body", "base64", "source"] as const, { maxLength: 2 });
  const nearly = fc
    .tuple(likely, wild, members)
    .map(([right, wrong, names]) => ({ ...right, ...Object.fromEntries(names.map((name) => [name, wrong[name]])) }));
  return fc.oneof({ weight: 1, arbitrary: wild }, { weight: 3, arbitrary: nearly });
}

/** API Gateway's event; `filled` replaces placeholders with what a real visitor was given. */
export async function eventOf(each: Request, filled: (text: string) => Promise<string>) {
  const { method, path, base64, source, cookies } = each;
  return {
    rawPath: path,
    rawQueryString: await filled(each.query),
    headers: JSON.parse(await filled(JSON.stringify(each.headers))) as object,
    ...(cookies !== undefined && { cookies: JSON.parse(await filled(JSON.stringify(cookies))) as string[] }),
    isBase64Encoded: base64,
    ...(each.body !== undefined && { body: await filled(each.body) }),
    requestContext: { requestId: "r", stage: "$default", http: { method, path, sourceIp: source } },
  };
}

/** Fails if the answer breaks a rule; returns its status. */
export function checkAnswer(
  { statusCode, headers = {}, cookies = [], body = "" }: APIGatewayProxyStructuredResultV2,
  method: string,
  sent: string,
): number {
  const status = Number(statusCode);
  if (!(status >= 200 && status < 500)) throw new Error(`status ${String(statusCode)}: ${body.slice(0, 300)}`);
  if (body !== "" && headers["content-type"] === undefined) throw new Error("a body without a type");
  if (method === "HEAD" && body !== "") throw new Error("a body in the answer to HEAD");
  for (const value of [...Object.values(headers), ...cookies])
    if (/[\r\n]/u.test(String(value))) throw new Error("a header that splits");
  showsNoInsides(body, sent);
  if (/<script>alert/u.test(body)) throw new Error("the page runs what was sent");
  return status;
}
