import { spawn } from "node:child_process";
import { once } from "node:events";
import { bareEnvironment, NODE_ARGS } from "../process/command.ts";
import { WAIT_MS } from "../process/waiting.ts";

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as npm does; `meanwhile` may act on the running process, e.g. press Ctrl-C. */
export async function pbx(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  meanwhile?: (out: string, interrupt: () => void) => unknown,
): Promise<Run> {
  const child = spawn(process.execPath, [...NODE_ARGS, "bin/pbx.ts", ...args], {
    env: { ...bareEnvironment(), ...env },
    timeout: WAIT_MS,
  });
  let out = "";
  let err = "";
  let interrupts = 0; // a second Ctrl-C would end it at once
  const interrupt = () => void (interrupts++ === 0 && child.kill("SIGINT"));
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    meanwhile?.(out, interrupt);
  });
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}
