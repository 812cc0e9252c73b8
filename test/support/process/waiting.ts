import { setTimeout as sleep } from "node:timers/promises";

/**
 * Limits that only end what hangs: no test fails because its machine is slow or busy. What a test waits for gives up
 * first, so that the failure names it.
 */
export const WAIT_MS = 120_000;
export const TEST_MS = 300_000;
export const HOOK_MS = 300_000;

/** Waits until `probe` gives something; rejects after a time that only ends what hangs. */
export async function eventually<T>(probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > until) throw new Error(`nothing within ${WAIT_MS} ms`);
    await sleep(10); // as real as it is where a test holds the timers
  }
}
