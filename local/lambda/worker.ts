import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Invocation, SandboxData, SandboxMessage } from "./protocol.ts";

/** A handler that threw, or a sandbox that crashed or timed out. */
interface InvocationError {
  readonly errorType: string;
  readonly errorMessage: string;
}
export type InvocationResult =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: InvocationError };

/** One sandbox: a worker thread with its own environment that takes one event at a time. */
export interface Sandbox {
  readonly thread: Worker;
  /** Resolves when the bundle has loaded, or with the error if that failed. */
  readonly ready: Promise<InvocationError | undefined>;
  /** Resolves when the thread has ended: by itself, through `stop`, or by a timeout. */
  readonly ended: Promise<void>;
  /** False once the thread is ending. */
  usable(): boolean;
  /** Never rejects. The sandbox must be ready and idle. A timeout ends the thread. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** Bytes in use on the thread's heap; undefined once it is ending. */
  heapUsed(): Promise<number | undefined>;
  stop(): Promise<void>;
}

const FILE = new URL("./sandbox.ts", import.meta.url);
/** Cache of compiled code without types, which makes the next sandbox start a quarter faster. */
const COMPILED = fileURLToPath(new URL("../../.local/compiled", import.meta.url));
/** Node 24 strips types itself; older versions need the loader that the host runs with. */
const EXEC_ARGV = process.features.typescript ? [] : process.execArgv;

export function startSandbox(
  data: SandboxData,
  environment: Readonly<Record<string, string>>,
  onLog: (line: string) => void,
): Sandbox {
  const worker = new Worker(FILE, {
    workerData: data,
    env: { ...environment, NODE_COMPILE_CACHE: COMPILED },
    execArgv: EXEC_ARGV,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: data.memoryMb },
  });
  for (const input of [worker.stdout, worker.stderr]) createInterface({ input }).on("line", onLog);

  const started = Promise.withResolvers<InvocationError | undefined>();
  const ended = Promise.withResolvers<void>();
  let settle: ((result: InvocationResult) => void) | undefined;
  let usable = true;

  const finish = (result: InvocationResult) => {
    const waiting = settle;
    settle = undefined;
    waiting?.(result);
  };
  const die = (error: InvocationError) => {
    usable = false;
    started.resolve(error);
    finish({ ok: false, error });
  };
  worker.on("message", (message: SandboxMessage) => {
    message.lines.forEach((line) => onLog(line));
    if (message.kind === "wrote") return;
    if (message.kind === "ready") return started.resolve(undefined);
    if (message.kind === "error") {
      const { init, errorType, errorMessage, stack } = message;
      onLog(
        JSON.stringify({
          level: "ERROR",
          message: init ? "Init Error" : "Invoke Error",
          errorType,
          errorMessage,
          stack,
        }),
      );
      return init ? die({ errorType, errorMessage }) : finish({ ok: false, error: { errorType, errorMessage } });
    }
    finish({ ok: true, payload: JSON.parse(message.payload) as unknown });
  });
  worker.on("error", (error: unknown) => {
    const errorMessage = error instanceof Error ? error.message : String(error);
    onLog(JSON.stringify({ level: "ERROR", message: "Uncaught Exception", errorMessage }));
    die({ errorType: "Runtime.UnhandledPromiseRejection", errorMessage });
  });
  worker.on("exit", () => {
    die({ errorType: "Runtime.ExitError", errorMessage: "Runtime exited" });
    ended.resolve();
  });

  return {
    thread: worker,
    ready: started.promise,
    ended: ended.promise,
    usable: () => usable,
    invoke(invocation) {
      const result = Promise.withResolvers<InvocationResult>();
      const timeout = setTimeout(() => {
        const errorMessage = "Task timed out";
        onLog(JSON.stringify({ level: "ERROR", message: errorMessage, function_request_id: invocation.requestId }));
        die({ errorType: "Sandbox.Timedout", errorMessage });
        void worker.terminate();
      }, invocation.timeoutMs);
      settle = (outcome) => {
        clearTimeout(timeout);
        result.resolve(outcome);
      };
      worker.postMessage(invocation);
      return result.promise;
    },
    async heapUsed() {
      const statistics = await worker.getHeapStatistics().catch(() => undefined);
      return statistics?.used_heap_size;
    },
    async stop() {
      usable = false;
      await worker.terminate();
    },
  };
}
