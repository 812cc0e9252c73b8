import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { LocalHost } from "../../local/host.ts";
import { percentiles } from "../shared/percentiles.ts";
import type { Evidence, MemorySample } from "./evidence.ts";

export interface MemoryWatch {
  /** Begins a sample; one at a time. */
  sample(posts: number): void;
  readonly samples: readonly MemorySample[];
}

/** Limit in ms, as a thread that ends meanwhile might never answer. */
const ASK_MS = 1_000;

export function watchMemory({ functions }: LocalHost): MemoryWatch {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const samples: MemorySample[] = [];
  let asking = false;
  const take = async (posts: number) => {
    const heaps = await Promise.race([Promise.all(functions.map((each) => each.heaps())), sleep(ASK_MS, [])]);
    const all = heaps.flat();
    collect();
    const { heapUsed, rss } = process.memoryUsage();
    const environment = all.reduce((sum, bytes) => sum + bytes, 0) / all.length;
    if (all.length > 0) samples.push({ at: performance.now(), host: heapUsed, environment, rss, posts });
  };
  return {
    samples,
    sample(posts) {
      if (asking) return;
      asking = true;
      void take(posts).finally(() => (asking = false));
    },
  };
}

/** Medians while the fleet ran: of the second quarter (the first compiles and fills caches), and of the last. */
export function quarters(
  { memory }: Evidence,
  of: (sample: MemorySample) => number,
): { readonly early: number; readonly late: number } {
  const part = (from: number, to: number) =>
    memory.slice(Math.floor(memory.length * from), Math.ceil(memory.length * to));
  const median = (samples: readonly MemorySample[]) => percentiles(samples.map(of), 0).p50;
  return { early: median(part(0.25, 0.5)), late: median(part(0.75, 1)) };
}
