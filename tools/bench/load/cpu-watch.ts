/** CPU time of all threads of this process. */
export interface CpuWatch {
  /** CPU used between two times that are known only afterwards, Unix ms; in s. */
  between(from: number, to: number): number;
  stop(): void;
}

const EVERY_MS = 100;

/** @param usage CPU used so far, as `process.cpuUsage` reports it, in µs */
export function watchCpu(
  usage: () => { readonly user: number; readonly system: number } = () => process.cpuUsage(),
): CpuWatch {
  const samples: { readonly at: number; readonly used: number }[] = [];
  const sample = () => {
    const { user, system } = usage();
    samples.push({ at: Date.now(), used: (user + system) / 1e6 });
  };
  sample();
  const timer = setInterval(sample, EVERY_MS);
  const at = (moment: number) => (samples.findLast((each) => each.at <= moment) ?? samples[0])?.used ?? 0;
  return {
    between(from, to) {
      sample();
      return at(to) - at(from);
    },
    stop: () => clearInterval(timer),
  };
}
