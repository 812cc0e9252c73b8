import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Post } from "../../bin/pbx/protocol/frames.ts";
import { arrivals, type Shape } from "./arrivals.ts";
import { devicesOf, postFor } from "./devices.ts";
import { startMember, type Account, type Member, type MemberEvent } from "./member.ts";
import { randomFrom, type Random } from "./random.ts";
import { newTally, type Outcome, type Tally } from "./tally.ts";

/** A run. Times in ms unless the name says otherwise. */
export interface FleetOptions {
  readonly url: string;
  /** One PBX each; an account may be listed several times. */
  readonly accounts: readonly Account[];
  /** Connects begun per second. */
  readonly rampPerSecond: number;
  /** From the last login until the first post; default none. */
  readonly settleMs?: number;
  /** Of posting, after the ramp. */
  readonly durationMs: number;
  /** Posts per second on average over the run. */
  readonly rate: number;
  readonly shape: Shape;
  /** Phones per PBX, unless tokens are given. */
  readonly devices: number;
  readonly tokens: readonly string[];
  readonly payloadBytes: number;
  readonly keepAliveMs: number;
  readonly resultMs: number;
  /** Connections that the fleet drops per minute, to be reconnected with backoff. */
  readonly dropsPerMinute: number;
  readonly seed: number;
  /** Ends the run early; still waits for pending posts. */
  readonly signal?: AbortSignal;
  /** Called when a post has ended. */
  readonly onPost?: (post: Post, outcome: Outcome) => void;
  /** Called on ends of connections, failed attempts and breaches of the protocol. */
  readonly onEvent?: (event: MemberEvent) => void;
  /** Called several times a second. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly phase: "connecting" | "posting" | "finishing";
  /** 0 to 1, of ramp and posting. */
  readonly share: number;
  readonly online: number;
  readonly tally: Tally;
}

export interface FleetRun {
  readonly tally: Tally;
  readonly startedAt: Date;
  /** Of the whole run, in s. */
  readonly seconds: number;
  /** Online when the posting began. */
  readonly online: number;
  /** From the first post until the last result. */
  readonly posting: { readonly from: Date; readonly to: Date };
  /** This process's share of CPU time; near 1 the fleet measured itself. */
  readonly busy: number;
}

/** How often the signal is checked. */
const LONGEST_SLEEP_MS = 100;
const MOST_SPANS = 300;
/** Time after the ramp for a slow service to log all PBXes in, before posts start. */
const SETTLE_MS = 30_000;

/**
 * Runs a fleet of PBXes against a service: ramp, posts at fixed times (open loop), then waits for every result and
 * closes. A member that is not online at the end of the ramp keeps trying. Never rejects because of the service.
 */
export async function runFleet(options: FleetOptions): Promise<FleetRun> {
  const tally = newTally();
  const random = randomFrom(options.seed);
  const startedAt = new Date();
  const start = performance.now();
  const load = performance.eventLoopUtilization();
  const end = new AbortController();
  const members: Member[] = [];
  const underWay = new Set<Promise<void>>();
  const { settleMs = 0 } = options;
  const rampMs = (options.accounts.length / options.rampPerSecond) * 1_000 + settleMs;
  const spanSeconds = Math.max(1, Math.ceil((rampMs + options.durationMs) / 1_000 / MOST_SPANS));
  const seconds = () => (performance.now() - start) / 1_000;
  const online = () => members.filter((member) => member.online());

  let phase: Progress["phase"] = "connecting";
  const watch = setInterval(() => {
    const share = Math.min((seconds() * 1_000) / (rampMs + options.durationMs), 1);
    options.onProgress?.({ phase, share, online: online().length, tally });
  }, 250);
  const turn = setInterval(() => tally.turn(seconds(), online().length), spanSeconds * 1_000);

  await paced(everyMs(1_000 / options.rampPerSecond, options.accounts.length), options.signal, (_, index) => {
    const account = options.accounts[index];
    if (account) members.push(startMember(memberOptions(account, options, random, tally, end.signal)));
  });
  await settled(members, options.signal);
  await sleep(settleMs, undefined, options.signal && { signal: options.signal }).catch(() => undefined);
  const onlineAtStart = online().length;

  phase = "posting";
  const from = new Date();
  const drops = arrivals(options.dropsPerMinute / 60, options.durationMs, "flat", randomFrom(options.seed + 1));
  const posts = arrivals(options.rate, options.durationMs, options.shape, random);
  const post = (lagMs: number, index: number) => {
    const [first, ...rest] = online().filter(({ quiet }) => !quiet);
    if (first === undefined) return void (tally.posts.unsent += 1);
    const member = random.pick([first, ...rest]);
    const sent = postFor(random.pick(member.devices), `${options.seed}-${index}`, options.payloadBytes, random);
    tally.sent(lagMs);
    const ended = member.push(sent).then((outcome) => {
      tally.ended(outcome);
      options.onPost?.(sent, outcome);
      underWay.delete(ended);
    });
    underWay.add(ended);
  };
  await Promise.all([
    paced(posts, options.signal, post),
    paced(drops, options.signal, () => {
      const [first, ...rest] = online();
      if (first) random.pick([first, ...rest]).cut();
    }),
  ]);

  phase = "finishing";
  await Promise.all(underWay);
  const posting = { from, to: new Date() };
  clearInterval(turn);
  tally.turn(seconds(), online().length);
  end.abort();
  await Promise.all(members.map((member) => member.done));
  clearInterval(watch);
  const busy = performance.eventLoopUtilization(load).utilization;
  return { tally, startedAt, seconds: seconds(), online: onlineAtStart, posting, busy };
}

function memberOptions(account: Account, options: FleetOptions, random: Random, tally: Tally, signal: AbortSignal) {
  const { url, keepAliveMs, resultMs, onEvent = () => undefined } = options;
  const devices = devicesOf(options.tokens, options.devices, random);
  const firstBackoffMs = random.pick([500, 1_000]);
  return { ...account, url, keepAliveMs, resultMs, devices, firstBackoffMs, signal, tally, onEvent };
}

function* everyMs(ms: number, times: number): Generator<number, void> {
  for (let i = 0; i < times; i++) yield i * ms;
}

/** Does something at each due time (ms from now); reports how late it is. Ends with the times or the signal. */
async function paced(
  dueTimes: Generator<number, void>,
  signal: AbortSignal | undefined,
  act: (lagMs: number, index: number) => void,
): Promise<void> {
  const start = performance.now();
  let index = 0;
  for (const due of dueTimes) {
    let early = due - (performance.now() - start);
    while (early > 0 && signal?.aborted !== true) {
      await sleep(Math.min(early, LONGEST_SLEEP_MS));
      early = due - (performance.now() - start);
    }
    if (signal?.aborted) return;
    act(-early, index++);
  }
}

/** Resolves when every member has tried to log in, or after a limit. */
async function settled(members: readonly Member[], signal: AbortSignal | undefined): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  while (performance.now() < until && signal?.aborted !== true && !members.every((member) => member.tried())) {
    await sleep(10);
  }
}
