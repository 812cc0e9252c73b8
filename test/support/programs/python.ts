import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./child.ts";

export interface PythonPackages {
  /** Directory of the virtual environment. */
  readonly directory: string;
  /** File with every package and its exact version. */
  readonly requirements: string;
  /** File for pip's output. */
  readonly log: string;
}

/** Creates a virtual environment with those packages unless it exists. Returns its Python. */
export async function installPackages({ directory, requirements, log }: PythonPackages): Promise<string> {
  const python = join(directory, "bin", "python");
  const stamp = join(directory, "installed.txt");
  const wanted = await readFile(requirements, "utf8");
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return python;
  await rm(directory, { recursive: true, force: true });
  const common = { env: process.env, log, seconds: 180 };
  await run({ ...common, program: "python3", args: ["-m", "venv", directory] });
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  await run({ ...common, program: python, args: ["-m", "pip", "install", ...quiet, "-r", requirements] });
  await writeFile(stamp, wanted);
  return python;
}
