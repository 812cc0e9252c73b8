import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { CONNECTION_TIMES, openConnection, type Connection, type ConnectionTimes } from "./connection.ts";
import type { ApiDefinition } from "../definition.ts";
import { FRAME_LIMIT, MESSAGE_LIMIT, watchFrameSize } from "./frames.ts";
import type { SocketMetric } from "../../metrics/aws-metrics.ts";
import { decode } from "../http/routes.ts";
import { createThrottles } from "../throttle.ts";
import { handshake, newId, requestContext, type ConnectionFacts } from "./events.ts";
import { compileRoutes, type Route } from "./routes.ts";

/** API Gateway's WebSocket front of one API. */
export interface WebSocketApi {
  /** Answers a handshake at a path of this API, as `$connect` decides. */
  upgrade(request: IncomingMessage, path: string, socket: Duplex, head: Buffer): void;
  /** The connection id in a path of `@connections`; undefined for any other path. */
  connectionId(path: string): string | undefined;
  readonly connections: ReadonlyMap<string, Connection>;
  /** Cuts all sockets; their `$disconnect` is no longer sent. */
  stop(): void;
}

/** `$connect`'s answer to a handshake. */
interface Admission {
  readonly status: number;
  readonly protocol?: string | undefined;
}

type Context = ReturnType<typeof requestContext>;

/** Throws a TemplateError for a route that cannot run here. */
export function createWebSocketApi(
  api: ApiDefinition,
  times: ConnectionTimes = CONNECTION_TIMES,
  count: (name: SocketMetric, route: string) => void = () => undefined,
): WebSocketApi {
  const routes = compileRoutes(api);
  const allow = createThrottles(api.stage);
  const connections = new Map<string, Connection>();
  const stagePath = `/${api.stage?.name}`;
  const handshakes = new WeakMap<IncomingMessage, { readonly facts: ConnectionFacts; protocol?: string | undefined }>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT,
    // API Gateway negotiates no compression: an offer of permessage-deflate is left unanswered.
    perMessageDeflate: false,
    // A subprotocol is answered if `$connect` returned it, and only then ("headers" below).
    handleProtocols: () => false,
    // Called once `ws` has found the handshake valid.
    verifyClient: ({ req }, done) => void admit(req, done),
  });
  server.on("headers", (headers, request) => {
    const protocol = handshakes.get(request)?.protocol;
    if (protocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
  });
  let stopped = false;

  const admit = async (request: IncomingMessage, done: (admitted: boolean, status?: number) => void) => {
    const known = handshakes.get(request);
    if (known === undefined) return done(false, 500);
    const { status, protocol } = await onConnect(request, known.facts);
    if (status < 200 || status > 299) return done(false, status);
    known.protocol = protocol;
    if (!request.socket.readable || !request.socket.writable) void onClose(known.facts, 1006, "");
    done(true);
  };

  const onConnect = async (request: IncomingMessage, facts: ConnectionFacts): Promise<Admission> => {
    const route = routes.connect;
    if (route === undefined || typeof route.target === "string") return { status: 200 };
    if (!allow(route.key)) {
      count("ClientError", route.key);
      return { status: 429 };
    }
    count("ConnectCount", route.key);
    const at = facts.connectedAt;
    const context = requestContext(api, facts, { routeKey: route.key, eventType: "CONNECT", at });
    const result = await route.target.invoke({
      ...handshake(request),
      requestContext: context,
      isBase64Encoded: false,
    });
    const answer = result.ok ? answerOf(result.payload) : undefined;
    return answer === undefined ? { status: FAILED_CONNECT } : { status: answer.statusCode, protocol: answer.protocol };
  };

  const onFrame = async (connection: Connection, body: string) => {
    const route = routes.select(body);
    const key = route?.key ?? "$default";
    const context = requestContext(api, connection.facts, { routeKey: key, eventType: "MESSAGE", at: Date.now() });
    count("MessageCount", key);
    if (route === undefined || !allow(key)) {
      count("ClientError", key);
      return connection.send(gatewayFrame(route === undefined ? "Forbidden" : "Too Many Requests", context));
    }
    const reply = await answer(route, context, body, () => count("IntegrationError", key));
    if (reply === undefined) return;
    count("MessageCount", key);
    connection.send(reply);
  };

  const onClose = async (facts: ConnectionFacts, code: number, reason: string) => {
    connections.delete(facts.connectionId);
    const route = routes.disconnect;
    if (stopped || route === undefined || typeof route.target === "string") return;
    const context = {
      ...requestContext(api, facts, { routeKey: route.key, eventType: "DISCONNECT", at: Date.now() }),
      disconnectStatusCode: code,
      disconnectReason: reason,
    };
    await route.target.invoke({ requestContext: context, isBase64Encoded: false });
  };

  const open = (socket: WebSocket, raw: Duplex, facts: ConnectionFacts) => {
    const connection = openConnection(socket, facts, times, (text) => void onFrame(connection, text));
    watchFrameSize(raw, FRAME_LIMIT, () => connection.close(1009, "Frame too large"));
    connections.set(facts.connectionId, connection);
    socket.on("close", (code, reason) => void onClose(facts, code, reason.toString()));
  };

  return {
    connections,
    connectionId: (path) => {
      const prefix = `${stagePath}/@connections/`;
      return path.startsWith(prefix) ? decode(path.slice(prefix.length)) : undefined;
    },
    upgrade(request, path, socket, head) {
      socket.on("error", () => socket.destroy());
      const refusal = refusalOf(request, path, stagePath);
      if (refusal !== undefined) return refuse(socket, refusal.status, refusal.headers);
      const facts = {
        connectionId: newId(),
        connectedAt: Date.now(),
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: request.headers["user-agent"],
      };
      handshakes.set(request, { facts });
      server.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, socket, facts));
    },
    stop() {
      stopped = true;
      for (const connection of connections.values()) connection.drop();
      server.close();
    },
  };
}

/** If the function fails at `$connect`, the handshake ends with 502 (serverless/serverless-websockets-plugin#13). */
const FAILED_CONNECT = 502;
/** In characters (API Gateway's quotas for WebSocket APIs). */
const URL_LIMIT = 4_096;

/**
 * What is wrong with a handshake beyond what `ws` checks. The statuses of the last two are RFC 9110's and RFC 6455's.
 */
function refusalOf({ headers, url = "" }: IncomingMessage, path: string, stagePath: string) {
  if (path !== stagePath) return { status: 403 }; // nothing may follow the stage
  if (`wss://${headers.host}${url}`.length > URL_LIMIT) return { status: 414 };
  if (headers["sec-websocket-version"] !== "13") return { status: 426, headers: { "sec-websocket-version": "13" } };
  return undefined;
}

/** The frame to send back; undefined: none. */
async function answer(
  route: Route,
  context: Context,
  body: string,
  onFailure: () => void,
): Promise<string | undefined> {
  if (typeof route.target === "string") return route.responds ? route.target : undefined;
  const result = await route.target.invoke({ requestContext: context, body, isBase64Encoded: false });
  if (!result.ok) onFailure();
  if (!result.ok) return gatewayFrame("Internal server error", context);
  if (!route.responds) return undefined;
  const response = answerOf(result.payload);
  // What AWS does with an empty body is undocumented (docs/unproven.md); here no frame is sent.
  return response === undefined ? gatewayFrame("Internal server error", context) : response.body || undefined;
}

/** The proxy integration's answer; undefined if malformed. */
function answerOf(payload: unknown) {
  if (typeof payload !== "object" || payload === null) return undefined;
  const { statusCode, body, headers } = payload as { statusCode?: unknown; body?: unknown; headers?: unknown };
  if (typeof statusCode !== "number") return undefined;
  const protocol: unknown = Object.entries(headers ?? {}).find(
    ([name]) => name.toLowerCase() === "sec-websocket-protocol",
  )?.[1];
  return {
    statusCode,
    body: typeof body === "string" ? body : undefined,
    protocol: typeof protocol === "string" ? protocol : undefined,
  };
}

/** A frame that API Gateway sends itself; PBXes do not understand it. */
const gatewayFrame = (message: string, { connectionId, requestId }: Context) =>
  JSON.stringify({ message, connectionId, requestId });

/** Ends a handshake by a plain HTTP answer without a body. */
export function refuse(socket: Duplex, status: number, headers: Readonly<Record<string, string>> = {}): void {
  const lines = Object.entries({ ...headers, "content-length": "0", connection: "close" }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`);
}
