import middy from "@middy/core";
import type { APIGatewayProxyStructuredResultV2, APIGatewayProxyWebsocketEventV2 } from "aws-lambda";
import { viewerAddress } from "./viewer-address.ts";
import type { Reporter } from "../ports/telemetry.ts";

/** One event of a socket, whatever host it came through. */
export interface SocketRequest {
  readonly kind: "connect" | "message" | "disconnect";
  readonly connectionId: string;
  /** Address of the PBX; known at `connect` only behind a CDN (docs/aws.md). */
  readonly source: string;
  /** The text frame; empty except for a message. */
  readonly text: string;
  /** When the frame reached API Gateway, Unix ms. */
  readonly arrivedAt: number;
}

/** In place of a reply: the socket must not open. */
export const REFUSED = Symbol("refused");

export interface SocketOptions {
  readonly telemetry: Reporter;
  /** Names the function in the metric of unexpected errors. */
  readonly name: string;
  /** The answer after an unexpected error: a message of the PBX's protocol, never API Gateway's own. */
  readonly failure: (text: string) => string;
  /** Header in which the CDN in front puts the client's address; absent: API Gateway's peer is the client. */
  readonly addressHeader?: string | undefined;
}

type Event = APIGatewayProxyWebsocketEventV2 & { readonly headers?: Readonly<Record<string, string | undefined>> };
type Result = APIGatewayProxyStructuredResultV2;

const KINDS = { CONNECT: "connect", MESSAGE: "message", DISCONNECT: "disconnect" } as const;

/**
 * The socket stack: API Gateway's WebSocket event in; the text that `handle` returns goes back through the route
 * response. The function never throws; a connect that failed is refused with 503, so that the PBX tries again.
 */
export function socket(
  handle: (request: SocketRequest) => Promise<string | typeof REFUSED | undefined>,
  options: SocketOptions,
) {
  const { telemetry } = options;
  return middy<Event, Result>(async (event: Event) => {
    const text = await handle(toRequest(event, options.addressHeader));
    if (text === REFUSED) return { statusCode: 429 };
    return text === undefined ? { statusCode: 200 } : { statusCode: 200, body: text };
  })
    .before(({ event: { requestContext } }) => {
      const { connectionId, requestId, routeKey } = requestContext;
      telemetry.begin({ connectionId, requestId, route: routeKey });
    })
    .after(() => telemetry.flush())
    .onError((request) => {
      const { event, error } = request;
      telemetry.log("error", "frame failed", { error: error?.message, kind: error?.name });
      telemetry.metric("Unexpected", 1, { outcome: options.name });
      telemetry.flush();
      request.response =
        event.requestContext.eventType === "MESSAGE"
          ? { statusCode: 200, body: options.failure(event.body ?? "") }
          : { statusCode: 503 };
    });
}

function toRequest(event: Event, addressHeader: string | undefined): SocketRequest {
  const { connectionId, eventType, requestTimeEpoch } = event.requestContext;
  return {
    kind: KINDS[eventType],
    connectionId,
    source: sourceOf(event, addressHeader),
    text: event.body ?? "",
    arrivedAt: requestTimeEpoch,
  };
}

function sourceOf(event: Event, addressHeader: string | undefined): string {
  const { identity } = event.requestContext as { identity?: { sourceIp?: string } };
  const name = Object.keys(event.headers ?? {}).find((header) => header.toLowerCase() === addressHeader?.toLowerCase());
  const viewer = name === undefined ? undefined : viewerAddress(event.headers?.[name]);
  return viewer ?? identity?.sourceIp ?? "";
}
