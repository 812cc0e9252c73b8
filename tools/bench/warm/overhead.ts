import { loginFrame } from "../../../bin/pbx/protocol/frames.ts";
import { ACCOUNT, CHALLENGE, CODE, LINK, NEW, REGISTRATION, SECRET } from "./aws-answers.ts";
import { barePublish, functions, loudReporter, silentReporter } from "./functions.ts";
import type { Reporter } from "../../../lambdas/ports/telemetry.ts";
import { message, post, socketEvent, tokenOf } from "../events.ts";
import { percentiles, type Percentiles } from "../../shared/percentiles.ts";

/** Our time and the SDK's for one event, without the network: in ms, and in s of CPU for 10,000 of them. */
export interface Overhead extends Percentiles {
  readonly cpuPer10k: number;
  /** AWS calls per event, which show that the right operation was measured. */
  readonly calls: number;
}

export interface Overheads {
  readonly operations: Readonly<Record<string, Overhead>>;
  /** The warm post without log lines and metrics. */
  readonly silentPost: Overhead;
  /**
   * One Publish by the SDK with its defaults: the least that any service on SNS costs, on this machine at this time.
   */
  readonly barePublish: Overhead;
}

const ROUNDS = 5;

type Handler = (event: never, context: never) => Promise<unknown>;
interface Operation {
  readonly handler: Handler;
  readonly event: (number: number) => object;
  /** What the answer must match, as failed events must not be measured. */
  readonly answer: RegExp;
  /** AWS calls so far. */
  readonly calls: () => number;
}

/**
 * Every operation on a PBX's path, `count` times each.
 *
 * @param warmUp events before the first that counts: the code is compiled and optimised by then
 */
export async function overheads(count: number, warmUp = 1_000): Promise<Overheads> {
  const log = loudReporter();
  try {
    const loud = operationsOf(log.reporter);
    const silent = operationsOf(silentReporter)["post, warm"];
    const bare = barePublishes();
    // Posts first: the push function's execution environment never runs other functions' code, so V8 should not have
    // either. In turns, so that other load on this machine affects both.
    const [warm, silentPost, barePublish] = await inTurns([loud["post, warm"], silent, bare], warmUp, count);
    const operations: Record<string, Overhead> = { "post, warm": warm };
    for (const [name, operation] of Object.entries(loud)) {
      if (name !== "post, warm") operations[name] = summary(await run(operation, warmUp, count));
    }
    return { operations, silentPost, barePublish };
  } finally {
    log.close();
  }
}

/** Warm posts to run under a profiler, including log lines and metrics. */
export function warmPosts(): { readonly run: (count: number) => Promise<unknown>; readonly close: () => void } {
  const log = loudReporter();
  const post = operationsOf(log.reporter)["post, warm"];
  return { run: (count) => run(post, 0, count), close: () => log.close() };
}

type Three<T> = readonly [T, T, T];

async function inTurns(operations: Three<Operation>, warmUp: number, count: number): Promise<Three<Overhead>> {
  const runs: Three<Run[]> = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, operation] of operations.entries()) {
      runs[index]?.push(await run(operation, round === 0 ? warmUp : 0, count / ROUNDS));
    }
  }
  const [a, b, c] = runs;
  return [summary(joined(a)), summary(joined(b)), summary(joined(c))];
}

/** Times of single events in ms; total CPU in s and total AWS calls. */
interface Run {
  readonly times: readonly number[];
  readonly cpu: number;
  readonly calls: number;
}

const joined = (runs: readonly Run[]): Run => ({
  times: runs.flatMap(({ times }) => times),
  cpu: runs.reduce((sum, { cpu }) => sum + cpu, 0),
  calls: runs.reduce((sum, { calls }) => sum + calls, 0),
});
const summary = ({ times, cpu, calls }: Run): Overhead => ({
  ...percentiles(times),
  cpuPer10k: (cpu / times.length) * 10_000,
  calls: calls / times.length,
});

async function run({ handler, event, answer, calls }: Operation, warmUp: number, count: number): Promise<Run> {
  const once = async (number: number) => {
    const given = event(number);
    const startedAt = performance.now();
    const result = await handler(given as never, {} as never);
    const ms = performance.now() - startedAt;
    const text = textOf(result as Answered);
    if (!answer.test(text)) throw new Error(`an event of the bench failed: ${text}`);
    return ms;
  };
  for (let number = 1; number <= warmUp; number += 1) await once(-number); // not one of the measured ones
  const times: number[] = [];
  const called = calls();
  const before = process.cpuUsage();
  for (let number = 0; number < count; number += 1) times.push(await once(number));
  const { user, system } = process.cpuUsage(before);
  return { times, cpu: (user + system) / 1e6, calls: calls() - called };
}

/** What a function answers to a socket, to HTTP, or to a queue. */
type Answered =
  | { readonly statusCode: number; readonly body?: string }
  | { readonly batchItemFailures: readonly unknown[] };
const textOf = (answered: Answered): string =>
  "statusCode" in answered
    ? `${answered.statusCode} ${answered.body ?? ""}`
    : `${answered.batchItemFailures.length} failed`;

function operationsOf(reporter: Reporter) {
  let called = 0;
  const { events, mail, push, session, registration } = functions(reporter, () => (called += 1));
  const operation = (handler: Handler, event: Operation["event"], answer: RegExp): Operation => ({
    handler,
    event,
    answer,
    calls: () => called,
  });
  const told = (value: object) => () => message("c", JSON.stringify(value));
  const login = loginFrame(new URL("wss://push.example.com/push/ws"), { account: ACCOUNT, secret: SECRET }, CHALLENGE);
  const posted = /^200 \{"mt":"PushNotifyPostResult","src":"-?\d+"\}$/u;
  return {
    "post, warm": operation(push, (n) => message("c", post(n)), posted),
    "post, cold": operation(push, (n) => message(`c${n}`, post(n)), posted),
    "post for a new token": operation(push, (n) => message(`${NEW}${n}`, post(n, tokenOf(n))), posted),
    connect: operation(session, () => socketEvent("CONNECT", "$connect", "c"), /^200 $/u),
    AppChallenge: operation(session, told({ mt: "AppChallenge" }), /"challenge":/u),
    AppLogin: operation(session, () => message("c", login), /"ok":true/u),
    AppInfo: operation(session, told({ mt: "AppInfo", app: "x" }), /AppInfoResult/u),
    disconnect: operation(session, () => socketEvent("DISCONNECT", "$disconnect", "c"), /^200 $/u),
    registration: operation(registration, register, /^202 .*"ticket":/u),
    "poll of a registration": operation(registration, poll, /^200 .*"state":"waiting"/u),
    "email of a registration": operation(
      mail,
      () => inQueue({ kind: "registration", id: REGISTRATION }),
      /^0 failed$/u,
    ),
    confirmation: operation(registration, confirmation, /^200 <!doctype html>.*pbx\.example\.com/isu),
    "delivery event of a push": operation(events, feedback, /^0 failed$/u),
  };
}

function barePublishes(): Operation {
  let called = 0;
  return {
    handler: barePublish(() => (called += 1)),
    event: () => ({}),
    answer: /^200 [\da-f-]{36}$/u,
    calls: () => called,
  };
}

const request = (method: string, headers: object, body?: string, path = "/push/register") => ({
  rawPath: path,
  rawQueryString: "",
  headers,
  body,
  requestContext: { requestId: "r", stage: "$default", http: { method, path, sourceIp: "192.0.2.1" } },
});
const poll = () => request("GET", { authorization: `Bearer ${"A".repeat(43)}` });
const register = () =>
  request(
    "POST",
    { "content-type": "application/json" },
    JSON.stringify({ domain: ACCOUNT, email: `admin@${ACCOUNT}` }),
  );

const confirmation = () =>
  request(
    "POST",
    { "content-type": "application/x-www-form-urlencoded" },
    new URLSearchParams({ link: LINK, code: CODE }).toString(),
    "/push/verify",
  );

const inQueue = (message: object) => ({ Records: [{ messageId: "m", body: JSON.stringify(message) }] });

/** Events of an endpoint whose phone is gone, late enough to be sure that no row has the endpoint. */
const feedback = () => {
  const EndpointArn = "arn:aws:sns:eu-central-1:000000000000:endpoint/APNS_VOIP/ios-call/x";
  const event = {
    FailureType: "EndpointDisabled",
    EventType: "DeliveryFailure",
    EndpointArn,
    Time: new Date(Date.now() - 300_000).toISOString(),
  };
  return inQueue(event);
};
