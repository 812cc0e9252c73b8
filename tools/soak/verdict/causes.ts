import type { Outcome } from "../../fleet/tally.ts";
import type { End, Evidence, LoggedError, Part, Post } from "../evidence.ts";

export const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);

/**
 * How long a trouble has effects after its end, in ms: retries, hanging or restarting execution environments, returning
 * clients.
 */
export const AFTERMATH = 4_000;
/** Whether a trouble with one of these parts affected anything between two times. */
export function near({ troubles }: Evidence, parts: readonly Part[], from: number, to: number): boolean {
  return troubles.some(
    (each) => parts.includes(each.part) && each.struck > 0 && each.from <= to && each.to + AFTERMATH >= from,
  );
}

export const killed = ({ killed: events }: Evidence, ...functions: readonly string[]) =>
  sum(functions.map((name) => events[name] ?? 0));

export type Ended<Kind extends Outcome["kind"]> = Post & { readonly outcome: Extract<Outcome, { kind: Kind }> };
export const are = <Kind extends Outcome["kind"]>({ posts }: Evidence, kind: Kind): readonly Ended<Kind>[] =>
  posts.filter((post): post is Ended<Kind> => post.outcome?.kind === kind);

/** From sending to the end, if known; a lost post waited ten seconds at most. */
export const begun = ({ outcome, endedAt }: Post) =>
  endedAt - (outcome !== undefined && "ms" in outcome ? outcome.ms : 10_000);

/** Errs that a dependency causes, and the parts that must have failed. A clock that is behind shortens a post's time; so does a killed execution environment. */
const SNS = ["sns", "clock", "push"] as const;
export const CAUSES: Readonly<Record<string, readonly Part[]>> = {
  DatabaseErr: ["dynamodb"],
  ApnError: ["dynamodb", ...SNS],
  GcmServerError: ["dynamodb", ...SNS],
  ApnServiceDown: SNS,
  GcmDeviceRate: SNS,
};

export const isUnknown = ({ outcome }: Post): boolean =>
  outcome?.kind === "refused" && outcome.info?.startsWith("unknown") === true;
export const named = (post: Ended<"refused">) => `${post.outcome.err} (${post.outcome.info ?? ""})`;

export const isCalm = (evidence: Evidence, post: Post) =>
  !evidence.troubles.some(({ from, to }) => from <= post.endedAt && to + AFTERMATH >= begun(post));

/** A socket that ended at that time, by either side, loses pending answers. */
export const sawItsSocketEnd = ({ ends }: Evidence, { endedAt }: Post) =>
  ends.some(({ at }) => Math.abs(at - endedAt) < 1_000);

/** API Gateway's own answer to a frame whose execution environment ended; no PBX understands it. */
export const isGatewaysOwn = (what: string) =>
  what.startsWith('a frame without mt: {"message":"Internal server error"');

/** Delay of a timer on a busy machine, and a login: two answers of ten seconds at most. In ms. */
const [TIMER, LOGIN] = [2_000, 20_000];

/** Why a connection ended; undefined if unexplained. Its age starts at the login, later than the socket's. */
export function causeOf(
  { code, reason, quiet, ms }: End,
  { times }: Evidence,
): "lifetime" | "idle" | "dropped" | "closed" | undefined {
  const within = (from: number, to: number) => ms >= from && ms <= to + TIMER;
  if (code === 1001 && reason === "Going away") {
    if (within(times.lifetimeMs - LOGIN, times.lifetimeMs)) return "lifetime";
    return quiet && within(times.idleMs - TIMER, times.idleMs) ? "idle" : undefined;
  }
  if (code === 1006 && !/silence/u.test(reason)) return "dropped";
  return code === 1000 && reason === "Connection Closed Normally" ? "closed" : undefined;
}

/** Whether a function's error was provoked: by the dependency named in the line, or by one that the canary uses. */
export function isExplained(evidence: Evidence, { at, message, error, kind }: LoggedError): boolean {
  const CANARY_MS = 20_000;
  if (message === "canary failed") {
    return near(evidence, ["dynamodb", "sns", "sqs", "push", "session", "clock", "sockets"], at - CANARY_MS, at);
  }
  const dependency = message === "dependency failed" || kind === "DependencyError";
  // No time was left for a call: a dependency used it up, or a clock that is behind, or the start of an execution environment.
  if (dependency && /^\w+: deadline$/u.test(error)) return near(evidence, ["dynamodb", ...SNS], at, at);
  const service = /^([a-z-]+)\./u.exec(error)?.[1];
  return dependency && service !== undefined && near(evidence, [partOf(service)], at, at);
}

/** The name of a service in adapters, if it differs from that in faults. */
const partOf = (service: string): Part => (service === "apigateway" ? "execute-api" : (service as Part));
