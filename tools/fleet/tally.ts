import { percentiles } from "../shared/percentiles.ts";
import { latencyRecorder, type Latencies, type LatencyRecorder } from "./latencies.ts";

/** One span of the run. */
export interface Span {
  /** Start, in s from the start of the run. */
  readonly at: number;
  /** Length in s. */
  readonly seconds: number;
  readonly online: number;
  readonly sent: number;
  readonly taken: number;
  readonly refused: number;
  readonly lost: number;
  readonly latency: Pick<Latencies, "p50" | "p99" | "max">;
}

/** How a post ended. `cut`: the fleet dropped the connection on purpose before the answer came. */
export type Outcome =
  | { readonly kind: "taken"; readonly ms: number }
  | { readonly kind: "refused"; readonly err: string; readonly info?: string; readonly ms: number }
  | { readonly kind: "lost"; readonly why: "timeout" | "closed" }
  | { readonly kind: "cut" };

/** Everything that is counted while a fleet runs. */
export interface Tally {
  /** `reached`: PBXes that were logged in at least once. */
  readonly connections: {
    reached: number;
    connects: number;
    logins: number;
    refused: number;
    failed: number;
    ended: number;
    dropped: number;
  };
  /** `unsent`: due while no PBX was online. */
  readonly posts: {
    sent: number;
    taken: number;
    refused: number;
    timedOut: number;
    closed: number;
    cut: number;
    unsent: number;
  };
  /** Reason → times: err names, failed connects, ends of connections, breaches of the protocol. */
  readonly errs: Map<string, number>;
  readonly failures: Map<string, number>;
  readonly violations: Map<string, number>;
  readonly latency: LatencyRecorder;
  readonly login: LatencyRecorder;
  /** How late after its due time a post was sent: the fleet's own share. */
  readonly lag: LatencyRecorder;
  ended(outcome: Outcome): void;
  sent(lagMs: number): void;
  /** Ends the current span, `at` s from the start of the run, and begins the next. */
  turn(at: number, online: number): void;
  readonly spans: readonly Span[];
}

/** Limit of distinct reasons: a hostile server may invent one per answer. */
const REASONS = 50;

export function count(reasons: Map<string, number>, reason: string): void {
  const key = reasons.has(reason) || reasons.size < REASONS ? reason : "other";
  reasons.set(key, (reasons.get(key) ?? 0) + 1);
}

export function newTally(): Tally {
  const posts = { sent: 0, taken: 0, refused: 0, timedOut: 0, closed: 0, cut: 0, unsent: 0 };
  const errs = new Map<string, number>();
  const latency = latencyRecorder();
  const lag = latencyRecorder();
  const spans: Span[] = [];
  const fresh = () => ({ sent: 0, taken: 0, refused: 0, lost: 0, latencies: [] as number[] });
  let span = fresh();
  let begun = 0;

  const answered = (ms: number) => {
    latency.record(ms);
    span.latencies.push(ms);
  };
  return {
    connections: { reached: 0, connects: 0, logins: 0, refused: 0, failed: 0, ended: 0, dropped: 0 },
    posts,
    errs,
    failures: new Map(),
    violations: new Map(),
    latency,
    login: latencyRecorder(),
    lag,
    spans,
    sent: (lagMs) => {
      posts.sent += 1;
      span.sent += 1;
      lag.record(lagMs);
    },
    ended: (outcome) => {
      switch (outcome.kind) {
        case "taken":
          posts.taken += 1;
          span.taken += 1;
          return answered(outcome.ms);
        case "refused":
          posts.refused += 1;
          span.refused += 1;
          count(errs, outcome.err);
          return answered(outcome.ms);
        case "lost":
          posts[outcome.why === "timeout" ? "timedOut" : "closed"] += 1;
          span.lost += 1;
          return;
        case "cut":
          posts.cut += 1;
          return;
      }
    },
    turn: (at, online) => {
      const { latencies, ...counts } = span;
      spans.push({ at: begun, seconds: at - begun, online, ...counts, latency: percentiles(latencies, 0) });
      span = fresh();
      begun = at;
    },
  };
}
