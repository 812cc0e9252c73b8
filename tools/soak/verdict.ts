import type { App } from "../../lambdas/core/push/apps.ts";
import { CANARY_APP } from "../../lambdas/core/monitoring/canary.ts";
import { deviceKey, parseToken } from "../../lambdas/core/push/token.ts";
import type { Outcome } from "../fleet/tally.ts";
import type { End, Evidence, LoggedError, MemorySample, Part, Post } from "./evidence.ts";
import { KIND_NAMES } from "./troubles.ts";

/** A first attempt that hangs is given up after a third of what a post has, its 3 s less 0.1 s for the answer; in ms. */
const HANG_MS = 900;

export interface Rule {
  readonly rule: string;
  readonly breaches: (evidence: Evidence) => readonly string[];
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
const when = (broken: boolean, text: string) => (broken ? [text] : []);
/** The first three of what breaks a rule, and how many there are. */
const some = (what: string, found: readonly string[]) =>
  when(found.length > 0, `${found.length} ${what}: ${found.slice(0, 3).join(" | ")}`);

/** A trouble is felt so long after its end, in ms: retries, sandboxes that hang or start anew, clients that come back. */
const AFTERMATH = 4_000;
/** A kind of trouble must come at least once in a run of so many minutes, and a silence or a lifetime must have ended. */
const ROUND_MINUTES = 1;

/** Whether something that met anything went wrong with one of these parts between two times. */
function near({ troubles }: Evidence, parts: readonly Part[], from: number, to: number): boolean {
  return troubles.some(
    (each) => parts.includes(each.part) && each.struck > 0 && each.from <= to && each.to + AFTERMATH >= from,
  );
}

const killed = ({ killed: events }: Evidence, ...functions: readonly string[]) =>
  sum(functions.map((name) => events[name] ?? 0));

type Ended<Kind extends Outcome["kind"]> = Post & { readonly outcome: Extract<Outcome, { kind: Kind }> };
const are = <Kind extends Outcome["kind"]>({ posts }: Evidence, kind: Kind): readonly Ended<Kind>[] =>
  posts.filter((post): post is Ended<Kind> => post.outcome?.kind === kind);

/** From sending to the end, where it is known: a post that was lost waited ten seconds at most. */
const begun = ({ outcome, endedAt }: Post) =>
  endedAt - (outcome !== undefined && "ms" in outcome ? outcome.ms : 10_000);

/** Errs that a dependency causes, and what must have been wrong then. A clock behind takes a post's time away; a killed sandbox too. */
const SNS = ["sns", "clock", "push"] as const;
const CAUSES: Readonly<Record<string, readonly Part[]>> = {
  DatabaseErr: ["dynamodb"],
  ApnError: ["dynamodb", ...SNS],
  GcmServerError: ["dynamodb", ...SNS],
  ApnServiceDown: SNS,
  GcmDeviceRate: SNS,
};

const isUnknown = ({ outcome }: Post): boolean =>
  outcome?.kind === "refused" && outcome.info?.startsWith("unknown") === true;
const named = (post: Ended<"refused">) => `${post.outcome.err} (${post.outcome.info ?? ""})`;

/** Least share of all posts that is taken, and least share of them that meets calm. */
const TAKEN = 0.6;
const CALM = 0.02;
const isCalm = (evidence: Evidence, post: Post) =>
  !evidence.troubles.some(({ from, to }) => from <= post.endedAt && to + AFTERMATH >= begun(post));

/** A socket that ended just then, by whichever side, takes the answers under way with it. */
const sawItsSocketEnd = ({ ends }: Evidence, { endedAt }: Post) =>
  ends.some(({ at }) => Math.abs(at - endedAt) < 1_000);

/** An answer of API Gateway's own to the frame of a sandbox that ended: no PBX understands it. */
const isGatewaysOwn = (what: string) => what.startsWith('a frame without mt: {"message":"Internal server error"');

/** A timer on a busy machine; and a login, two answers of ten seconds at most. In ms. */
const [TIMER, LOGIN] = [2_000, 20_000];

/** Why a connection ended; undefined has no explanation. Its age begins with the login, later than the socket's. */
function causeOf(
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

/** Whether what a function calls an error was provoked: by its dependency, named in the line, or what the canary walks over. */
function isExplained(evidence: Evidence, { at, message, error, kind }: LoggedError): boolean {
  const CANARY_MS = 20_000;
  if (message === "canary failed") {
    return near(evidence, ["dynamodb", "sns", "sqs", "push", "session", "clock", "sockets"], at - CANARY_MS, at);
  }
  const dependency =
    message === "dependency failed" ||
    (/^(frame|message|request) failed$/u.test(message) && kind === "DependencyError");
  // No time left to ask at all: a dependency took it, a clock behind, or the start of a sandbox.
  if (dependency && /^\w+: deadline$/u.test(error)) return near(evidence, ["dynamodb", ...SNS], at, at);
  const service = /^([a-z-]+)\./u.exec(error)?.[1];
  return dependency && service !== undefined && near(evidence, [partOf(service)], at, at);
}

/** The adapters' name of a service is not always the faults'. */
const partOf = (service: string): Part => (service === "apigateway" ? "execute-api" : (service as Part));

/** What a heap may grow between the second quarter of a run and its last, as a share and in bytes. */
const GROWTH = 1.25;
const MB = 2 ** 20;
const SLACK = { host: 10 * MB, sandbox: 6 * MB, rss: 120 * MB };
/** The ledger itself keeps every post, in this process. */
const LEDGER_BYTES = 1_000;

function median(samples: readonly MemorySample[], of: (sample: MemorySample) => number): number {
  const sorted = samples.map(of).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Medians while the fleet ran: of the second quarter (the first compiles and fills caches), and of the last. */
export function quarters(
  { memory }: Evidence,
  of: (sample: MemorySample) => number,
): { readonly early: number; readonly late: number } {
  const part = (from: number, to: number) =>
    memory.slice(Math.floor(memory.length * from), Math.ceil(memory.length * to));
  return { early: median(part(0.25, 0.5), of), late: median(part(0.75, 1), of) };
}

/** What every run must show. Each rule says what explains what it lets pass. */
export const RULES: readonly Rule[] = [
  {
    rule: "every post is answered exactly once, save those whose sandbox was killed or whose socket ended",
    breaches: (evidence) => {
      const { sent, taken, refused, timedOut, closed, cut } = evidence.counted;
      const ends = taken + refused + timedOut + closed + cut;
      const noted = evidence.posts.filter(({ outcome }) => outcome !== undefined).length;
      const silent = are(evidence, "lost").filter(({ outcome }) => outcome.why === "timeout");
      const unkilled = silent.filter((post) => !near(evidence, ["push"], begun(post), post.endedAt));
      const closedAlone = are(evidence, "lost").filter(
        (post) => post.outcome.why === "closed" && !sawItsSocketEnd(evidence, post),
      );
      return [
        ...when(closedAlone.length > 0, `${closedAlone.length} posts lost with sockets that did not end`),
        ...when(sent !== ends || sent !== noted, `${sent} posts, but ${ends} ends, ${noted} of them noted`),
        ...when(
          silent.length > killed(evidence, "push"),
          `${silent.length} posts without a result, ${killed(evidence, "push")} were under way in killed sandboxes`,
        ),
        ...when(unkilled.length > 0, `${unkilled.length} posts without a result when no sandbox was killed`),
      ];
    },
  },
  {
    rule: "a post is refused only for a dependency that was failing; of those in calm all are taken, of all at least 60 %",
    breaches: (evidence) => {
      const refused = are(evidence, "refused");
      const foreign = refused.filter(({ outcome }) => CAUSES[outcome.err] === undefined);
      const uncaused = refused.filter(
        (post) =>
          CAUSES[post.outcome.err] !== undefined &&
          !near(evidence, CAUSES[post.outcome.err] ?? [], begun(post), post.endedAt),
      );
      const posted = evidence.posts.filter(({ outcome }) => outcome !== undefined);
      const calm = posted.filter((post) => isCalm(evidence, post));
      const missed = calm.filter((post) => post.outcome?.kind !== "taken" && !sawItsSocketEnd(evidence, post));
      const [all, taken] = [posted.length, are(evidence, "taken").length];
      return [
        ...some("refused for no failing dependency", foreign.map(named)),
        ...some("refused while nothing of theirs was failing", uncaused.map(named)),
        ...some(
          "posts in calm not taken",
          missed.map(({ outcome }) => JSON.stringify(outcome)),
        ),
        ...when(calm.length < all * CALM, `only ${calm.length} of ${all} posts met calm: nothing is known of it`),
        ...when(taken < all * TAKEN, `only ${taken} of ${all} posts were taken`),
      ];
    },
  },
  {
    rule: "no result late or twice; no frame that a PBX does not understand, save API Gateway's own for killed sandboxes",
    breaches: (evidence) => {
      const own = evidence.violations.filter(({ what }) => isGatewaysOwn(what));
      const others = evidence.violations.filter(({ what }) => !isGatewaysOwn(what));
      const far = own.filter(({ at }) => !near(evidence, ["push", "session"], at, at));
      const allowed = killed(evidence, "push", "session");
      return [
        ...some(
          "breaches of the protocol",
          others.map(({ what }) => what),
        ),
        ...when(
          own.length > allowed,
          `${own.length} frames of API Gateway's own, ${allowed} events were under way in killed sandboxes`,
        ),
        ...when(far.length > 0, `${far.length} frames of API Gateway's own when no sandbox was killed`),
      ];
    },
  },
  {
    rule: "no push is lost: what is answered without err reaches its phone, unless a clock ran ahead and SNS let it expire",
    breaches: (evidence) => {
      const expired = evidence.failedPushes["NotificationTTLExpired"] ?? 0;
      const undelivered = are(evidence, "taken").filter(({ pushes }) => pushes === 0);
      const far = undelivered.filter((post) => !near(evidence, ["clock"], begun(post), post.endedAt + AFTERMATH));
      return [
        ...when(
          undelivered.length > expired,
          `${undelivered.length} accepted posts reached no phone, SNS let ${expired} expire`,
        ),
        ...when(far.length > 0, `${far.length} accepted posts reached no phone while every clock was right`),
        ...when(
          sum(Object.values(evidence.failedPushes)) > expired,
          `SNS failed otherwise: ${JSON.stringify(evidence.failedPushes)}`,
        ),
      ];
    },
  },
  {
    rule: "a push is doubled at most once, after a Publish of that post that timed out, under the same wake id; none is a ghost",
    breaches: (evidence) => {
      const { posts, unanswered } = evidence;
      const doubled = posts.filter(({ pushes }) => pushes > 1);
      const quick = doubled.filter(({ outcome }) => outcome !== undefined && "ms" in outcome && outcome.ms < HANG_MS);
      const ghosts = are(evidence, "refused").filter((post) => post.pushes > 0 && !isUnknown(post));
      const unasked = posts.filter(({ outcome }) => outcome === undefined);
      return [
        ...when(
          doubled.length > unanswered,
          `${doubled.length} doubles after ${unanswered} Publish calls without answer`,
        ),
        ...some(
          "posts pushed more than three times",
          doubled.filter(({ pushes }) => pushes > 3).map(({ id }) => id),
        ),
        ...some(
          "posts doubled without a time-out",
          quick.map(({ id }) => id),
        ),
        ...some(
          "posts pushed under several wake ids",
          posts.filter(({ wakes }) => wakes.size > 1).map(({ id }) => id),
        ),
        ...some("posts pushed although their PBX heard that nothing was sent", ghosts.map(named)),
        ...some(
          "pushes that no post asked for",
          unasked.map(({ id }) => id),
        ),
      ];
    },
  },
  {
    rule: "every PBX logs in, one of them with a secret issued meanwhile; no attempt fails but near a trouble",
    breaches: (evidence) => {
      const { connections, settings, failures, newSecretLogins } = evidence;
      const CONNECT_MS = 20_000; // two time-outs of a PBX
      const parts = ["dynamodb", "sqs", "session", "sockets", "account", "clock"] as const;
      const far = failures.filter(({ at }) => !near(evidence, parts, at - CONNECT_MS, at));
      return [
        ...when(
          connections.reached < settings.pbxes,
          `${settings.pbxes - connections.reached} of ${settings.pbxes} PBXes never logged in`,
        ),
        ...when(settings.minutes >= ROUND_MINUTES && newSecretLogins === 0, "nobody logged in with a new secret"),
        ...some(
          "attempts failed far from any trouble",
          far.map(({ what }) => what),
        ),
      ];
    },
  },
  {
    rule: "connections end for what was done to them, and some by their silence and some by their lifetime",
    breaches: (evidence) => {
      const ends = evidence.ends.filter(({ byUs }) => !byUs);
      const causes = ends.map((end) => [causeOf(end, evidence), end] as const);
      const of = (cause: ReturnType<typeof causeOf>) => causes.filter(([each]) => each === cause);
      const strange = of(undefined).map(
        ([, { code, reason, ms, quiet }]) =>
          `${code} ${reason} after ${(ms / 1_000).toFixed(1)} s${quiet ? ", silent" : ""}`,
      );
      const long = evidence.settings.minutes >= ROUND_MINUTES;
      return [
        ...some("ends without a cause", strange),
        ...when(
          of("dropped").length > evidence.dropped,
          `${of("dropped").length} ends without a close frame, ${evidence.dropped} sockets were cut`,
        ),
        ...when(
          of("closed").length > evidence.closed,
          `${of("closed").length} closed by the service, which asked for ${evidence.closed}`,
        ),
        ...when(long && of("idle").length === 0, "no connection was cut for its silence"),
        ...when(long && of("lifetime").length === 0, "no connection was cut at the end of its life"),
      ];
    },
  },
  {
    rule: "no orphan connection row, save where $connect or $disconnect itself failed; and those are swept",
    breaches: (evidence) => {
      const { rows, notForgotten, sweptBy } = evidence;
      const left = rows.connections.filter(({ pk }) => !notForgotten.has(String(pk).slice("CONN#".length)));
      const immortal = rows.connections.filter(({ ttl }) => !(Number(ttl) < sweptBy));
      const silent = killed(evidence, "session");
      return [
        ...when(
          left.length > silent,
          `${left.length} rows of closed connections, ${silent} events were under way in killed sandboxes`,
        ),
        ...when(immortal.length > 0, `${immortal.length} rows that no sweep takes`),
      ];
    },
  },
  {
    rule: "a device row for no token but those that were posted, each with an endpoint",
    breaches: ({ rows, posts }) => {
      const known = new Set(posts.map(({ token }) => rowKeyOf(token)));
      const strange = rows.devices.filter(({ pk, app }) => app !== CANARY_APP && !known.has(String(pk)));
      const empty = rows.devices.filter(({ endpointArn }) => typeof endpointArn !== "string");
      return [
        ...when(strange.length > 0, `${strange.length} rows of tokens that nobody posted`),
        ...when(empty.length > 0, `${empty.length} rows without an endpoint`),
      ];
    },
  },
  {
    rule: "memory is flat: this process's heap, a sandbox's, and all in all",
    breaches: (evidence) => {
      const posts = quarters(evidence, ({ posts: count }) => count);
      const kept = {
        host: (posts.late - posts.early) * LEDGER_BYTES,
        sandbox: 0,
        rss: (posts.late - posts.early) * LEDGER_BYTES,
      };
      const grown = (["host", "sandbox", "rss"] as const).flatMap((what) => {
        const { early, late } = quarters(evidence, (sample) => sample[what]);
        return when(
          late > early * GROWTH + SLACK[what] + kept[what],
          `${what} grew from ${(early / MB).toFixed(0)} to ${(late / MB).toFixed(0)} MB`,
        );
      });
      return [...when(evidence.memory.length < 8, `only ${evidence.memory.length} samples`), ...grown];
    },
  },
  {
    rule: "no error but of a dependency, while that one was failing",
    breaches: (evidence) =>
      some(
        "unexplained",
        evidence.errors.filter((each) => !isExplained(evidence, each)).map((each) => `${each.function}: ${each.line}`),
      ),
  },
  {
    rule: "no message in a dead-letter queue",
    breaches: ({ deadLetters }) =>
      Object.entries(deadLetters).flatMap(([name, count]) => when(count > 0, `${count} in ${name}`)),
  },
  {
    rule: "every kind of trouble came",
    breaches: ({ troubles, settings }) => {
      const missing = KIND_NAMES.filter((name) => !troubles.some((each) => each.name === name));
      return settings.minutes < ROUND_MINUTES ? [] : some("did not", missing);
    },
  },
];

/** The apps of the stage `local`, as far as keys of rows depend on them. */
const APPS = (["APNS_VOIP", "APNS", "GCM"] as const).map(
  (platform, index) => ({ id: ["ios-call", "ios", "android"][index], platform, default: platform !== "APNS" }) as App,
);

function rowKeyOf(text: string): string {
  const token = parseToken(text, APPS);
  return token.ok ? `DEVICE#${deviceKey(token.value)}` : "";
}
