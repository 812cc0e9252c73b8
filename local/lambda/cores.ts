import { availableParallelism } from "node:os";
import { performance, type EventLoopUtilization } from "node:perf_hooks";

/** A thread whose event loop tells how long it worked. */
interface Thread {
  readonly performance: Pick<typeof performance, "eventLoopUtilization">;
}

/** What this host's threads ask of the machine. */
export interface Cores {
  /** Counts the thread until it is removed. */
  add(thread: Thread): void;
  remove(thread: Thread): void;
  /**
   * Begins to watch; what it returns tells whether all cores have been asked for since, by threads that worked or would
   * have, had they got a core.
   */
  watch(): () => boolean;
}

export function createCores(cores = availableParallelism(), own: readonly Thread[] = [{ performance }]): Cores {
  const threads = new Set(own);
  return {
    add: (thread) => void threads.add(thread),
    remove: (thread) => void threads.delete(thread),
    watch() {
      const before = new Map<Thread, EventLoopUtilization>();
      for (const thread of threads) before.set(thread, thread.performance.eventLoopUtilization());
      return () => {
        let wanted = 0;
        for (const thread of threads) wanted += thread.performance.eventLoopUtilization(before.get(thread)).utilization;
        return wanted >= cores;
      };
    },
  };
}
