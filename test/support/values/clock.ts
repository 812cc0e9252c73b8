import { setImmediate as idle } from "node:timers/promises";
import type { Clock } from "../../../lambdas/ports/clock.ts";

export interface VirtualClock extends Clock {
  /** Lets time pass while nothing is pending. */
  advance(ms: number): void;
  /** Awaits `work`; while it only sleeps, time jumps to the next timer. Rejects if it waits without a timer. */
  run<T>(work: Promise<T>): Promise<T>;
}

export const NOON = Date.UTC(2026, 10, 2, 12);

/** Time that passes only while everyone sleeps, in the order of their timers. */
export function virtualClock(start = NOON): VirtualClock {
  let now = start;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: now + ms, wake })),
    advance(ms) {
      now += ms;
    },
    async run(work) {
      let done = false;
      const end = () => void (done = true);
      work.then(end, end);
      for (await idle(); !done; await idle()) {
        const at = Math.min(...sleepers.map((sleeper) => sleeper.at));
        if (at === Infinity) throw new Error("waits for nothing");
        now = Math.max(now, at);
        const woken = sleepers.filter((sleeper) => sleeper.at <= now);
        sleepers = sleepers.filter((sleeper) => sleeper.at > now);
        for (const { wake } of woken) wake();
      }
      return work;
    },
  };
}
