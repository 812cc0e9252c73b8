import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { installPackages } from "../../support/programs/python.ts";
import { endGroup } from "../../support/programs/child.ts";

/** ministack (PyPI), an AWS emulator written by others, in a virtual environment of its own. */
export const region = "eu-central-1";
export const account = "000000000000";

const here = import.meta.dirname;
const requirements = join(here, "requirements.txt");

/** Returns the Python of ministack's virtual environment. */
export const install = (directory: string, log: string): Promise<string> =>
  installPackages({ directory, requirements, log });

export interface Deviation {
  readonly kind: "added" | "stubbed" | "assumed";
  readonly name: string;
  /** STACK/LOGICAL_ID; empty for all. */
  readonly at: string;
}

export interface Emulator {
  readonly url: string;
  /** Uses of modified parts of the emulator, one entry each. */
  deviations(): Promise<readonly Deviation[]>;
  /** Name of the role that signs with an access key; undefined for the account itself. */
  roleOf(accessKey: string): Promise<string | undefined>;
  /** What our functions have logged so far. */
  functionsLog(): Promise<string>;
  stop(): Promise<void>;
}

export interface Settings {
  /** The Python that `install` returned. */
  readonly python: string;
  /** Where the log and the report go. */
  readonly directory: string;
  /** Where the functions find SNS. */
  readonly snsUrl: string;
  /** Hosted zones that already exist, name by id. */
  readonly zones: Readonly<Record<string, string>>;
}

/**
 * Starts it on loopback, with IAM enforced: every function has only its own role's rights. Throws if it is not ready
 * within 30 s.
 */
export async function start({ python, directory, snsUrl, zones }: Settings): Promise<Emulator> {
  await mkdir(directory, { recursive: true });
  const report = join(directory, "deviations.jsonl");
  const functionsLog = join(directory, "functions.log");
  const sessions = join(directory, "sessions.jsonl");
  for (const file of [report, functionsLog, sessions]) await writeFile(file, "");
  // Outside the project: otherwise the project's node_modules would hide a package missing in a bundle.
  const temporary = await mkdtemp(join(tmpdir(), "deploy-check-"));
  const port = await freePort();
  const child = spawn(python, [join(here, "launcher.py")], {
    detached: true, // a process group of its own, so that its workers end with it
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: temporary,
      TMPDIR: temporary,
      REPORT: report,
      FUNCTIONS_LOG: functionsLog,
      SESSIONS: sessions,
      ZONES: JSON.stringify(zones),
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: `${region}.amazonaws.com`,
      MINISTACK_REGION: region,
      MINISTACK_ACCOUNT_ID: account,
      AUTH: "true",
      LAMBDA_EXECUTOR: "local",
      IOT_MTLS_ENABLED: "0",
      // For the functions, which inherit all of these:
      NODE_OPTIONS: `--import=${join(here, "names.ts")}`,
      AWS_ENDPOINT_URL_SNS: snsUrl,
    },
  });
  const log = createWriteStream(join(directory, "ministack.log"));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const stop = async (): Promise<void> => {
    await end(child);
    log.end();
    await rm(temporary, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(child, `${url}/_ministack/health`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    stop,
    deviations: async () => parse(await readFile(report, "utf8")),
    functionsLog: () => readFile(functionsLog, "utf8"),
    async roleOf(accessKey) {
      const lines = (await readFile(sessions, "utf8")).split("\n").filter((line) => line.includes(`"${accessKey}"`));
      return /assumed-role\/([^/"]+)\//u.exec(lines.at(-1) ?? "")?.[1];
    },
  };
}

const parse = (lines: string): readonly Deviation[] =>
  lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Deviation);

async function ready(child: ChildProcess, url: string): Promise<void> {
  const until = Date.now() + 30_000;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    if (answer?.ok) return;
    await delay(100);
  }
  throw new Error("ministack did not start: see ministack.log");
}

/** All of its state is in memory or temporary, so it needs no graceful shutdown. */
async function end(child: ChildProcess): Promise<void> {
  const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
  if (child.pid !== undefined) endGroup(child.pid);
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
