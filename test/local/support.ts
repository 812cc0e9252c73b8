import WebSocket from "ws";
import { eventually } from "../support/process/waiting.ts";

/** A socket that keeps every frame it got. */
export interface Client {
  readonly socket: WebSocket;
  readonly frames: string[];
  /** Resolves with the next frame that meets the condition, including one that has already arrived. */
  next(condition?: (frame: string) => boolean): Promise<string>;
  readonly closed: Promise<number>;
  send(value: object | string | Buffer): void;
}

export async function open(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(url, { headers });
  const frames: string[] = [];
  socket.on("message", (data: Buffer) => frames.push(data.toString()));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
    socket.on("unexpected-response", (_, response) => reject(new Error(`status ${response.statusCode}`)));
  });
  return {
    socket,
    frames,
    closed,
    next: (condition = () => true) =>
      eventually(() => {
        const index = frames.findIndex(condition);
        return index < 0 ? undefined : frames.splice(index, 1)[0];
      }),
    send: (value) => socket.send(typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value)),
  };
}

/** Client options of an AWS SDK against a host's AWS endpoint. */
export const awsOptions = (endpoint: string) => ({
  endpoint,
  region: "eu-west-1",
  maxAttempts: 1,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
