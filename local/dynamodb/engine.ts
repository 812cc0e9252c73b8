import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../aws/listen.ts";

/** A DynamoDB to forward to. */
export interface Engine {
  readonly url: string;
  /** Whether it answers within 5 s. Never rejects. */
  answers(): Promise<boolean>;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const STOP_MS = 2_000;
const ANSWER_MS = 5_000;

/**
 * If the parent is killed, the engine's standard input ends, which kills the engine. The shell becomes the engine
 * (`exec`), so process id and exit code are the engine's own.
 */
const WATCHED = 'exec 3<&0; (cat <&3 >/dev/null; kill $$ 2>/dev/null) & exec "$0" "$@" </dev/null 3<&-';

/**
 * An external engine (DYNAMODB_ENDPOINT), or our own with its data in memory. Rejects with an Error that says what to
 * do.
 */
export async function startEngine(endpoint: string | undefined): Promise<Engine> {
  if (endpoint === undefined || endpoint === "") return startDynoxide();
  if (!(await answers(endpoint))) throw new Error(`DYNAMODB_ENDPOINT: nothing answers at ${endpoint}`);
  return {
    url: endpoint.replace(/\/+$/u, ""),
    answers: () => answers(endpoint, ANSWER_MS),
    stop: () => Promise.resolve(),
  };
}

async function startDynoxide(): Promise<Engine> {
  const binary = findBinary();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn("/bin/sh", ["-c", WATCHED, binary, "--host", "127.0.0.1", "--port", String(port)], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
  child.stdin.on("error", () => undefined); // it has already ended
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let stopping = false;
  const stop = async () => {
    stopping = true;
    child.stdin.end();
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await exited;
    clearTimeout(kill);
  };

  const until = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`the DynamoDB engine ended at once: ${errors.trim()}`);
    if (Date.now() > until) {
      await stop();
      throw new Error(`the DynamoDB engine does not answer within ${START_MS / 1000} s: ${errors.trim()}`);
    }
    await sleep(10);
  }
  void exited.then(() => {
    if (!stopping)
      console.error(`local host: the DynamoDB engine ended (${child.signalCode ?? child.exitCode}): ${errors.trim()}`);
  });
  return { url, answers: () => answers(url, ANSWER_MS), stop };
}

/** Path of the engine's program. Throws an Error that says what to do if there is none for this platform. */
export function findBinary(resolve: (name: string) => string = createRequire(import.meta.url).resolve): string {
  try {
    return join(dirname(resolve("@dynoxide/linux-x64/package.json")), "dynoxide");
  } catch {
    throw new Error(
      `no DynamoDB engine for ${process.platform}-${process.arch} is installed: run a DynamoDB-compatible server ` +
        "(dynoxide, DynamoDB Local) and set DYNAMODB_ENDPOINT=http://127.0.0.1:8000",
    );
  }
}

async function answers(url: string, limitMs = 1_000): Promise<boolean> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(limitMs) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
