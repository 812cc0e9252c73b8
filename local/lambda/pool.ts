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
  /** Multiplies the time limits that its code sets by `setTimeout` and `AbortSignal.timeout`. */
  readonly patience: number;
  readonly memoryMb: number;
  /** Maximum number of sandboxes. */
  readonly concurrency: number;
  /** Name of its role. */
  readonly role: string;
  readonly logGroup: string;
  /** Read when the first sandbox starts, when the addresses of other parts are known. */
  readonly environment: () => Readonly<Record<string, string>>;
}

export interface LambdaFunction {
  readonly definition: FunctionDefinition;
  /** Runs the handler on the event. Never rejects. Waits while all sandboxes are busy. */
  invoke(event: unknown): Promise<InvocationResult>;
  /** Events accepted so far, and how many of them have ended. */
  counts(): { readonly taken: number; readonly ended: number };
  /** Bytes in use on the heap of each sandbox. */
  heaps(): Promise<readonly number[]>;
  /** Ends all sandboxes, even busy ones; the next event starts a new one. */
  stop(): Promise<void>;
}

/** A monotonic clock in ms, and its sleep. */
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

/** Result of events that are still waiting when their function is stopped. */
export const STOPPING: InvocationResult = {
  ok: false,
  error: { errorType: "Runtime.ExitError", errorMessage: "the local host is stopping" },
};

/** Busy cores delay a start by this time at most, in ms: the sandboxes may be waiting for something else. */
const LONGEST_REST_MS = 5_000;

/**
 * A function on this machine. On Lambda every waiting event starts a sandbox. Here sandboxes share a few cores, and a
 * few with well-compiled code are faster than many without. So they start one at a time, and only for an event that has
 * waited as long as a start takes while a core was free.
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

  /** Prefers the oldest idle sandbox: its code is compiled best and its caches are fullest. */
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
      all.clear(); // events that arrive meanwhile must not use them
      idle.clear();
      await Promise.all(stopped.map((sandbox) => sandbox.stop()));
    },
  };
}
