import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { CONNECTION_OPERATIONS, manageConnection } from "../apigateway/websocket/connections-api.ts";
import type { HttpApi } from "../apigateway/http/api.ts";
import { jsonAnswer } from "../apigateway/http/event.ts";
import { refuse, type WebSocketApi } from "../apigateway/websocket/api.ts";
import { readBody } from "../aws/body.ts";
import { signingRole, type CallCounter } from "../aws/calls.ts";
import type { Faults } from "../aws/faults.ts";
import { listen, type Listening } from "../aws/listen.ts";
import type { Authority } from "../iam/authority.ts";
import { AwsError, errorResponse } from "../aws/protocols.ts";
import { OPERATOR } from "./addresses.ts";
import { atEdge } from "./edge.ts";
import { isIdentity, type IdentityProvider } from "../identity/provider.tsx";
import { refusedCaller, type createLocalPages } from "./local-pages.ts";

/** APIs, available once the template has been read. */
export interface Mounted {
  readonly socket: WebSocketApi | undefined;
  readonly web: HttpApi | undefined;
  readonly operator: HttpApi | undefined;
}

export interface FrontOptions {
  readonly port: number;
  readonly mounted: () => Mounted | undefined;
  readonly localPages: ReturnType<typeof createLocalPages>;
  readonly calls: CallCounter;
  readonly faults: Faults;
  /** The company's identity provider, once it runs; undefined if none is needed. */
  readonly identity: () => Promise<IdentityProvider> | undefined;
  /** Throws an AwsError if the caller's role may not make the call. */
  readonly authorize: Authority["authorize"];
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** API Gateway's own limit, in bytes. */
const BODY_LIMIT = 10 * 1024 * 1024;
const NOTHING: Answer = { status: 503, headers: {}, body: "" };

/** The port that people and PBXes use. Rejects with an Error that says what to do if it is taken. */
export async function startFront(options: FrontOptions): Promise<Listening> {
  const server = createServer((request, response) => {
    const identity = isIdentity(pathOf(request)) ? options.identity() : undefined;
    if (identity !== undefined)
      return void identity
        .then((provider) => provider(request, response))
        .catch((error: unknown) => {
          console.error("local host:", error);
          response.destroy();
        });
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    void answer(options, request, gone.signal)
      .then((result) => write(response, request, result))
      .catch((error: unknown) => {
        if (gone.signal.aborted) return;
        console.error("local host:", error); // the host's own error, not the service's
        write(
          response,
          request,
          jsonAnswer(500, JSON.stringify({ error: "the local host failed, its standard error says how" })),
        );
      });
  });
  server.on("upgrade", (request: IncomingMessage, socket, head: Buffer) => {
    const edge = atEdge(request, pathOf(request));
    if (edge.to === "viewer") return refuse(socket, edge.status, edge.headers);
    if (edge.to === "web") return refuse(socket, 404); // that API has no such route, or takes no upgrade
    const api = options.mounted()?.socket;
    if (api === undefined) return refuse(socket, NOTHING.status);
    api.upgrade(request, edge.path, socket, head);
  });
  return listen(server, options.port).catch(portTaken);
}

const pathOf = (request: IncomingMessage) => (request.url ?? "/").split("?", 1)[0] ?? "/";

async function answer(options: FrontOptions, request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
  const path = pathOf(request);
  const body = await readBody(request, BODY_LIMIT);
  if (body === undefined) return jsonAnswer(413, '{"message":"Request Entity Too Large"}');
  const mounted = options.mounted();
  if (path === OPERATOR || path.startsWith(`${OPERATOR}/`))
    return refusedCaller(request) ?? toApi(mounted?.operator, request, path.slice(OPERATOR.length) || "/", body);
  if (path === "/_local" || path.startsWith("/_local/"))
    return options.localPages(request, path, body.toString("utf8"));
  const connection = mounted?.socket?.connectionId(path);
  if (connection !== undefined) return toConnection(options, request, connection, body, signal);
  const edge = atEdge(request, path);
  if (edge.to === "viewer") return { status: edge.status, headers: edge.headers, body: "" };
  if (edge.to === "socket") return { status: 426, headers: { upgrade: "websocket" }, body: "" };
  return toApi(mounted?.web, request, edge.path, body);
}

async function toApi(api: HttpApi | undefined, message: IncomingMessage, path: string, body: Buffer): Promise<Answer> {
  if (api === undefined) return NOTHING;
  const query = message.url?.split("?").slice(1).join("?") ?? "";
  return api.handle({ message, path, query, body });
}

async function toConnection(
  { mounted, calls, faults, authorize }: FrontOptions,
  request: IncomingMessage,
  id: string,
  body: Buffer,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const operation = CONNECTION_OPERATIONS[request.method ?? ""];
    if (operation === undefined) throw new AwsError("UnknownOperationException", "", 404);
    if (request.headers.authorization?.startsWith("AWS4-") !== true)
      throw new AwsError("ForbiddenException", "Missing Authentication Token", 403);
    calls.count("execute-api", operation, signingRole(request.headers.authorization));
    await faults.strike("execute-api", operation, signal);
    const asked = Buffer.from(JSON.stringify({ ConnectionId: id }));
    const headers = { authorization: request.headers.authorization };
    authorize({ service: "execute-api", operation, protocol: "rest", headers, body: asked });
    const result = manageConnection(mounted()?.socket?.connections.get(id), operation, body);
    return { ...result, headers: { "content-type": "application/json" } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return errorResponse("rest", error, randomUUID());
  }
}

function write(response: ServerResponse, request: IncomingMessage, { status, headers, body }: Answer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status !== 204) response.setHeader("content-length", Buffer.byteLength(body));
  response.statusCode = status;
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Says what to do about a port that is taken; rethrows any other error. */
function portTaken(error: unknown): never {
  const { code, port } = error as { code?: string; port?: number };
  if (code !== "EADDRINUSE") throw error;
  throw new Error(
    `port ${port} is taken: stop what listens there, or choose another one, such as PORT=${Number(port) + 1}`,
  );
}
