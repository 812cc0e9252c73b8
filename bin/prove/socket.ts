import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { reasonOf } from "../shared/failure.ts";
import { loginFrame } from "../pbx/protocol/frames.ts";
import { socketUrl } from "../pbx/url.ts";
import type { Login } from "../story/world.ts";

/** One frame as it came. */
export interface Frame {
  readonly text: string;
  readonly binary: boolean;
}

/** A bare WebSocket that sends only what a proof sends. */
export interface Socket {
  send(data: string | Buffer): void;
  ping(): void;
  /** Whether a pong came within so many ms. */
  pong(withinMs: number): Promise<boolean>;
  /** The extensions that the other side agreed to, as it wrote them; empty: none. */
  readonly extensions: string;
  /** The next frame not taken yet, or undefined after so many ms. */
  frame(withinMs: number): Promise<Frame | undefined>;
  /** The close code, or undefined if the connection is still open after so many ms. */
  closed(withinMs: number): Promise<number | undefined>;
  end(): void;
}

/** Limit for a connect and for each answer, in ms. */
export const PATIENCE = 10_000;

export interface Opening {
  readonly headers?: Readonly<Record<string, string>>;
  /** Offers permessage-deflate. */
  readonly deflate?: boolean;
}

/** Rejects with an Error that names address and reason. */
export async function open(address: string, { headers = {}, deflate = false }: Opening = {}): Promise<Socket> {
  const url = socketUrl(address);
  const socket = new WebSocket(url, { headers, handshakeTimeout: PATIENCE, perMessageDeflate: deflate });
  const frames: Frame[] = [];
  const changed = new EventTarget();
  const tell = () => void changed.dispatchEvent(new Event("change"));
  let code: number | undefined;
  let ponged = false;
  socket.on("message", (data, binary) => {
    frames.push({ text: (data as Buffer).toString("utf8"), binary });
    tell();
  });
  socket.on("close", (value) => {
    code = value;
    tell();
  });
  socket.on("pong", () => {
    ponged = true;
    tell();
  });
  try {
    await once(socket, "open");
  } catch (error) {
    throw new Error(`cannot connect to ${url.href}: ${reasonOf(error)}`, { cause: error });
  }
  socket.on("error", () => undefined); // `closed` reports its end

  /** Checks immediately and after every change, until time is up or nothing can change any more. */
  async function wait<T>(look: () => T | undefined, ms: number): Promise<T | undefined> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      tell();
    }, ms);
    for (;;) {
      const found = look();
      if (found === undefined && !late && code === undefined) await once(changed, "change");
      else {
        clearTimeout(timer);
        return found;
      }
    }
  }

  return {
    send: (data) => socket.send(data),
    ping: () => socket.ping(),
    pong: async (ms) => (await wait(() => ponged || undefined, ms)) === true,
    extensions: socket.extensions,
    frame: (ms) => wait(() => frames.shift(), ms),
    closed: (ms) => wait(() => code, ms),
    end: () => socket.terminate(),
  };
}

/** Sends a frame and takes the next one. Rejects with an Error when none comes. */
export async function ask(socket: Socket, text: string): Promise<Frame> {
  socket.send(text);
  const frame = await socket.frame(PATIENCE);
  if (frame === undefined) throw new Error(`no answer within ${PATIENCE / 1_000} s to ${text.slice(0, 40)}`);
  return frame;
}

/** Connects and logs in as a PBX. Rejects with an Error when either fails. */
export async function logIn(address: string, login: Login, opening?: Opening): Promise<Socket> {
  const socket = await open(address, opening);
  try {
    const { challenge } = body(await ask(socket, '{"mt":"AppChallenge"}'));
    if (typeof challenge !== "string") throw new Error("AppChallenge brought no challenge");
    const { ok, error } = body(await ask(socket, loginFrame(socketUrl(address), login, challenge)));
    if (ok !== true) throw new Error(`the login was refused: ${String(error)}`);
    return socket;
  } catch (error) {
    socket.end();
    throw error;
  }
}

/** The members of a frame; empty if it is no JSON object. */
export function body({ text }: Frame): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

export const pause = (ms: number): Promise<void> => sleep(ms);
