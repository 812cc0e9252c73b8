import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import * as v from "valibot";
import type { AdminAnswers } from "../../lambdas/handlers/admin/wire.ts";
import { awsCredentials } from "../shared/credentials.ts";
import { Failure, reasonOf } from "../shared/failure.ts";
import { excerpt } from "../shared/terminal.ts";

/** The operator's API refused, or did not answer. `error` is the API's name for the problem, or `unreachable`. */
export class ApiError extends Failure {}

type Method = "GET" | "POST" | "DELETE";
/** Paths that take a method. */
type PathOf<M extends Method, R = keyof AdminAnswers> = R extends `${M} ${infer P}` ? P : never;
type AnswerTo<M extends Method, P extends PathOf<M>> = `${M} ${P}` extends keyof AdminAnswers
  ? AdminAnswers[`${M} ${P}`]
  : never;

export interface Api {
  /** Throws ApiError. Each attempt ends within 15 s; a throttled one is repeated up to five times. */
  call<M extends Method, P extends PathOf<M>>(method: M, path: P, options?: CallOptions): Promise<AnswerTo<M, P>>;
}

export interface AdminApi extends Api {
  /** Base of the API, as requests reach it. */
  readonly url: string;
}

interface CallOptions {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
}

const TIME_LIMIT_MS = 15_000;
/** Pauses after a 429, in ms: a throttled request has had no effect. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000];

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/u;

/**
 * The operator's HTTP API. On this machine it is under `/_local/admin` of the local host; elsewhere the address is the
 * API's own execute-api address, and every request is signed (SigV4) with the credentials of the AWS SDK's chain.
 */
export function adminApi(address: string, environment: Readonly<Record<string, string | undefined>>): AdminApi {
  const base = new URL(address);
  const local = LOOPBACK.test(base.hostname);
  const root = base.origin + (local ? "/_local/admin" : base.pathname.replace(/\/$/u, ""));
  const send = local ? fetch : signedFetch(base, environment);

  async function attempt(url: URL, method: Method, body: object | undefined) {
    try {
      const response = await send(url.href, {
        method,
        signal: AbortSignal.timeout(TIME_LIMIT_MS),
        redirect: "error",
        ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      if (error instanceof Failure) throw error;
      const hint = local ? "start the local host with npm start, or name a stage's API by --url or ADMIN_URL" : "";
      throw new ApiError("unreachable", `cannot ask ${url.origin}: ${reasonOf(error)}${hint && `; ${hint}`}`);
    }
  }

  return {
    url: root,
    async call<M extends Method, P extends PathOf<M>>(method: M, path: P, { query = {}, body }: CallOptions = {}) {
      const url = new URL(root + path);
      for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
      let { status, text } = await attempt(url, method, body);
      for (const pause of PAUSES_MS) {
        if (status !== 429) break;
        await sleep(pause);
        ({ status, text } = await attempt(url, method, body));
      }
      return answerOf(url, status, text) as AnswerTo<M, P>;
    },
  };
}

function signedFetch(base: URL, environment: Readonly<Record<string, string | undefined>>) {
  const region = /\.execute-api\.([a-z0-9-]+)\./u.exec(base.hostname)?.[1] ?? environment["AWS_REGION"];
  return async (url: string, init: RequestInit): Promise<Response> => {
    const client = new AwsClient({
      ...(await awsCredentials()),
      service: "execute-api",
      ...(region !== undefined && { region }),
      retries: 0,
    });
    return client.fetch(url, init);
  };
}

const Refused = v.object({ error: v.string(), message: v.string() });
/** API Gateway's own answer, for instance if a right is missing. */
const Gateway = v.object({ message: v.string() });

function answerOf(url: URL, status: number, text: string): unknown {
  const body = text === "" ? undefined : parse(text);
  const isOurs = body === undefined || (typeof body === "object" && body !== null && !Array.isArray(body));
  if (status < 300 && isOurs) return body;
  if (status >= 300 && v.is(Refused, body)) throw new ApiError(body.error, body.message);
  const said = v.is(Gateway, body) ? body.message : excerpt(text);
  const answer = `HTTP ${status}${said && `: ${said}`}`;
  if (status < 300 || (status === 404 && !v.is(Gateway, body)))
    throw new ApiError("answer", `${url.origin} is not the operator's API of a push service: it answers ${answer}`);
  throw new ApiError(`http-${status}`, `${url.origin} answers ${answer}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
