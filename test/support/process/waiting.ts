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

const TICK_MS = 20;
/** Later than this a timer comes only where the machine has no time for this process, in ms. */
const JITTER_MS = 5;

/** Watches how long the machine lets this process wait, from now until `stop`; so that its lateness is not taken for the product's. */
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
