import { setTimeout as sleep } from "node:timers/promises";

/** Only catches hangs. */
const LIMIT_MS = 60_000;

/** Asks until there is an answer. Rejects after a minute, naming what is missing, or as soon as the signal aborts. */
export async function eventually<T>(
  what: string,
  signal: AbortSignal,
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const until = Date.now() + LIMIT_MS;
  while (Date.now() < until) {
    const found = await probe();
    if (found !== undefined) return found;
    await sleep(50, undefined, { signal });
  }
  throw new Error(`${what} did not come within ${LIMIT_MS / 1000} s`);
}
