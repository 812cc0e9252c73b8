import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Reporter } from "../ports/telemetry.ts";
import type { Operator } from "../ports/web.ts";
import { viewerAddress } from "./viewer-address.ts";

/** One HTTP request, whatever host it came through. Header names are in lower case. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded path without the stage, e.g. `/push/verify`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: readonly string[];
  readonly body: string;
  /** Address of the client. */
  readonly source: string;
  /** ARN of the request's signer; undefined if it need not be signed. */
  readonly caller: string | undefined;
  /** Who runs the service, for its pages. */
  readonly operator?: Operator | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
}

export interface HttpOptions {
  readonly telemetry: Reporter;
  /** Names the function in the metric of unexpected errors. */
  readonly name: string;
  /** Headers of every answer, even of failures. */
  readonly headers: Readonly<Record<string, string>>;
  /** The answer after an unexpected error. */
  readonly failure: (request: HttpRequest) => HttpResponse;
  /** Header in which the CDN in front puts the client's address; absent: API Gateway's peer is the client. */
  readonly addressHeader?: string | undefined;
  /** For the footer of pages. */
  readonly operator?: Operator | undefined;
}

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;

/** The HTTP stack: API Gateway's HTTP API event (payload 2.0) in, its result out. The function never throws. */
export function http(handle: (request: HttpRequest) => Promise<HttpResponse>, options: HttpOptions) {
  const { telemetry } = options;
  const finish = (event: Event, response: HttpResponse): Result => ({
    statusCode: response.status,
    headers: { ...options.headers, ...response.headers },
    ...(response.cookies && { cookies: [...response.cookies] }),
    body: event.requestContext.http.method === "HEAD" ? "" : (response.body ?? ""),
  });

  return middy<Event, Result>(async (event: Event) => finish(event, await handle(toRequest(event, options))))
    .before(({ event }) => {
      const { requestId, http: line } = event.requestContext;
      telemetry.begin({ requestId, method: line.method, path: line.path.slice(0, 100) });
    })
    .after(({ response }) => {
      telemetry.log("info", "request", { status: response?.statusCode });
      telemetry.flush();
    })
    .onError((request) => {
      const { event, error } = request;
      telemetry.log("error", "request failed", { error: error?.message, kind: error?.name });
      telemetry.metric("Unexpected", 1, { outcome: options.name });
      telemetry.flush();
      request.response = finish(event, options.failure(toRequest(event, options)));
    });
}

function toRequest(event: Event, { addressHeader, operator }: HttpOptions): HttpRequest {
  const { http: line, stage } = event.requestContext;
  const viewer = addressHeader === undefined ? undefined : viewerAddress(event.headers[addressHeader.toLowerCase()]);
  const body = event.body ?? "";
  return {
    method: line.method,
    path: stage === "$default" ? event.rawPath : event.rawPath.replace(new RegExp(`^/${stage}(?=/|$)`, "u"), ""),
    query: new URLSearchParams(event.rawQueryString),
    headers: event.headers,
    cookies: event.cookies ?? [],
    body: event.isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body,
    source: viewer ?? line.sourceIp,
    caller: callerOf(event),
    operator,
  };
}

function callerOf(event: Event): string | undefined {
  const context = event.requestContext as { authorizer?: { iam?: { userArn?: string } } };
  return context.authorizer?.iam?.userArn;
}
