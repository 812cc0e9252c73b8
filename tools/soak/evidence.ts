import type { Outcome, Span, Tally } from "../fleet/tally.ts";
import type { Latencies } from "../fleet/latencies.ts";
import type { Rows } from "./rows.ts";

/**
 * What a trouble affects: a dependency, execution environments of a function, the clock of this process, sockets, or an
 * account.
 */
export type Part =
  | "dynamodb"
  | "sns"
  | "sqs"
  | "ses"
  | "execute-api"
  | "kms"
  | "secretsmanager"
  | "push"
  | "session"
  | "housekeeping"
  | "clock"
  | "sockets"
  | "account"
  | "registration";

/** A provoked failure; from and to in ms of `performance.now`, which clock jumps do not affect. */
export interface Trouble {
  readonly name: string;
  readonly part: Part;
  readonly from: number;
  readonly to: number;
  /** Calls, events, sockets or accounts that it affected. */
  readonly struck: number;
}

/** One post: its outcome for the PBX, and how often a phone got it. */
export interface Post {
  readonly id: string;
  readonly token: string;
  /** Undefined: phones got a push without a post. */
  readonly outcome: Outcome | undefined;
  readonly endedAt: number;
  readonly pushes: number;
  /** Wake ids of the pushes: a retry carries the id of the first attempt. */
  readonly wakes: ReadonlySet<string>;
}

/** A connection of the fleet that ended, `ms` after its login. */
export interface End {
  readonly at: number;
  readonly ms: number;
  readonly code: number;
  readonly reason: string;
  readonly quiet: boolean;
  readonly byUs: boolean;
}

export interface Noted {
  readonly at: number;
  readonly what: string;
}

/** A line at level error. */
export interface LoggedError {
  readonly at: number;
  readonly function: string;
  readonly message: string;
  /** Of a DependencyError: service.Operation and why. */
  readonly error: string;
  readonly kind: string;
  readonly line: string;
}

/** Bytes: heap of this process after a collection of garbage, mean heap of an execution environment, memory of the process with all of them. */
export interface MemorySample {
  readonly at: number;
  readonly host: number;
  readonly environment: number;
  readonly rss: number;
  readonly posts: number;
}

/** The results of a run as plain values; verdict.ts judges them. */
export interface Evidence {
  readonly startedAt: string;
  readonly settings: { readonly seed: number; readonly minutes: number; readonly pbxes: number; readonly rate: number };
  /** API Gateway's, scaled, in ms. */
  readonly times: { readonly idleMs: number; readonly lifetimeMs: number };
  readonly posts: readonly Post[];
  /** The fleet's own counts, beside the ledger's. */
  readonly counted: Tally["posts"];
  readonly connections: Tally["connections"];
  readonly latency: Latencies;
  readonly timeline: readonly Span[];
  /** `performance.now` at the start of the timeline. */
  readonly origin: number;
  readonly ends: readonly End[];
  /** Connects and logins that failed, and frames that break the protocol. */
  readonly failures: readonly Noted[];
  readonly violations: readonly Noted[];
  readonly troubles: readonly Trouble[];
  /** Events running in execution environments when these were killed, by function. */
  readonly killed: Readonly<Record<string, number>>;
  /** Sockets cut by a trouble; connections that the service closed by `@connections`, or tried to. */
  readonly dropped: number;
  readonly closed: number;
  /** Logins with a secret issued during the run. */
  readonly newSecretLogins: number;
  /** Publish calls that ended without an answer. */
  readonly unanswered: number;
  /** Accepted by SNS and not delivered, by reason. */
  readonly failedPushes: Readonly<Record<string, number>>;
  readonly errors: readonly LoggedError[];
  /** Connections whose `$connect` or `$disconnect` failed: their rows stay until they are swept. */
  readonly notForgotten: ReadonlySet<string>;
  readonly memory: readonly MemorySample[];
  readonly rows: Rows;
  /** Unix s by which every row of a connection must be swept. */
  readonly sweptBy: number;
  /** Messages in dead-letter queues, by queue. */
  readonly deadLetters: Readonly<Record<string, number>>;
}
