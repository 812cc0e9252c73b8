import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment, nothing inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** File for the program's output. */
  readonly log: string;
  /** Seconds after which it is killed. */
  readonly seconds: number;
}

/** Leaders of the process groups that are running. */
const groups = new Set<number>();

/** Ends all programs started by `run`, with their child processes. */
export function endAll(): void {
  for (const pid of groups) endGroup(pid);
}

/** Ends a process group by its leader's id, which may have ended already. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Runs a program to its end. Returns what it wrote to stdout; throws an Error with its last lines if it fails. */
export async function run({ program, args, env, cwd, log, seconds }: Command): Promise<string> {
  const file = createWriteStream(log, { flags: "a" });
  file.write(`\n$ ${program} ${args.join(" ")}\n`);
  const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  const timer = setTimeout(() => pid !== undefined && endGroup(pid), seconds * 1_000);
  let stdout = "";
  let all = "";
  const take = (chunk: Buffer): void => {
    all += chunk.toString();
    file.write(chunk);
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    take(chunk);
  });
  child.stderr.on("data", take);
  const ended = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code === 0 ? "" : (signal ?? `exit code ${code}`)));
  }).finally(() => {
    clearTimeout(timer);
    if (pid !== undefined) groups.delete(pid);
    file.end();
  });
  if (ended) throw new Error(`${program} ${args[0] ?? ""}: ${ended}\n${lastLines(all)}`);
  return stdout;
}

const lastLines = (text: string): string => text.trim().split("\n").slice(-25).join("\n");
