import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MB = 2 ** 20;
/** What a heap may grow in the second half of a run and still be called flat. */
const GROWTH = 1.2;
const SLACK = 10 * MB;

/** Heap of this process after a collection of garbage, over a run. The sandboxes' heaps are bounded by themselves. */
export interface MemoryWatch {
  sample(): void;
  /** Heap in MB at half the run and at its end, and whether it stayed. */
  verdict(): { readonly half: number; readonly end: number; readonly flat: boolean };
}

export function watchMemory(): MemoryWatch {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const samples: number[] = [];
  return {
    sample() {
      collect();
      samples.push(process.memoryUsage().heapUsed);
    },
    verdict() {
      const half = samples[Math.floor(samples.length / 2)] ?? 0;
      const end = samples.at(-1) ?? 0;
      return { half: half / MB, end: end / MB, flat: end <= half * GROWTH + SLACK };
    },
  };
}
