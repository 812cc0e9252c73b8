import { format } from "node:util";
import type { Command } from "commander";
import { vi } from "vitest";
import { run } from "../../../bin/shared/program.ts";
import { isCallers, type Outcome } from "./command.ts";

/**
 * Runs a command line in this process and returns its output: a hundred runs take as long as starting two processes.
 */
export async function runHere(
  program: Command,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const written = { out: "", err: "" };
  const listen = (stream: NodeJS.WriteStream, name: keyof typeof written) =>
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      written[name] += String(chunk);
      return true;
    });
  // Vitest's own console writes elsewhere.
  const hear = (method: "log" | "error", name: keyof typeof written) =>
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => {
      written[name] += `${format(...said)}\n`;
    });
  const spies = [
    listen(process.stdout, "out"),
    listen(process.stderr, "err"),
    hear("log", "out"),
    hear("error", "err"),
  ];
  for (const name of Object.keys(process.env).filter(isCallers)) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  try {
    const code = await run(program, args);
    return { code, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
