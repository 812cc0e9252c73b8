import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cores } from "./cores.ts";
import { startSandbox, type InvocationResult, type Sandbox } from "./worker.ts";

/** A function as the template describes it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Directory of the bundle. */
  readonly taskRoot: string;
  readonly handler: string;
  readonly timeoutMs: number;
  /** How many times longer the limits that its code sets itself are, by `setTimeout` and `AbortSignal.timeout`. */
  readonly patience: number;
  readonly memoryMb: number;
  /** Most sandboxes at a time. */
  readonly concurrency: number;
  /** Name of the role that it calls as. */
  readonly role: string;
  readonly logGroup: string;
  /** Read when the first sandbox starts: addresses of other parts are known by then. */
  readonly environment: () => Readonly<Record<string, string>>;
}

export interface LambdaFunction {
  readonly definition: FunctionDefinition;
  /** Runs the handler on the event. Never rejects. Waits while all sandboxes are busy. */
  invoke(event: unknown): Promise<InvocationResult>;
  /** Events taken so far, and how many of them have ended. */
  counts(): { readonly taken: number; readonly ended: number };
  /** Bytes in use on the heap of each sandbox. */
  heaps(): Promise<readonly number[]>;
  /** Ends all sandboxes, busy ones too; the next event starts again. */
  stop(): Promise<void>;
}

/** Ms that only grow, and a sleep by them. */
export interface PoolClock {
  now(): number;
  sleep(ms: number): Promise<unknown>;
}
const REAL: PoolClock = { now: () => performance.now(), sleep: (ms) => sleep(ms) };

interface Waiting {
  readonly event: unknown;
  readonly since: number;
  readonly settle: (result: InvocationResult) => void;
}

/** What becomes of events that are waiting when their function is stopped. */
export const STOPPING: InvocationResult = {
  ok: false,
  error: { errorType: "Runtime.ExitError", errorMessage: "the local host is stopping" },
};

/** Busy cores put a start off for this time at most, in ms: what the sandboxes wait for may be no core. */
const LONGEST_REST_MS = 5_000;

/**
 * A function on this machine. On Lambda every waiting event starts a sandbox; here they share a few cores, and many, none
 * of which has run long enough for its code to be compiled well, are slower than a few. So one starts at a time, and
 * another only for an event that has waited as long as a start takes, while there was a core to spare.
 */
export function createFunction(
  definition: FunctionDefinition,
  cores: Cores,
  onLog: (line: string) => void,
  clock: PoolClock = REAL,
): LambdaFunction {
  const { name, arn, taskRoot, handler, memoryMb, timeoutMs, patience, concurrency } = definition;
  const data = { taskRoot, handler, functionName: name, functionArn: arn, memoryMb, patience };
  const waiting: Waiting[] = [];
  const idle = new Set<Sandbox>();
  const all = new Set<Sandbox>(); // the oldest first
  const lastStart = { at: 0, ms: 0 };
  let growing = false;
  let taken = 0;
  let ended = 0;
  let environment: Readonly<Record<string, string>> | undefined;

  const start = async () => {
    lastStart.at = clock.now();
    environment ??= definition.environment();
    const sandbox = startSandbox(data, environment, onLog);
    all.add(sandbox);
    cores.add(sandbox.thread);
    void sandbox.ended.then(() => {
      cores.remove(sandbox.thread);
      all.delete(sandbox);
      idle.delete(sandbox);
    });
    const error = await sandbox.ready;
    lastStart.ms = clock.now() - lastStart.at;
    if (error === undefined) idle.add(sandbox);
    else if (all.has(sandbox)) {
      waiting.shift()?.settle({ ok: false, error });
      await sandbox.stop();
    }
    pump();
  };

  const worthAnother = async (): Promise<boolean> => {
    const from = clock.now();
    const busy = cores.watch();
    await clock.sleep(lastStart.ms);
    const [oldest] = waiting;
    if (oldest === undefined || oldest.since > from) return false;
    return !busy() || clock.now() - lastStart.at > LONGEST_REST_MS;
  };

  const grow = async () => {
    growing = true;
    while (waiting.length > 0 && all.size < concurrency) if (all.size === 0 || (await worthAnother())) await start();
    growing = false;
  };

  const run = async (sandbox: Sandbox, { event, settle }: Waiting) => {
    const invocation = { requestId: randomUUID(), event: JSON.stringify(event ?? null), timeoutMs };
    const result = await sandbox.invoke(invocation);
    if (sandbox.usable()) idle.add(sandbox);
    settle(result);
    pump();
  };

  /** The oldest does all it can: its code is compiled best, and it remembers most. */
  const pump = () => {
    for (const sandbox of all) {
      if (waiting.length === 0) return;
      if (!idle.delete(sandbox)) continue;
      const next = waiting.shift();
      if (next !== undefined) void run(sandbox, next);
    }
    if (waiting.length > 0 && !growing) void grow();
  };

  return {
    definition,
    invoke(event) {
      const { promise, resolve } = Promise.withResolvers<InvocationResult>();
      taken += 1;
      waiting.push({ event, since: clock.now(), settle: resolve });
      pump();
      return promise.finally(() => (ended += 1));
    },
    counts: () => ({ taken, ended }),
    async heaps() {
      const used = await Promise.all([...all].map((sandbox) => sandbox.heapUsed()));
      return used.filter((bytes) => bytes !== undefined);
    },
    async stop() {
      for (const { settle } of waiting.splice(0)) settle(STOPPING);
      const stopped = [...all];
      all.clear(); // what comes meanwhile is no business of theirs
      idle.clear();
      await Promise.all(stopped.map((sandbox) => sandbox.stop()));
    },
  };
}
