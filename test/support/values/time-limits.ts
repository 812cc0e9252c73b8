import { setImmediate as idle } from "node:timers/promises";
import { afterEach, beforeEach, expect, vi } from "vitest";

/** Stops time limits in all tests of a file or block, so that none ends a call on a slow machine. */
export function holdTimeLimits(): void {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());
}

/**
 * Under held time limits: what `work` fails with when `ms` have passed, and not sooner.
 * @param begun resolves when the limit of `work` has begun; without, it begins at once
 */
export async function failsAfter(ms: number, work: Promise<unknown>, begun?: Promise<unknown>): Promise<unknown> {
  let over = false;
  const failure = work
    .then(
      () => {
        throw new Error("the work did not fail");
      },
      (error: unknown) => error,
    )
    .finally(() => (over = true));
  await begun;
  vi.advanceTimersByTime(ms - 1);
  await idle();
  await idle();
  expect(over).toBe(false);
  vi.advanceTimersByTime(1);
  return failure;
}
