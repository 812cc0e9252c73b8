import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A thread that ends the process if a case blocks the main thread for too long, and names the case. */
export interface Watchdog {
  begins(what: string): void;
  ends(): void;
  stop(): Promise<number>;
}

const SOURCE = `
const { parentPort, workerData } = require("node:worker_threads");
const { writeSync } = require("node:fs");
let timer;
parentPort.on("message", (what) => {
  clearTimeout(timer);
  if (what === undefined) return;
  timer = setTimeout(() => {
    writeSync(2, "hangs for " + workerData.limitMs + " ms: " + what + "\\n");
    process.kill(process.pid, "SIGKILL");
  }, workerData.limitMs);
});`;

/** @param limitMs from `begins` to `ends` */
export async function startWatchdog(limitMs: number): Promise<Watchdog> {
  const worker = new Worker(SOURCE, { eval: true, workerData: { limitMs }, execArgv: [] });
  await once(worker, "online");
  worker.unref();
  return {
    begins: (what) => worker.postMessage(what),
    ends: () => worker.postMessage(undefined),
    stop: () => worker.terminate(),
  };
}
