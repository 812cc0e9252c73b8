import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { loginDigest } from "../../../bin/pbx/protocol/digest.ts";

type Body = Record<string, unknown>;
type Answer = (body: Body, socket: WebSocket) => void;

export interface FakeService {
  readonly url: string;
  /** Every text received, oldest first. */
  readonly received: string[];
  readonly sockets: ReadonlySet<WebSocket>;
  bodies(mt: string): Body[];
  close(): Promise<void>;
}

export interface FakeOptions {
  readonly secret?: string;
  /** Replaces the answers to messages by name. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** Answers plain HTTP requests. */
  readonly http?: RequestListener;
  readonly port?: number;
  /** Path of its WebSocket; default `/push/ws`. */
  readonly path?: string;
}

export const say = (socket: WebSocket, body: Body) => socket.send(JSON.stringify(body));
export const SECRET = "Abcdefgh1234567";

/** A minimal push service after docs/protocol.md, which accepts every post. */
async function fakeService(options: FakeOptions = {}): Promise<FakeService> {
  const received: string[] = [];
  const challenge = "577fb2b83962c53a";
  const rightDigest = (body: Body, text: string) => {
    const { app, domain, sip, guid, dn, digest } = body as Record<string, string>;
    const info = /"info":(\{.*\})\}$/su.exec(text)?.[1];
    const fields = { app: app ?? "", domain: domain ?? "", sip: sip ?? "", guid: guid ?? "", dn: dn ?? "" };
    return (
      digest === loginDigest({ ...fields, ...(info !== undefined && { info }) }, challenge, options.secret ?? SECRET)
    );
  };
  const answer = (body: Body, text: string, socket: WebSocket) => {
    const echo = Object.fromEntries(["api", "src"].flatMap((name) => (name in body ? [[name, body[name]]] : [])));
    const other = options.answers?.[body.mt as string];
    if (other) other(body, socket);
    else if (body.mt === "AppChallenge") say(socket, { mt: "AppChallengeResult", challenge });
    else if (body.mt === "AppLogin" && rightDigest(body, text)) say(socket, { mt: "AppLoginResult", ok: true });
    else if (body.mt === "AppLogin") say(socket, { mt: "AppLoginResult", ok: false, error: "Denied", errorText: "no" });
    else if (body.mt === "KeepAlive") say(socket, { mt: "KeepAliveResult" });
    else if (body.mt === "PushNotifyPost") say(socket, { mt: "PushNotifyPostResult", ...echo });
  };

  const http = createServer(options.http ?? ((_, response) => void response.writeHead(404).end()));
  const server = new WebSocketServer({ server: http, path: options.path ?? "/push/ws" });
  server.on("error", () => undefined);
  server.on("connection", (socket) => {
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer) => {
      const text = data.toString("utf8");
      received.push(text);
      answer(JSON.parse(text) as Body, text, socket);
    });
  });
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    received,
    sockets: server.clients,
    bodies: (mt) => received.map((text) => JSON.parse(text) as Body).filter((body) => body.mt === mt),
    close: async () => {
      server.clients.forEach((socket) => socket.terminate());
      server.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Starts fake services for a test file; each ends with its test. */
export function useFakeService(): (options?: FakeOptions) => Promise<FakeService> {
  const services: FakeService[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((each) => each.close()));
  });
  return async (options) => {
    const started = await fakeService(options);
    services.push(started);
    return started;
  };
}
