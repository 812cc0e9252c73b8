import type { Bucket, Latencies } from "../latencies.ts";
import { machine, type Machine } from "../../shared/machine.ts";
import type { FleetOptions, FleetRun } from "../run.ts";
import type { Span, Tally } from "../tally.ts";

/** What fails a run, besides lost posts and breaches of the protocol. */
export interface Thresholds {
  /** 99th percentile of the time from post to result, in ms. */
  readonly maxP99?: number;
  /** Answers with err per answer, 0 to 1. */
  readonly maxErrRate?: number;
}

/** The report as JSON has it. Times in ms unless the name says otherwise. */
export interface FleetReport {
  readonly tool: "pbx fleet";
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly target: string;
  readonly settings: Omit<
    FleetOptions,
    "accounts" | "signal" | "onPost" | "onEvent" | "onProgress" | "url" | "tokens"
  > & { readonly pbxes: number };
  readonly connections: Tally["connections"] & { readonly onlineAtStart: number };
  readonly posts: Tally["posts"];
  /** From the first post until the last result, ISO 8601. */
  readonly posting: { readonly from: string; readonly to: string };
  readonly latency: Latencies;
  readonly login: Latencies;
  /** How late posts were sent, and this process's share of CPU time: shows if the fleet is the bottleneck. */
  readonly fleet: { readonly lag: Latencies; readonly busy: number };
  readonly errs: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly violations: Readonly<Record<string, number>>;
  readonly histogram: readonly Bucket[];
  readonly timeline: readonly Span[];
  /** Why the run failed; empty if it passed. */
  readonly broken: readonly string[];
}

export function fleetReport(options: FleetOptions, run: FleetRun, thresholds: Thresholds): FleetReport {
  const { tally } = run;
  const { accounts, url, tokens, signal, onPost, onEvent, onProgress, settleMs = 0, ...settings } = options;
  return {
    tool: "pbx fleet",
    startedAt: run.startedAt.toISOString(),
    seconds: run.seconds,
    machine: machine(),
    target: url,
    settings: { ...settings, settleMs, pbxes: accounts.length },
    connections: { ...tally.connections, onlineAtStart: run.online },
    posts: { ...tally.posts },
    posting: { from: run.posting.from.toISOString(), to: run.posting.to.toISOString() },
    latency: tally.latency.summary(),
    login: tally.login.summary(),
    fleet: { lag: tally.lag.summary(), busy: run.busy },
    errs: Object.fromEntries(tally.errs),
    failures: Object.fromEntries(tally.failures),
    violations: Object.fromEntries(tally.violations),
    histogram: tally.latency.buckets(),
    timeline: tally.spans,
    broken: breaches(tally, options.accounts.length, thresholds),
  };
}

/** Requires that every PBX logged in, every post was sent and answered once, and the thresholds were kept. */
export function breaches(tally: Tally, pbxes: number, { maxP99, maxErrRate }: Thresholds): readonly string[] {
  const { timedOut, closed, unsent, taken, refused } = tally.posts;
  const violations = [...tally.violations.values()].reduce((sum, times) => sum + times, 0);
  const { p99 } = tally.latency.summary();
  const errRate = refused / Math.max(taken + refused, 1);
  const never = pbxes - tally.connections.reached;
  return [
    ...(never > 0 ? [`${never} of ${pbxes} PBXes never logged in`] : []),
    ...(timedOut + closed > 0 ? [`${timedOut + closed} posts without result`] : []),
    ...(unsent > 0 ? [`${unsent} posts not sent, because no PBX was online`] : []),
    ...(violations > 0 ? [`${violations} breaches of the protocol`] : []),
    ...(maxP99 !== undefined && p99 > maxP99 ? [`p99 is ${p99.toFixed(1)} ms, more than ${maxP99} ms`] : []),
    ...(maxErrRate !== undefined && errRate > maxErrRate
      ? [`err rate is ${errRate.toFixed(4)}, more than ${maxErrRate}`]
      : []),
  ];
}

/** With posts this late at p99, or this busy, the fleet measured itself. */
export const isBottleneck = ({ fleet }: FleetReport): boolean => fleet.lag.p99 > 100 || fleet.busy > 0.8;
