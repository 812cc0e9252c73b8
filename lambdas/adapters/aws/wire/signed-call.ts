import type { CallOptions } from "../client/aws-client.ts";
import { type Environment, required } from "./endpoint.ts";
import { type Answer, httpsTransport, type Transport } from "./https-transport.ts";
import { type Credentials, signatures } from "./signature.ts";

/** An operation's request; header names in lower case. */
export interface Asked {
  readonly url: URL;
  readonly method: "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SignedCalls {
  /** Signs, sends and reads. Throws what a transport throws. */
  ask(asked: Asked, options?: CallOptions): Promise<Answer>;
  /** Signs without sending, and opens a connection to the host. */
  warmUp(asked: Asked, options: CallOptions): Promise<void>;
}

/** Our name in CloudTrail and AWS's logs; not signed, as proxies may change it. */
const USER_AGENT = ["user-agent", "pbx-push-service"] as const;

/**
 * @param service in the scope of a signature
 * @param environment where Lambda keeps Region and credentials
 */
export function signedCalls(
  service: string,
  environment: Environment,
  transport: Transport = httpsTransport(),
): SignedCalls {
  const sign = signatures(service);
  let region: string | undefined;

  function signed({ url, method, headers, body }: Asked) {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const request = { url, method, headers: { ...headers, ...length, host: url.host }, body: body ?? "" };
    const given = sign(
      request,
      (region ??= required(environment, "AWS_REGION")),
      credentialsOf(environment),
      new Date(),
    );
    given.push(...USER_AGENT);
    return { ...request, headers: given };
  }

  return {
    ask: async (asked, options = {}) => transport(signed(asked), options),
    async warmUp(asked, options) {
      signed(asked);
      // Reading the answer to its end frees the connection for the next request.
      const { url } = asked;
      await transport({ url: new URL("/", url), method: "GET", headers: ["host", url.host], body: "" }, options);
    },
  };
}

const credentialsOf = (environment: Environment): Credentials => ({
  accessKeyId: required(environment, "AWS_ACCESS_KEY_ID"),
  secretAccessKey: required(environment, "AWS_SECRET_ACCESS_KEY"),
  sessionToken: environment["AWS_SESSION_TOKEN"] || undefined,
});
