import type { IncomingMessage } from "node:http";
import { apiHost, type ApiDefinition } from "../definition.ts";
import type { Match } from "./routes.ts";
import { newId, requestTime } from "../websocket/events.ts";

/** One request to an HTTP API, its path without the local host's prefix. */
export interface HttpRequest {
  readonly message: IncomingMessage;
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
  readonly body: Buffer;
}

/** A function's answer as an HTTP response. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Payload format 2.0. `caller`: the ARN that IAM authorization found. */
export function httpEvent(api: ApiDefinition, request: HttpRequest, match: Match<unknown>, caller: string | undefined) {
  const { message, path, query, body } = request;
  const { cookie, ...headersDistinct } = message.headersDistinct;
  const method = message.method ?? "GET";
  const sourceIp = message.socket.remoteAddress ?? "127.0.0.1";
  const headers = Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(",")]),
  );
  const at = Date.now();
  const text = isText(headers["content-type"]);
  return {
    version: "2.0",
    routeKey: match.route.key,
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.flatMap((line) => line.split(/;\s*/u)) }),
    headers: { ...headers, "x-forwarded-for": [headers["x-forwarded-for"], sourceIp].filter(Boolean).join(", ") },
    ...(query !== "" && { queryStringParameters: joined(new URLSearchParams(query)) }),
    ...(match.pathParameters !== undefined && { pathParameters: match.pathParameters }),
    requestContext: {
      accountId: api.accountId,
      apiId: api.id,
      ...(caller !== undefined && {
        authorizer: { iam: { accountId: api.accountId, userArn: caller, userId: "local" } },
      }),
      domainName: apiHost(api),
      domainPrefix: api.id,
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId: newId(),
      routeKey: match.route.key,
      stage: api.stage?.name ?? "$default",
      time: requestTime(at),
      timeEpoch: at,
    },
    ...(body.length > 0 && { body: body.toString(text ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

/** API Gateway passes other types, including forms, in base64. */
const isText = (contentType = "") =>
  /^(text\/|application\/(json|javascript|xml)\b|application\/[\w.-]+\+(json|xml)\b)/iu.test(contentType);

function joined(query: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(",")]));
}

/** The answer of a function: a proxy response, or any other value, which becomes the JSON body of a 200. */
export function httpAnswer(payload: unknown): HttpAnswer {
  const response = typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : {};
  if (typeof response["statusCode"] !== "number")
    return jsonAnswer(200, typeof payload === "string" ? payload : JSON.stringify(payload));
  const { statusCode, headers, cookies, body, isBase64Encoded } = response;
  const named = Object.entries((headers ?? {}) as Record<string, unknown>).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return {
    status: statusCode,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      ...Object.fromEntries(named),
      ...(Array.isArray(cookies) && cookies.length > 0 && { "set-cookie": cookies.map(String) }),
    },
    body: Buffer.from(typeof body === "string" ? body : "", isBase64Encoded === true ? "base64" : "utf8"),
  };
}

export const jsonAnswer = (status: number, text: string): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: Buffer.from(text),
});
