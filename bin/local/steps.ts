import { setTimeout as sleep } from "node:timers/promises";

/** Tells a story: each step as one line with the time it took. */
export interface Story {
  /** A heading. */
  chapter(text: string): void;
  /** Runs a step; `tell` words what came of it. */
  step<T>(work: () => Promise<T>, tell: (result: T) => string): Promise<T>;
}

export function createStory(write: (line: string) => void): Story {
  return {
    chapter: (text) => write(`\n${text}`),
    async step(work, tell) {
      const begun = performance.now();
      const result = await work();
      write(`${`${Math.round(performance.now() - begun)} ms`.padStart(9)}  ${tell(result)}`);
      return result;
    },
  };
}

const LIMIT_MS = 20_000;

/** Asks again until there is an answer. Rejects after 20 s, naming what did not come, and at once when the signal aborts. */
export async function eventually<T>(
  what: string,
  signal: AbortSignal,
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const until = Date.now() + LIMIT_MS;
  while (Date.now() < until) {
    const found = await probe();
    if (found !== undefined) return found;
    await sleep(10, undefined, { signal });
  }
  throw new Error(`${what} did not come within ${LIMIT_MS / 1000} s`);
}
