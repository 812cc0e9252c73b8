import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FleetReport } from "../bin/fleet/report.ts";
import { startLocalHost } from "../local/host.ts";

const ROOT = join(import.meta.dirname, "..");
const RAMP = 50; // connects per second
const REPORT_BYTES = 50 * 1024 * 1024;

export interface LoadOptions {
  readonly connections: number;
  /** Posts per second. */
  readonly rate: number;
  /** Of posting. */
  readonly seconds: number;
}

/** One rate on a local host of its own, with the fleet in another process. Times in ms. */
export interface Load extends LoadOptions {
  readonly posts: number;
  readonly taken: number;
  /** Frame sent until the result that says accepted. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly errs: Readonly<Record<string, number>>;
  /** What the fleet found broken: lost, late or doubled results. */
  readonly broken: readonly string[];
  /** How late the fleet itself sent, at p99: above 100 it could not keep the rate. */
  readonly lag: number;
  /** CPU of the whole host process, sandboxes and simulators included, DynamoDB apart, in s per 10,000 posts. */
  readonly cpuPer10k: number;
}

/** No post lost, refused or later than a second at p99, and the fleet kept the rate. */
export const isHeld = ({ p99, broken, posts, taken, lag }: Load): boolean =>
  broken.length === 0 && taken === posts && p99 < 1_000 && lag < 100;

export async function load(options: LoadOptions): Promise<Load> {
  const host = await startLocalHost({ port: 0 });
  try {
    const idle = process.cpuUsage();
    await fleet(host.url, { ...options, rate: 0.1, seconds: 1 });
    const ramped = process.cpuUsage(idle); // connecting, logging in, going away: not the posts' own
    const before = process.cpuUsage();
    const report = await fleet(host.url, options);
    const used = process.cpuUsage(before);
    const cpu = (used.user + used.system - ramped.user - ramped.system) / 1e6;
    const { posts, latency, errs, broken } = report;
    return {
      ...options,
      posts: posts.sent,
      taken: posts.taken,
      p50: latency.p50,
      p99: latency.p99,
      max: latency.max,
      errs,
      broken,
      lag: report.fleet.lag.p99,
      cpuPer10k: (cpu / posts.sent) * 10_000,
    };
  } finally {
    await host.stop();
  }
}

/** The fleet sends no faster: `--rate` of `npm run pbx -- fleet`. */
const MOST = 1_000;
const LEAST = 5;

/**
 * The rates in turn, then in search of the highest one held: up by a quarter each time until one is not held or the fleet
 * can send no faster; or, where one of them was not held, down from it by a fifth each time until one is.
 */
export async function loads(
  rates: readonly number[],
  options: Omit<LoadOptions, "rate">,
  onLoad: (load: Load) => void,
  measure: (options: LoadOptions) => Promise<Load> = load,
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
    for (let rate = failed * 0.8; rate > Math.max(highestHeld(measured) ?? 0, LEAST); rate *= 0.8) if (await held(Math.round(rate))) break;
  } else {
    for (let rate = Math.max(...rates); rate < MOST; ) {
      rate = Math.min(Math.round(rate * 1.25), MOST);
      if (!(await held(rate))) break;
    }
  }
  return measured;
}

/** Posts per second; undefined where no rate was held. */
export function highestHeld(measured: readonly Load[]): number | undefined {
  const best = Math.max(...measured.filter(isHeld).map(({ rate }) => rate));
  return Number.isFinite(best) ? best : undefined;
}

async function fleet(url: string, { connections, rate, seconds }: LoadOptions): Promise<FleetReport> {
  const out = await mkdtemp(join(tmpdir(), "push-bench-"));
  const args = ["--url", url, "--pbxes", connections, "--ramp", RAMP, "--rate", rate, "--duration", seconds];
  const rest = ["--shape", "flat", "--devices", 1, "--seed", 1, "--out", out, "--json"];
  const command = ["--import", "tsx", "bin/pbx.ts", "fleet", ...[...args, ...rest].map(String)];
  try {
    const options = { cwd: ROOT, maxBuffer: REPORT_BYTES };
    const { stdout } = await promisify(execFile)(process.execPath, command, options).catch(saidSomething);
    return JSON.parse(stdout) as FleetReport;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** A fleet that found something broken exits with 1, and has a report all the same. */
function saidSomething(error: unknown): { stdout: string } {
  const { stdout } = error as { stdout?: string };
  if (stdout === undefined || stdout === "") throw error;
  return { stdout };
}
