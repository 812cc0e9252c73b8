import { randomUUID } from "node:crypto";
import { startSandbox, type InvocationResult, type Sandbox } from "./worker.ts";

/** A function as the template describes it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Directory of the bundle. */
  readonly taskRoot: string;
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Most sandboxes at a time. */
  readonly concurrency: number;
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
  /** Ends all sandboxes, busy ones too; the next event starts anew. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly event: unknown;
  readonly settle: (result: InvocationResult) => void;
}

/**
 * A function on this machine. On Lambda every waiting event starts a sandbox; here they would share a few cores and be
 * slower than waiting for a warm one. So one starts at a time, and the next not before a rest of the same length.
 */
export function createFunction(definition: FunctionDefinition, onLog: (line: string) => void): LambdaFunction {
  const { name, arn, taskRoot, handler, memoryMb, timeoutMs, concurrency } = definition;
  const data = { taskRoot, handler, functionName: name, functionArn: arn, memoryMb };
  const waiting: Waiting[] = [];
  const idle: Sandbox[] = [];
  const all = new Set<Sandbox>();
  let starting = false;
  let taken = 0;
  let ended = 0;
  let environment: Readonly<Record<string, string>> | undefined;

  const start = async () => {
    starting = true;
    const begunAt = performance.now();
    environment ??= definition.environment();
    const sandbox = startSandbox(data, environment, onLog);
    all.add(sandbox);
    void sandbox.ended.then(() => {
      all.delete(sandbox);
      const index = idle.indexOf(sandbox);
      if (index >= 0) idle.splice(index, 1);
    });
    const error = await sandbox.ready;
    setTimeout(rested, performance.now() - begunAt).unref();
    if (error === undefined) idle.push(sandbox);
    else if (all.has(sandbox)) {
      waiting.shift()?.settle({ ok: false, error });
      await sandbox.stop();
    }
    pump();
  };

  const rested = () => {
    starting = false;
    pump();
  };

  const run = async (sandbox: Sandbox, { event, settle }: Waiting) => {
    const invocation = { requestId: randomUUID(), event: JSON.stringify(event ?? null), timeoutMs };
    const result = await sandbox.invoke(invocation);
    if (sandbox.usable()) idle.push(sandbox);
    settle(result);
    pump();
  };

  const pump = () => {
    while (waiting.length > 0) {
      const sandbox = idle.pop();
      if (sandbox === undefined) break;
      const next = waiting.shift();
      if (next !== undefined) void run(sandbox, next);
    }
    if (waiting.length > 0 && !starting && all.size < concurrency) void start();
  };

  return {
    definition,
    invoke(event) {
      const { promise, resolve } = Promise.withResolvers<InvocationResult>();
      taken += 1;
      waiting.push({ event, settle: resolve });
      pump();
      return promise.finally(() => (ended += 1));
    },
    counts: () => ({ taken, ended }),
    async heaps() {
      const used = await Promise.all([...all].map((sandbox) => sandbox.heapUsed()));
      return used.filter((bytes) => bytes !== undefined);
    },
    async stop() {
      const error = { errorType: "Runtime.ExitError", errorMessage: "the local host is stopping" };
      for (const { settle } of waiting.splice(0)) settle({ ok: false, error });
      const stopped = [...all];
      all.clear(); // what comes meanwhile is no business of theirs
      idle.splice(0);
      await Promise.all(stopped.map((sandbox) => sandbox.stop()));
    },
  };
}
