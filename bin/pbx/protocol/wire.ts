import { WebSocket, type RawData } from "ws";
import { reasonOf } from "../../shared/failure.ts";
import { pbxError } from "../errors.ts";

/** A JSON object with `mt`, as it came; `text` is the frame itself. */
export interface Message {
  readonly mt: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** How a connection ended: close code (1006 = without a close frame) and reason. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface WireOptions {
  readonly url: URL;
  /** Ends an unanswered connect, in ms. */
  readonly connectMs: number;
  /** Offer permessage-deflate. */
  readonly deflate: boolean;
  /** Longer texts go out in continuation frames of this many bytes, as the PHP client does. */
  readonly fragmentBytes?: number;
}

export interface Hearer {
  message(message: Message): void;
  /** Called for an invalid frame: binary, not JSON, no object, or no `mt`. */
  violation(what: string): void;
}

/** One WebSocket that carries JSON texts. */
export interface Wire {
  /** Rejects with `unreachable`. */
  readonly opened: Promise<void>;
  /** Never rejects. */
  readonly closed: Promise<Closed>;
  send(text: string): void;
  /** From now on frames go to this hearer only. */
  hear(hearer: Hearer): void;
  close(): void;
  /** Ends the connection without a close handshake; `closed` has the reason. */
  drop(reason: string): void;
}

/**
 * Largest frame that a PBX library takes, in bytes (docs/protocol.md, Connection); ws closes with 1009 on a larger one.
 */
const MAX_FRAME = 16_384;
/** How long to wait for the server's answer to our close frame, in ms. */
const CLOSE_MS = 2_000;

export function openWire(options: WireOptions): Wire {
  const socket = new WebSocket(options.url, {
    handshakeTimeout: options.connectMs,
    perMessageDeflate: options.deflate,
    maxPayload: MAX_FRAME,
    allowSynchronousEvents: false, // a reader that awaits one message can change the listener before the next
  });
  let hearer: Hearer | undefined;
  let failure: Error | undefined;
  let dropped: string | undefined;

  const closed = new Promise<Closed>((resolve) => {
    socket.on("close", (code, reason) => {
      resolve({ code, reason: dropped ?? (reason.toString("utf8") || (failure?.message ?? "")) });
    });
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("unexpected-response", (request, response) => {
      const status = response.statusCode ?? 0;
      request.destroy();
      reject(
        pbxError(`${options.url.href} answered HTTP ${status} instead of a WebSocket`, { kind: "unreachable", status }),
      );
    });
    socket.on("error", (error) => {
      failure = error;
      reject(pbxError(`cannot connect to ${options.url.href}: ${reasonOf(error)}`, { kind: "unreachable" }));
    });
  });
  opened.catch(() => undefined); // `closed` reports it too

  socket.on("message", (data, isBinary) => {
    if (dropped !== undefined) return;
    if (isBinary) return hearer?.violation("a binary frame");
    const message = readMessage(textOf(data));
    if (typeof message === "string") hearer?.violation(message);
    else hearer?.message(message);
  });

  return {
    opened,
    closed,
    hear: (next) => {
      hearer = next;
    },
    send: (text) => sendText(socket, text, options.fragmentBytes),
    close: () => {
      socket.close(1000);
      const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
      void closed.then(() => clearTimeout(timer));
    },
    drop: (reason) => {
      dropped ??= reason;
      socket.terminate();
    },
  };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString("utf8");
}

/** The message, or what is wrong with it. */
function readMessage(text: string): Message | string {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null || Array.isArray(body)) return `a frame that is no object: ${shown}`;
    const fields = body as Readonly<Record<string, unknown>>;
    return typeof fields.mt === "string" ? { mt: fields.mt, body: fields, text } : `a frame without mt: ${shown}`;
  } catch {
    return `a frame that is no JSON: ${shown}`;
  }
}

function sendText(socket: WebSocket, text: string, fragmentBytes = Infinity): void {
  if (socket.readyState !== WebSocket.OPEN) return; // `closed` reports the end
  const bytes = Buffer.from(text, "utf8");
  for (let from = 0; from === 0 || from < bytes.length; from += fragmentBytes) {
    const to = Math.min(from + fragmentBytes, bytes.length);
    socket.send(bytes.subarray(from, to), { binary: false, fin: to === bytes.length });
  }
}
