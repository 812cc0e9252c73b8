import { buildSync } from "esbuild";
import { join } from "node:path";
import { bundling } from "../../../lib/functions/shared/bundles.ts";
import { withAwsOverTls } from "./aws-over-tls.ts";
import { runEnvironment } from "./environments.ts";
import { percentiles } from "../../shared/percentiles.ts";
import { bundleVariant } from "./variants.ts";

/** The push function in a process of its own, posting at a steady rate over TLS; medians of the rounds. */
export interface Steady {
  readonly name: string;
  /** CPU for 1,000 posts, in s. */
  readonly cpuPer1000: number;
  readonly p50: number;
  readonly p99: number;
  readonly memoryMiB: number;
  /** Posts of all rounds without success: on a busy machine some time out. */
  readonly failed: number;
}

const RATE = 200;

/**
 * In turns: as deployed, with the SDK's clients, and the push function of another checkout.
 *
 * @param against directory of a checkout with its node_modules, such as the commit before
 */
export const steady = ({
  rounds,
  seconds,
  against,
}: {
  readonly rounds: number;
  readonly seconds: number;
  readonly against?: string | undefined;
}): Promise<readonly Steady[]> =>
  withAwsOverTls(async (aws, directory) => {
    const bundles = [
      { name: "lean", file: (await bundleVariant("push", "lean", directory)).file },
      { name: "sdk", file: (await bundleVariant("push", "sdk", directory)).file },
      ...(against === undefined ? [] : [{ name: against, file: bundleOf(against, directory) }]),
    ].map((bundle) => ({ ...bundle, runs: [] as Omit<Steady, "name">[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { file, runs } of bundles) {
        const events = seconds * RATE;
        const { rest, times, memoryMiB, failed } = await runEnvironment(file, "push", aws, {
          events,
          rate: RATE,
          warmUp: true,
        });
        const { p50, p99 } = percentiles(times);
        runs.push({ cpuPer1000: rest.cpuMs / events, p50, p99, memoryMiB, failed: failed.length });
      }
    }
    return bundles.map(({ name, runs }) => {
      const median = (of: (run: Omit<Steady, "name">) => number) => percentiles(runs.map(of)).p50;
      return {
        name,
        cpuPer1000: median((run) => run.cpuPer1000),
        p50: median(({ p50 }) => p50),
        p99: median(({ p99 }) => p99),
        memoryMiB: median((run) => run.memoryMiB),
        failed: runs.reduce((sum, { failed }) => sum + failed, 0),
      };
    });
  });

function bundleOf(checkout: string, directory: string): string {
  const file = join(directory, "against.mjs");
  buildSync({
    ...bundling,
    absWorkingDir: checkout,
    entryPoints: [join(checkout, "lambdas/entrypoints/push.ts")],
    outfile: file,
  });
  return file;
}
