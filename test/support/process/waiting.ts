import { setTimeout as sleep } from "node:timers/promises";

/**
 * Limits that only catch hangs: no test fails because its machine is slow or busy. A wait inside a test gives up
 * before the test does, so that the failure names it.
 */
export const WAIT_MS = 120_000;
export const TEST_MS = 300_000;
export const HOOK_MS = 300_000;

/** Waits until `probe` returns something; rejects after a time that only catches hangs. */
export async function eventually<T>(probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > until) throw new Error(`nothing within ${WAIT_MS} ms`);
    await sleep(10); // real even if a test fakes the timers
  }
}

const TICK_MS = 20;
/** A timer late by more than this, in ms, means that the machine had no time for this process. */
const JITTER_MS = 5;

/**
 * Measures from now until `stop` how long the machine makes this process wait, so that it is not blamed on the product.
 */
export function watchLag(): { readonly between: (from: number, to: number) => number; readonly stop: () => void } {
  const lags: { readonly at: number; readonly ms: number }[] = [];
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    const ms = now - last - TICK_MS;
    if (ms > JITTER_MS) lags.push({ at: now, ms });
    last = now;
  }, TICK_MS);
  return {
    /** Time that was lost between two times of `Date.now()`, in ms. */
    between: (from, to) =>
      lags.filter(({ at, ms }) => at >= from && at - ms <= to).reduce((total, { ms }) => total + ms, 0),
    stop: () => clearInterval(timer),
  };
}
