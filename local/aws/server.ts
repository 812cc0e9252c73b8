import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import { signingRole, type CallCounter } from "./calls.ts";
import type { Faults } from "./faults.ts";
import { identify, type CallName } from "./identify.ts";
import { listen, type Listening } from "./listen.ts";
import { partialBatch } from "./partial.ts";
import { AwsError, errorResponse, type AwsResponse, type AwsService } from "./protocols.ts";

const BODY_LIMIT = 10 * 1024 * 1024; // 10 MB

export interface AwsServerOptions {
  readonly services: Readonly<Record<string, AwsService>>;
  readonly calls: CallCounter;
  readonly faults: Faults;
  /** Called when a call has ended. */
  readonly onAnswer: (call: CallName, body: Buffer, error: AwsError | undefined) => void;
  /** Takes what a custom resource's function PUTs to its ResponseURL (`/_cfn/ID`). */
  readonly onStackResponse: (id: string, body: string) => void;
}

/** The endpoint of all AWS services: counts each call, applies faults, and passes it on to the service. */
export function startAwsServer(options: AwsServerOptions): Promise<Listening> {
  const server = createServer((request, response) => {
    void serve(options, request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000; // longer than a client keeps an idle socket
  return listen(server, 0);
}

async function serve(options: AwsServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => response.writableFinished || gone.abort());
  const requestId = randomUUID();
  const body = await readBody(request, BODY_LIMIT);
  if (request.url?.startsWith("/_cfn/")) {
    options.onStackResponse(request.url.slice("/_cfn/".length), body?.toString("utf8") ?? "");
    return write(response, { status: 200, headers: {}, body: "" }, requestId);
  }
  const call = body && identify(request.headers, body);
  if (body === undefined || call === undefined) {
    const error = new AwsError("InvalidRequest", "not a signed call of an AWS SDK");
    return write(response, errorResponse("json", error, requestId), requestId);
  }
  options.calls.count(call.service, call.operation, signingRole(request.headers.authorization));
  let struck: AwsError | undefined;
  const answer = await answerCall(options, call, request, body, gone.signal).catch((error: unknown) => {
    if (gone.signal.aborted) return undefined;
    const message = `${call.service} simulator: ${error instanceof Error ? error.message : String(error)}`;
    struck = error instanceof AwsError ? error : new AwsError("InternalFailure", message, 500);
    return errorResponse(call.protocol, struck, requestId);
  });
  if (answer === undefined) return;
  options.onAnswer(call, body, struck);
  write(response, answer, requestId);
}

async function answerCall(
  { services, faults }: AwsServerOptions,
  call: CallName,
  request: IncomingMessage,
  body: Buffer,
  signal: AbortSignal,
): Promise<AwsResponse> {
  const service = services[call.service];
  if (service === undefined)
    throw new AwsError("UnknownService", `${call.service} does not run on the local host`, 501);
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
  const { partial, afterwards } = await faults.strike(call.service, call.operation, signal);
  const awsRequest = { ...call, headers, body };
  const answer = await (partial ? partialBatch(awsRequest, service) : service(awsRequest));
  await afterwards?.();
  return answer;
}

function write(response: ServerResponse, { status, headers, body }: AwsResponse, requestId: string): void {
  response.writeHead(status, { "x-amzn-requestid": requestId, ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
