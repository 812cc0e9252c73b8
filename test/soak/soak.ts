import { setTimeout as sleep } from "node:timers/promises";
import { ownDomains } from "../../bin/fleet/accounts.ts";
import { randomFrom } from "../../bin/fleet/random.ts";
import { runFleet, type FleetOptions, type FleetRun, type Progress } from "../../bin/fleet/run.ts";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { jumpingClock } from "./clock.ts";
import { watchErrors, type ErrorWatch } from "./errors.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { watchMemory, type MemoryWatch } from "./memory.ts";
import { rowsOf, type Rows } from "./rows.ts";
import { makeTrouble, type Damage } from "./troubles.ts";

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly pbxes: number;
  /** Posts per second. */
  readonly rate: number;
  readonly onProgress: (progress: Progress, damage: Damage) => void;
}

/** What a run has shown; verdict.ts judges it. */
export interface Evidence {
  readonly run: FleetRun;
  readonly ledger: Ledger;
  readonly damage: Damage;
  readonly errors: ErrorWatch;
  readonly memory: MemoryWatch;
  readonly rows: Rows;
  /** Messages in dead-letter queues, by queue. */
  readonly deadLetters: Readonly<Record<string, number>>;
  /** Publish calls that ended without an answer. */
  readonly unanswered: number;
}

/** API Gateway's 10 minutes and 2 hours, scaled. A PBX says KeepAlive every 5 s: one that is silent is cut. */
const TIMES = { idleMs: 12_000, lifetimeMs: 40_000 };
const HOUSEKEEPING_MS = 2_000;

/** A fleet on a local host of its own while everything that can goes wrong. Rejects only if the run itself is broken. */
export async function soak({ minutes, seed, pbxes, rate, onProgress }: SoakOptions): Promise<Evidence> {
  const errors = watchErrors();
  let unanswered = 0;
  const clock = jumpingClock();
  const host = await startLocalHost({
    port: 0,
    connectionTimes: TIMES,
    onLog: (entry) => {
      errors.hear(entry);
      unanswered += publishUnknown(entry.line);
    },
  });
  const { accounts, release } = await ownDomains(host.url, pbxes)(new AbortController().signal);
  try {
    const random = randomFrom(seed);
    const ledger = createLedger(host.sns);
    const memory = watchMemory();
    const damage: Damage = { killed: new Map(), times: new Map() };
    const gone = watchGone(host);
    const chores = setInterval(() => {
      ledger.collect();
      host.logs.clear();
      gone.look();
      memory.sample();
    }, HOUSEKEEPING_MS);

    const ending = new AbortController();
    const options: FleetOptions = {
      url: host.wsUrl, accounts, rampPerSecond: 20, durationMs: minutes * 60_000, rate, shape: "flat", devices: 3, tokens: [],
      payloadBytes: 300, keepAliveMs: 5_000, resultMs: 10_000, dropsPerMinute: 20, seed,
      onPost: ({ token, members }, outcome) => ledger.posted(idOf(members), token, outcome),
      onProgress: (progress) => onProgress(progress, damage),
    };
    const names = accounts.map(({ account }) => account);
    const trouble = afterRamp(pbxes / options.rampPerSecond, ending.signal).then(() =>
      makeTrouble({ host, random, clock, damage, gone: gone.list, accounts: names, signal: ending.signal }),
    );
    const run = await runFleet(options).finally(() => ending.abort());
    await trouble;
    await quiet(host);
    clearInterval(chores);
    ledger.collect();
    memory.sample();
    return { run, ledger, damage, errors, memory, rows: await rowsOf(host), deadLetters: deadLettersOf(host), unanswered };
  } finally {
    clock.restore();
    await release();
    await host.stop();
  }
}

const afterRamp = (seconds: number, signal: AbortSignal) => sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);

function idOf(members: unknown): string {
  const { id } = members as { readonly id: string };
  return id;
}

/** Closed connections, newest last, bounded. */
function watchGone({ connections }: LocalHost) {
  let known = new Set<string>();
  let gone: string[] = [];
  return {
    list: () => gone,
    look() {
      gone = [...gone, ...[...known].filter((id) => !connections.has(id))].slice(-200);
      known = new Set(connections.keys());
    },
  };
}

/** Every event has ended, and what SNS had under way has happened. */
async function quiet(host: LocalHost): Promise<void> {
  const busy = () => host.functions.some((each) => each.counts().taken !== each.counts().ended);
  for (const until = performance.now() + 60_000; busy() && performance.now() < until; ) await sleep(100);
  await host.sns.settled();
}

const deadLettersOf = ({ queues }: LocalHost): Evidence["deadLetters"] => {
  const targets = new Set(queues.map(({ definition }) => definition.redrive?.targetArn));
  const dead = queues.filter(({ definition }) => targets.has(definition.arn));
  return Object.fromEntries(dead.map((queue) => [queue.definition.name, queue.counts().visible + queue.counts().inFlight]));
};

/** The metric PublishUnknown in a line of Embedded Metric Format. */
function publishUnknown(line: string): number {
  if (!line.includes('"PublishUnknown"')) return 0;
  const { PublishUnknown = 0 } = JSON.parse(line) as { readonly PublishUnknown?: number | readonly number[] };
  return typeof PublishUnknown === "number" ? PublishUnknown : PublishUnknown.reduce((sum, value) => sum + value, 0);
}
