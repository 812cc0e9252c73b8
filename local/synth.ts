import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  globSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { CDK_APP, SOURCES } from "./product.ts";

const ROOT = dirname(import.meta.dirname);
const HOME = join(ROOT, ".local");
/** One assembly per state of the sources: a running host loads its functions from there until it stops. */
const ASSEMBLIES = join(HOME, "assemblies");
const LOCK = join(HOME, "synthesizing");
const KEPT = 3;

const SYNTH_MS = 120_000;

export interface Assembly {
  readonly directory: string;
  /** False if the sources had not changed since the last time. */
  readonly synthesized: boolean;
}

/**
 * The cloud assembly of the stage `local`, synthesized if a source changed since the last time. If several processes
 * ask at the same time, one works and the others wait. Rejects with the CDK app's output, or when the signal aborts.
 */
export async function ensureAssembly(signal?: AbortSignal): Promise<Assembly> {
  mkdirSync(ASSEMBLIES, { recursive: true });
  const directory = join(ASSEMBLIES, hashSources());
  if (existsSync(directory)) return { directory, synthesized: false };
  const release = await lock(signal);
  try {
    if (existsSync(directory)) return { directory, synthesized: false };
    await synthesize(directory, signal);
    prune();
    return { directory, synthesized: true };
  } finally {
    release();
  }
}

/** Hash of the sources below `root`: 16 hex digits. */
export function hashSources(root = ROOT): string {
  const hash = createHash("sha256");
  const files = globSync(SOURCES, { cwd: root }).sort();
  for (const file of files)
    hash
      .update(`${file}\n`)
      .update(readFileSync(join(root, file)))
      .update("\n");
  return hash.digest("hex").slice(0, 16);
}

/** Runs the CDK app as the CDK CLI would, without the second or two that the CLI itself takes. */
async function synthesize(directory: string, signal?: AbortSignal): Promise<void> {
  const fresh = `${directory}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  const { context = {} } = JSON.parse(readFileSync(join(ROOT, "cdk.json"), "utf8")) as { context?: object };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  // CloudFormation's own rules take half the time. The CDK CLI checks them; nothing is deployed here.
  const environment = {
    ...process.env,
    CDK_VALIDATION: "false",
    CDK_OUTDIR: fresh,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage: "local" }),
  };
  try {
    await promisify(execFile)(process.execPath, ["--import", tsx, CDK_APP], {
      cwd: ROOT,
      env: environment,
      timeout: SYNTH_MS,
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const { stderr = "", message } = error as Error & { stderr?: string };
    throw new Error(`cannot synthesize ${relative(process.cwd(), ROOT) || "."}:\n${stderr.trim() || message}`);
  }
  if (existsSync(directory)) rmSync(fresh, { recursive: true, force: true });
  else renameSync(fresh, directory);
}

/** Removes all assemblies but the newest. */
function prune(): void {
  const assemblies = readdirSync(ASSEMBLIES).map((name) => join(ASSEMBLIES, name));
  const newestFirst = assemblies.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of newestFirst.slice(KEPT)) rmSync(old, { recursive: true, force: true });
}

/** Takes the lock, breaking that of a killed owner. It only saves work: two concurrent syntheses do no harm. */
async function lock(signal?: AbortSignal): Promise<() => void> {
  const own = `${LOCK}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    for (;;) {
      signal?.throwIfAborted();
      try {
        linkSync(own, LOCK); // atomic: nobody sees it half written
        return () => rmSync(LOCK, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        if (!isAlive(ownerOf(LOCK))) rmSync(LOCK, { recursive: true, force: true });
        await sleep(100);
      }
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Process id in the lock; undefined if it has been released. */
function ownerOf(lockFile: string): number | undefined {
  try {
    return Number(readFileSync(lockFile, "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
