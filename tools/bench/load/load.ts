import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FleetReport } from "../../fleet/report/report.ts";
import { startLocalHost } from "../../../local/host.ts";
import { ROOT } from "../../shared/repository.ts";
import { watchCpu, type CpuWatch } from "./cpu-watch.ts";

const RAMP = 50; // connects per second
/** In s. After this time the service has checked every login again, so the checks do not count as cost of the posts. */
const SETTLE = 16;
/** PBXes that share a domain, as a customer's do; far fewer posts and new phones than the service lets a domain have. */
const PER_DOMAIN = 20;

export interface LoadOptions {
  readonly connections: number;
  /** Posts per second. */
  readonly rate: number;
  /** Duration of posting. */
  readonly seconds: number;
}

/** One rate, with a fleet in another process, whose PBXes and phones are new to the host. Times in ms. */
export interface Load extends LoadOptions {
  /** Logged in when the posting began. */
  readonly online: number;
  readonly posts: number;
  readonly taken: number;
  /** From sending the frame to its accepted result. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly errs: Readonly<Record<string, number>>;
  /** What the fleet found wrong: lost, late or duplicate results. */
  readonly broken: readonly string[];
  /** How late the fleet itself sent, at p99: above 100 it could not keep up the rate. */
  readonly lag: number;
  /**
   * CPU of the whole host process from the first post until the last result, execution environments and simulators included, DynamoDB
   * apart, in s per 10,000 posts.
   */
  readonly cpuPer10k: number;
}

/** No post lost, refused or later than a second at p99, all PBXes online, and the fleet kept the rate. */
export const isHeld = ({ p99, broken, posts, taken, lag, online, connections }: Load): boolean =>
  broken.length === 0 && taken === posts && online === connections && p99 < 1_000 && lag < 100;

/** The fleet sends no faster: `--rate` of `npm run pbx -- fleet`. */
const MOST = 1_000;
const LEAST = 5;

/** `loads` against one local host in this process. */
export async function loadsHere(
  rates: readonly number[],
  options: Omit<LoadOptions, "rate">,
  onLoad: (load: Load) => void,
): Promise<readonly Load[]> {
  const host = await startLocalHost({ port: 0 });
  const cpu = watchCpu();
  try {
    return await loads(rates, options, onLoad, (each) => load(host.url, cpu, each));
  } finally {
    cpu.stop();
    await host.stop();
  }
}

/**
 * The rates in turn, then in search of the highest one held: up by a quarter each time until one is not held or the fleet
 * can send no faster; or, where one of them was not held, down from it by a fifth each time until one is.
 */
export async function loads(
  rates: readonly number[],
  options: Omit<LoadOptions, "rate">,
  onLoad: (load: Load) => void,
  measure: (options: LoadOptions) => Promise<Load>,
): Promise<readonly Load[]> {
  const measured: Load[] = [];
  const held = async (rate: number) => {
    const result = await measure({ ...options, rate });
    measured.push(result);
    onLoad(result);
    return isHeld(result);
  };
  for (const rate of rates) await held(rate);
  const failed = Math.min(...measured.filter((each) => !isHeld(each)).map(({ rate }) => rate));
  if (Number.isFinite(failed)) {
    for (let rate = failed * 0.8; rate > Math.max(highestHeld(measured) ?? 0, LEAST); rate *= 0.8)
      if (await held(Math.round(rate))) break;
  } else {
    for (let rate = Math.max(...rates); rate < MOST; ) {
      rate = Math.min(Math.round(rate * 1.25), MOST);
      if (!(await held(rate))) break;
    }
  }
  return measured;
}

/** Posts per second; undefined if no rate was held. */
export function highestHeld(measured: readonly Load[]): number | undefined {
  const best = Math.max(...measured.filter(isHeld).map(({ rate }) => rate));
  return Number.isFinite(best) ? best : undefined;
}

async function load(url: string, cpu: CpuWatch, options: LoadOptions): Promise<Load> {
  const { posts, posting, connections, latency, errs, broken, fleet } = await runFleet(url, options);
  return {
    ...options,
    online: connections.onlineAtStart,
    posts: posts.sent,
    taken: posts.taken,
    p50: latency.p50,
    p99: latency.p99,
    max: latency.max,
    errs,
    broken,
    lag: fleet.lag.p99,
    cpuPer10k: (cpu.between(Date.parse(posting.from), Date.parse(posting.to)) / posts.sent) * 10_000,
  };
}

/** The user's own command; it shows its progress bar if standard error is a terminal. */
async function runFleet(url: string, { connections, rate, seconds }: LoadOptions): Promise<FleetReport> {
  const out = await mkdtemp(join(tmpdir(), "push-bench-"));
  const pbxes = [
    "--pbxes",
    connections,
    "--per-domain",
    PER_DOMAIN,
    "--ramp",
    RAMP,
    "--settle",
    SETTLE,
    "--devices",
    1,
  ];
  const posts = ["--rate", rate, "--duration", seconds, "--shape", "flat", "--seed", rate]; // own phones per rate
  const args = ["--import", "tsx", "bin/pbx.ts", "fleet", "--url", url, ...pbxes, ...posts, "--out", out, "--json"].map(
    String,
  );
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  try {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    if (text === "") throw new Error(`the fleet ended with ${code} and no report`);
    return JSON.parse(text) as FleetReport; // a fleet that found something wrong exits with 1 and still has a report
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
