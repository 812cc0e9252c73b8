import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { LocalHost } from "../../local/host.ts";
import type { MemorySample } from "./evidence.ts";

export interface MemoryWatch {
  /** Begins a sample; one at a time. */
  sample(posts: number): void;
  readonly samples: readonly MemorySample[];
}

/** A thread that ends while it is asked might never answer. In ms. */
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
    const sandbox = all.reduce((sum, bytes) => sum + bytes, 0) / all.length;
    if (all.length > 0) samples.push({ at: performance.now(), host: heapUsed, sandbox, rss, posts });
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
