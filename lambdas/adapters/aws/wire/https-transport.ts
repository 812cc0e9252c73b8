import http from "node:http";
import https from "node:https";
import type { CallOptions } from "../client/aws-client.ts";

export interface Signed {
  readonly url: URL;
  readonly method: string;
  /** Names and values in turn, including the host and the body's length. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** An answer read to its end, whatever its status; header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends and reads to the end. Throws Node's error if the connection fails, an AbortError after the signal. */
export type Transport = (request: Signed, options: CallOptions) => Promise<Answer>;

/** Longest answer to our requests, in bytes: four DynamoDB items, 400 KB each (its limit), as JSON. */
const LONGEST_ANSWER = 4 << 20;
/** Limit for a new connection, in ms; every call has its own limit too (call.ts). */
const CONNECT_LIMIT_MS = 1_000;
/** The SDK's default. */
const MOST_CONNECTIONS = 50;

/** Node's own HTTP(S), connections kept alive. */
export function httpsTransport(): Transport {
  const settings = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
  const agents = { "https:": new https.Agent(settings), "http:": new http.Agent(settings) };

  return ({ url, method, headers, body }, { abortSignal }) =>
    new Promise((resolve, reject) => {
      if (abortSignal?.aborted === true) return reject(aborted());
      const secure = url.protocol === "https:";
      const request = (secure ? https : http).request({
        agent: agents[secure ? "https:" : "http:"],
        host: url.hostname.replace(/^\[|\]$/gu, ""),
        port: url.port || undefined,
        path: url.pathname,
        method,
        headers,
      });
      const abort = () => request.destroy(aborted());
      // Never removed: once the request has ended, it does nothing.
      abortSignal?.addEventListener("abort", abort, { once: true });
      request.on("error", reject);
      request.once("socket", (socket) => {
        if (!socket.connecting) return;
        const timer = setTimeout(() => request.destroy(timedOut()), CONNECT_LIMIT_MS);
        const connected = () => clearTimeout(timer);
        socket.once(secure ? "secureConnect" : "connect", connected).once("close", connected);
      });
      request.once("response", (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > LONGEST_ANSWER) response.destroy(new Error(`the answer is longer than ${LONGEST_ANSWER} bytes`));
        });
        response.on("error", reject);
        response.once("end", () => {
          const [only = Buffer.alloc(0)] = chunks;
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: (chunks.length > 1 ? Buffer.concat(chunks) : only).toString("utf8"),
          });
        });
      });
      request.end(body === "" ? undefined : body);
    });
}

const aborted = () => Object.assign(new Error("the call was ended"), { name: "AbortError" });
const timedOut = () => Object.assign(new Error("no connection in time"), { name: "TimeoutError" });
