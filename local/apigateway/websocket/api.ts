import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { CONNECTION_TIMES, openConnection, type Connection, type ConnectionTimes } from "./connection.ts";
import type { ApiDefinition } from "../definition.ts";
import { FRAME_LIMIT, MESSAGE_LIMIT, watchFrameSize } from "./frames.ts";
import type { SocketMetric } from "../../metrics/aws-metrics.ts";
import { createThrottles } from "../throttle.ts";
import { handshake, newId, requestContext, type ConnectionFacts } from "./events.ts";
import { compileRoutes, type Route } from "./routes.ts";

/** API Gateway's WebSocket front of one API. */
export interface WebSocketApi {
  /** A handshake that arrived: `$connect` decides. Never rejects. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  readonly connections: ReadonlyMap<string, Connection>;
  /** Cuts all sockets; their `$disconnect` is no longer told. */
  stop(): void;
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
  // API Gateway negotiates no compression: an offer of permessage-deflate is left unanswered.
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MESSAGE_LIMIT });
  let stopped = false;

  const onConnect = async (request: IncomingMessage, facts: ConnectionFacts): Promise<number> => {
    const route = routes.connect;
    if (route === undefined || typeof route.target === "string") return 200;
    if (!allow(route.key)) {
      count("ClientError", route.key);
      return 429;
    }
    count("ConnectCount", route.key);
    const at = facts.connectedAt;
    const context = requestContext(api, facts, { routeKey: route.key, eventType: "CONNECT", at });
    const result = await route.target.invoke({ ...handshake(request), requestContext: context, isBase64Encoded: false });
    return result.ok ? (answerOf(result.payload)?.statusCode ?? 500) : 500;
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
    async upgrade(request, socket, head) {
      socket.on("error", () => socket.destroy());
      const facts = {
        connectionId: newId(),
        connectedAt: Date.now(),
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: request.headers["user-agent"],
      };
      const status = await onConnect(request, facts);
      if (status < 200 || status > 299) return refuse(socket, status);
      if (socket.destroyed) return onClose(facts, 1006, "");
      server.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, socket, facts));
    },
    stop() {
      stopped = true;
      for (const connection of connections.values()) connection.drop();
      server.close();
    },
  };
}

/** What goes back to the socket; undefined is nothing. */
async function answer(route: Route, context: Context, body: string, onFailure: () => void): Promise<string | undefined> {
  if (typeof route.target === "string") return route.responds ? route.target : undefined;
  const result = await route.target.invoke({ requestContext: context, body, isBase64Encoded: false });
  if (!result.ok) onFailure();
  if (!result.ok) return gatewayFrame("Internal server error", context);
  if (!route.responds) return undefined;
  const response = answerOf(result.payload);
  // What AWS makes of an empty body is undocumented (docs/unproven.md); here it is nothing.
  return response === undefined ? gatewayFrame("Internal server error", context) : response.body || undefined;
}

/** The proxy integration's answer; undefined if it has not its form. */
function answerOf(payload: unknown): { readonly statusCode: number; readonly body: string | undefined } | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const { statusCode, body } = payload as { statusCode?: unknown; body?: unknown };
  if (typeof statusCode !== "number") return undefined;
  return { statusCode, body: typeof body === "string" ? body : undefined };
}

/** A frame that API Gateway sends by itself: no PBX understands it. */
const gatewayFrame = (message: string, { connectionId, requestId }: Context) =>
  JSON.stringify({ message, connectionId, requestId });

export function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}
