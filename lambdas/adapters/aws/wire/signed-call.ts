import { HttpRequest, type HttpResponse } from "@smithy/core/protocols";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Checksum, RequestHandler, SourceData } from "@smithy/types";
import { createHash, createHmac, createSecretKey } from "node:crypto";
import type { Readable } from "node:stream";
import type { CallOptions } from "../client/aws-client.ts";
import { CALL_LIMIT_MS } from "../client/call.ts";
import type { Environment } from "./endpoint.ts";

/** What an operation asks; header names in lower case. */
export interface Asked {
  readonly url: URL;
  readonly method: "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** An answer read to its end, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The SDK's handler of HTTP, or what stands in for it. */
export type Handler = Pick<RequestHandler<HttpRequest, HttpResponse, CallOptions>, "handle">;

/** AWS's own signer and HTTP handler, and nothing between them. */
export interface SignedCalls {
  /** Signs, sends and reads. Throws Node's error for a connection that fails, one named AbortError for the signal. */
  ask(asked: Asked, options?: CallOptions): Promise<Answer>;
  /** Signs without sending, and opens a connection to the host. */
  warmUp(asked: Asked, options: CallOptions): Promise<void>;
}

/** No answer to what we ask is longer, in bytes: four items of DynamoDB, 400 KB each (its limit), as JSON. */
const LONGEST_ANSWER = 4 << 20;
/** As CloudTrail and the logs of AWS name us. */
const USER_AGENT = "pbx-push-service";

/** Limits are a backstop below every call's own abort signal; in ms. */
const nodeHandler = (): Handler =>
  new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: CALL_LIMIT_MS, throwOnRequestTimeout: true });

/**
 * @param service in the scope of a signature
 * @param environment read at every call: Lambda keeps Region and credentials there
 */
export function signedCalls(service: string, environment: Environment, handler: Handler = nodeHandler()): SignedCalls {
  const signer = new SignatureV4({
    service,
    region: () => Promise.resolve(regionOf(environment)),
    credentials: () => Promise.resolve(credentialsOf(environment)),
    sha256: Sha256,
  });

  function sign({ url, method, headers, body }: Asked) {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const all = { ...headers, ...length, host: url.host, "user-agent": USER_AGENT };
    return signer.sign(new HttpRequest({ ...targetOf(url), path: url.pathname, method, headers: all, body }));
  }

  return {
    async ask(asked, options = {}) {
      const { response } = await handler.handle((await sign(asked)) as HttpRequest, options);
      return read(response);
    },
    async warmUp(asked, options) {
      await sign(asked);
      const visit = new HttpRequest({
        ...targetOf(asked.url),
        method: "GET",
        path: "/",
        headers: { host: asked.url.host },
      });
      // Read to its end, the answer leaves its connection to the next request.
      await read((await handler.handle(visit, options)).response);
    },
  };
}

/** For the signer, as the SDK's own, but that a key is made a KeyObject first: it halves a signature's CPU (docs/operate/performance.md). */
class Sha256 implements Checksum {
  readonly #hash;
  constructor(secret?: SourceData) {
    this.#hash =
      secret === undefined
        ? createHash("sha256")
        : createHmac("sha256", createSecretKey(Buffer.from(secret as Uint8Array)));
  }
  update(data: Uint8Array) {
    this.#hash.update(data);
  }
  digest() {
    return Promise.resolve(this.#hash.digest());
  }
  reset() {
    throw new Error("the signer makes a new one each time");
  }
}

export const regionOf = (environment: Environment): string => required(environment, "AWS_REGION");

function credentialsOf(environment: Environment) {
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  return {
    accessKeyId: required(environment, "AWS_ACCESS_KEY_ID"),
    secretAccessKey: required(environment, "AWS_SECRET_ACCESS_KEY"),
    ...(sessionToken && { sessionToken }),
  };
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`environment variable ${name} is not set`);
  return value;
}

const targetOf = ({ protocol, hostname, port }: URL) => ({
  protocol,
  hostname,
  ...(port !== "" && { port: Number(port) }),
});

function read({ statusCode: status, headers, body }: HttpResponse): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stream = body as Readable;
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_ANSWER) stream.destroy(new Error(`the answer is longer than ${LONGEST_ANSWER} bytes`));
    });
    stream.once("error", reject);
    stream.once("end", () => resolve({ status, headers, body: Buffer.concat(chunks).toString("utf8") }));
  });
}
