import { availableParallelism } from "node:os";
import { performance, type EventLoopUtilization } from "node:perf_hooks";

/** A thread with its event loop utilization. */
interface Thread {
  readonly performance: Pick<typeof performance, "eventLoopUtilization">;
}

/** How busy this host's threads keep the machine's cores. */
export interface Cores {
  /** Counts the thread until it is removed. */
  add(thread: Thread): void;
  remove(thread: Thread): void;
  /**
   * Starts to measure. The returned function says whether the threads have wanted all cores since: they were running,
   * or ready to run but without a core.
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
