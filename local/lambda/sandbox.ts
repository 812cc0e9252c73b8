import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { lineWriter } from "./line-writer.ts";
import type { Invocation, SandboxData, SandboxMessage, SandboxNews } from "./protocol.ts";

/** Entry point of a worker thread: one Lambda sandbox. Loads the bundle once, then handles one event at a time. */
type Handler = (event: unknown, context: object) => unknown;

const data = workerData as SandboxData;
let lines: string[] = [];
let underWay: string | undefined;
const send = (news: SandboxNews) => {
  parentPort?.postMessage({ ...news, lines } satisfies SandboxMessage);
  lines = [];
};
const sendLines = () => {
  if (lines.length > 0) send({ kind: "wrote" });
};

// A worker's own console costs two messages between threads per line, a third of all messages for a post.
const written = lineWriter((line) => {
  if (lines.push(line) === 1) setImmediate(sendLines);
});
globalThis.console = textFormat(written);
process.stdout.write = written.write.bind(written) as typeof process.stdout.write;
process.on("exit", sendLines);

if (data.patience !== 1) lengthenLimits(data.patience);
try {
  const handler = await loadHandler();
  parentPort?.on("message", (invocation: Invocation) => void answer(handler, invocation));
  send({ kind: "ready" });
} catch (error) {
  send(failure(error, true));
}

/**
 * `console` prefixes time, request id and level, so its lines are not JSON; standard output is logged as it is.
 * Sources: Lambda Developer Guide, "Log and monitor Node.js Lambda functions"; powertools-lambda-typescript#747 shows
 * such a line.
 */
function textFormat(output: Writable): Console {
  const levels = { log: "INFO", info: "INFO", warn: "WARN", error: "ERROR", debug: "DEBUG", trace: "TRACE" };
  const methods = Object.entries(levels).map(([method, level]) => {
    const write = (...given: unknown[]) =>
      output.write(`${new Date().toISOString()}\t${underWay}\t${level}\t${format(...given)}\n`);
    return [method, write] as const;
  });
  return Object.assign(Object.create(console) as Console, Object.fromEntries(methods));
}

/** Time limits use these two functions; pauses use node:timers/promises. */
function lengthenLimits(times: number): void {
  const timer = globalThis.setTimeout;
  const patient = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => timer(run, ms * times, ...args);
  globalThis.setTimeout = Object.assign(patient, timer);
  const signal = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => signal(ms * times);
}

async function loadHandler(): Promise<Handler> {
  const [file = "", name = ""] = data.handler.split(/\.(?=[^.]*$)/u);
  const path = [".mjs", ".js", ".cjs"].map((extension) => join(data.taskRoot, file + extension)).find(existsSync);
  if (path === undefined) throw new Error(`Cannot find module '${file}' in ${data.taskRoot}`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown> & {
    default?: Record<string, unknown>;
  };
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== "function") throw new Error(`${data.handler} is undefined or not exported`);
  return handler as Handler;
}

async function answer(handler: Handler, { requestId, event, timeoutMs }: Invocation): Promise<void> {
  underWay = requestId;
  const deadline = performance.now() + timeoutMs;
  const context = {
    awsRequestId: requestId,
    functionName: data.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMb),
    logGroupName: `/aws/lambda/${data.functionName}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - performance.now()),
  };
  try {
    const result: unknown = await handler(JSON.parse(event) as unknown, context);
    send({ kind: "result", payload: JSON.stringify(result ?? null) });
  } catch (error) {
    send(failure(error, false));
  }
}

function failure(error: unknown, init: boolean): SandboxNews {
  const thrown = error instanceof Error ? error : new Error(String(error));
  return { kind: "error", init, errorType: thrown.name, errorMessage: thrown.message, stack: thrown.stack ?? "" };
}
