import { setTimeout as sleep } from "node:timers/promises";
import { ownDomains } from "../fleet/accounts.ts";
import type { MemberEvent } from "../fleet/member.ts";
import { randomFrom } from "../fleet/random.ts";
import { runFleet, type FleetOptions, type Progress } from "../fleet/run.ts";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { jumpingClock } from "./clock.ts";
import { watchErrors } from "./errors.ts";
import type { End, Evidence, Noted } from "./evidence.ts";
import { createLedger } from "./ledger.ts";
import { watchMemory } from "./memory.ts";
import { rowsOf } from "./rows.ts";
import { makeTrouble, type Damage } from "./troubles.ts";

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly pbxes: number;
  /** Posts per second. */
  readonly rate: number;
  readonly onProgress: (progress: Progress, damage: Damage) => void;
}

/** API Gateway's 10 minutes and 2 hours, scaled. A PBX sends KeepAlive every 5 s, so only a quiet one is cut for silence. */
const TIMES = { idleMs: 12_000, lifetimeMs: 40_000 };
/** PBXes that send nothing after their login, so that some are cut for silence. */
const QUIET = 3;
const HOUSEKEEPING_MS = 2_000;
/** Rows of connections are swept after 3 h; in s. */
const ROW_LIFE = 3 * 3_600 + 3_600;

/** Runs a fleet on a local host of its own while every dependency fails in turn. Rejects only if the run itself fails. */
export async function soak({ minutes, seed, pbxes, rate, onProgress }: SoakOptions): Promise<Evidence> {
  const watched = watchErrors();
  let unanswered = 0;
  const clock = jumpingClock();
  const host = await startLocalHost({
    port: 0,
    connectionTimes: TIMES,
    onLog: (entry) => {
      watched.hear(entry);
      unanswered += publishUnknown(entry.line);
    },
  });
  let release = () => Promise.resolve();
  let chores: NodeJS.Timeout | undefined;
  try {
    const own = await ownDomains(host.url, pbxes)(new AbortController().signal);
    release = own.release;
    const random = randomFrom(seed);
    const ledger = createLedger(host.sns);
    const memory = watchMemory(host);
    const damage: Damage = { killed: new Map(), troubles: [], dropped: 0, newSecretLogins: 0 };
    const { notes, onEvent } = notebook();
    const gone = watchGone(host);
    let [sent, posting] = [0, true];
    chores = setInterval(() => {
      ledger.collect();
      host.logs.clear();
      gone.look();
      if (posting) memory.sample(sent);
    }, HOUSEKEEPING_MS);

    const ending = new AbortController();
    const members = own.accounts.map((account, index) => ({ ...account, quiet: index >= 1 && index <= QUIET }));
    const options: FleetOptions = {
      url: host.wsUrl,
      accounts: members,
      rampPerSecond: 20,
      durationMs: minutes * 60_000,
      rate,
      shape: "flat",
      devices: 3,
      tokens: [],
      payloadBytes: 300,
      keepAliveMs: 5_000,
      resultMs: 10_000,
      dropsPerMinute: 20,
      seed,
      onEvent,
      onPost: ({ token, members: content }, outcome) => ledger.posted(idOf(content), token, outcome),
      onProgress: (progress) => {
        sent = progress.tally.posts.sent;
        onProgress(progress, damage);
      },
    };
    // Quiet PBXes keep their secrets, so that only silence ends their connections.
    const names = members.filter(({ quiet }) => !quiet).map(({ account }) => account);
    const trouble = afterRamp(pbxes / options.rampPerSecond, ending.signal).then(() =>
      makeTrouble({ host, random, clock, damage, gone: gone.list, accounts: names, signal: ending.signal }),
    );
    const origin = performance.now();
    const run = await runFleet(options).finally(() => ending.abort());
    posting = false;
    await trouble;
    await quiet(host);
    clearInterval(chores);
    ledger.collect();
    const { posts: counted, connections, latency, spans } = run.tally;
    return {
      startedAt: run.startedAt.toISOString(),
      settings: { seed, minutes, pbxes, rate },
      times: TIMES,
      posts: ledger.posts(),
      counted,
      connections,
      latency: latency.summary(),
      timeline: spans,
      origin,
      ...notes,
      troubles: damage.troubles,
      killed: Object.fromEntries(damage.killed),
      dropped: damage.dropped,
      closed: host.calls.list()["execute-api.DeleteConnection"] ?? 0,
      newSecretLogins: damage.newSecretLogins,
      unanswered,
      failedPushes: ledger.failed(),
      errors: watched.errors,
      notForgotten: watched.notForgotten,
      memory: memory.samples,
      rows: await rowsOf(host),
      sweptBy: run.startedAt.getTime() / 1_000 + run.seconds + ROW_LIFE,
      deadLetters: deadLettersOf(host),
    };
  } finally {
    clearInterval(chores);
    clock.restore();
    await release();
    await host.stop();
  }
}

const afterRamp = (seconds: number, signal: AbortSignal) =>
  sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);

function idOf(members: unknown): string {
  const { id } = members as { readonly id: string };
  return id;
}

/** What happened to the fleet's PBXes, with the time. */
function notebook() {
  const notes = { ends: [] as End[], failures: [] as Noted[], violations: [] as Noted[] };
  const onEvent = (event: MemberEvent) => {
    const at = performance.now();
    switch (event.name) {
      case "ended": {
        const { closed, ms, quiet: silent, byUs } = event;
        return void notes.ends.push({ at, ms, ...closed, quiet: silent, byUs });
      }
      case "failed":
        return void notes.failures.push({ at, what: event.why });
      case "violation":
        return void notes.violations.push({ at, what: event.what });
    }
  };
  return { notes, onEvent };
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

/** Resolves when every event has ended, and SNS has nothing pending. */
async function quiet(host: LocalHost): Promise<void> {
  const busy = () => host.functions.some((each) => each.counts().taken !== each.counts().ended);
  for (const until = performance.now() + 60_000; busy() && performance.now() < until; ) await sleep(100);
  await host.sns.settled();
}

const deadLettersOf = ({ queues }: LocalHost): Evidence["deadLetters"] => {
  const targets = new Set(queues.map(({ definition }) => definition.redrive?.targetArn));
  const dead = queues.filter(({ definition }) => targets.has(definition.arn));
  return Object.fromEntries(
    dead.map((queue) => [queue.definition.name, queue.counts().visible + queue.counts().inFlight]),
  );
};

/** The metric PublishUnknown in a line of Embedded Metric Format. */
function publishUnknown(line: string): number {
  if (!line.includes('"PublishUnknown"')) return 0;
  const { PublishUnknown = 0 } = JSON.parse(line) as { readonly PublishUnknown?: number | readonly number[] };
  return typeof PublishUnknown === "number" ? PublishUnknown : PublishUnknown.reduce((sum, value) => sum + value, 0);
}
