import { createHash } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";
import { WAIT_MS } from "./waiting.ts";

/** A socket that sends given frames and returns text frames one by one, for tests of the wire protocol itself. */
export interface RawSocket {
  send(frame: object | string): void;
  sendRaw(data: string | Buffer, options?: { binary?: boolean; fin?: boolean }): void;
  /** The next text frame not taken yet, parsed. */
  next(): Promise<Message>;
  /** Frames not taken yet that arrived before the answer to a KeepAlive. */
  rest(): Promise<Message[]>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(): void;
}

export type Message = Readonly<Record<string, unknown>> & { readonly mt: string };

export async function openSocket(url: string, headers: Record<string, string> = {}): Promise<RawSocket> {
  const socket = new WebSocket(url, { headers, maxPayload: 1 << 20 });
  const waiting: ((message: Message) => void)[] = [];
  const arrived: Message[] = [];
  socket.on("message", (data: Buffer, binary: boolean) => {
    const text = data.toString("utf8");
    const message = binary ? { mt: "(binary)", text } : (JSON.parse(text) as Message);
    const taker = waiting.shift();
    if (taker === undefined) arrived.push(message);
    else taker(message);
  });
  const closed = new Promise<number>((resolve) => socket.on("close", (code: number) => resolve(code)));
  await once(socket, "open");
  const next = () =>
    new Promise<Message>((resolve, reject) => {
      const first = arrived.shift();
      if (first !== undefined) return resolve(first);
      const timer = setTimeout(() => reject(new Error(`no frame within ${WAIT_MS} ms`)), WAIT_MS);
      timer.unref(); // A frame that nobody awaits any more keeps no process running.
      waiting.push((message) => {
        clearTimeout(timer);
        resolve(message);
      });
    });
  return {
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    sendRaw: (data, options = {}) => socket.send(data, options),
    next,
    rest: async () => {
      socket.send('{"mt":"KeepAlive"}');
      const others: Message[] = [];
      for (let message = await next(); message.mt !== "KeepAliveResult"; message = await next()) others.push(message);
      return others;
    },
    closed,
    close: () => socket.close(),
  };
}

export interface LoginOptions {
  readonly account: string;
  readonly secret: string;
  /** Text of `info` exactly as in the frame; none if absent. */
  readonly info?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** The text of an AppLogin, its digest computed here from docs/protocol.md and not by the code under test. */
export function loginFrame({ account, secret, info, fields = {} }: LoginOptions, challenge: string): string {
  const login = { app: "ws", domain: account, sip: "push", guid: "0123", dn: "Push", ...fields };
  const { app, domain, sip, guid, dn } = login;
  const segments = [app, domain, sip, guid, dn, ...(info === undefined ? [] : [info]), challenge, secret];
  const digest = createHash("sha256").update(segments.join(":")).digest("hex");
  const text = JSON.stringify({ mt: "AppLogin", ...login, digest });
  return info === undefined ? text : `${text.slice(0, -1)},"info":${info}}`;
}

export async function challengeOf(socket: RawSocket): Promise<string> {
  socket.send({ mt: "AppChallenge" });
  const { challenge } = await socket.next();
  return String(challenge);
}

/** AppChallenge and AppLogin; returns the AppLoginResult. */
export async function logIn(socket: RawSocket, options: LoginOptions): Promise<Message> {
  socket.send(loginFrame(options, await challengeOf(socket)));
  return socket.next();
}

/** A logged-in socket. Rejects with the AppLoginResult if the login is refused. */
export async function openSession({ wsUrl }: { readonly wsUrl: string }, options: LoginOptions): Promise<RawSocket> {
  const socket = await openSocket(wsUrl);
  const result = await logIn(socket, options);
  if (result["ok"] !== true) throw new Error(`login: ${JSON.stringify(result)}`);
  return socket;
}
