import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { AwsClient } from "aws4fetch";
import * as v from "valibot";

/** The operator's API said no, or did not answer. `error` is its own name for the problem, or `unreachable`. */
export class ApiError extends Error {
  readonly error: string;

  constructor(error: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.error = error;
  }
}

export interface Api {
  /** Answers the body, or undefined where there is none. Throws ApiError. Ends within 15 s. */
  call(method: "GET" | "POST" | "DELETE", path: string, options?: CallOptions): Promise<unknown>;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
}

const TIME_LIMIT = 15_000; // 15 seconds

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/u;

/**
 * The operator's HTTP API. On this machine it is under `/_local/admin` of the local host; elsewhere the address is the
 * API's own execute-api address, and every request is signed (SigV4) with the credentials of the AWS SDK's chain.
 */
export function adminApi(address: string, environment: Readonly<Record<string, string | undefined>>): Api {
  const base = new URL(address);
  const local = LOOPBACK.test(base.hostname);
  const root = `${base.origin}${base.pathname.replace(/\/$/u, "")}${local ? "/_local/admin" : ""}`;
  const send = local ? fetch : signedFetch(base, environment);

  return {
    async call(method, path, { query = {}, body } = {}) {
      const url = new URL(root + path);
      for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
      const response = await reach(url, () =>
        send(url.href, {
          method,
          signal: AbortSignal.timeout(TIME_LIMIT),
          redirect: "error",
          ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
        }),
      );
      const text = await reach(url, () => response.text());
      if (response.ok) return text === "" ? undefined : parse(text);
      throw refusal(response.status, parse(text));
    },
  };
}

function signedFetch(base: URL, environment: Readonly<Record<string, string | undefined>>) {
  const region = /\.execute-api\.([a-z0-9-]+)\./u.exec(base.hostname)?.[1] ?? environment["AWS_REGION"];
  const credentials = defaultProvider();
  return async (url: string, init: RequestInit): Promise<Response> => {
    const client = new AwsClient({
      ...(await credentials()),
      service: "execute-api",
      ...(region !== undefined && { region }),
      retries: 0,
    });
    return client.fetch(url, init);
  };
}

async function reach<T>(url: URL, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new ApiError("unreachable", `cannot ask ${url.origin}: ${reason}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}

const Refused = v.object({ error: v.string(), message: v.string() });
/** What API Gateway itself answers, for instance to a missing right. */
const Gateway = v.object({ message: v.string() });

function refusal(status: number, body: unknown): ApiError {
  if (v.is(Refused, body)) return new ApiError(body.error, body.message);
  return new ApiError(`http-${status}`, v.is(Gateway, body) ? `HTTP ${status}: ${body.message}` : `HTTP ${status}`);
}
