import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machine, type Machine } from "./machine.ts";
import { commitHere, ROOT } from "./repository.ts";

/** When, for which commit, and on which machine something was measured. */
export interface Measurement {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly commit: string;
  readonly machine: Machine;
}

export const beginMeasurement = (): Measurement => ({
  startedAt: new Date().toISOString(),
  commit: commitHere(),
  machine: machine(),
});

/** Writes a measurement to `.local/FOLDER` as JSON, and its picture beside it; returns the files, named by the time. */
export function keep<T extends Measurement>(folder: string, measured: T, picture?: string): readonly string[] {
  const directory = join(ROOT, ".local", folder);
  mkdirSync(directory, { recursive: true });
  const name = join(directory, measured.startedAt.slice(0, 19).replaceAll(":", ""));
  writeFileSync(`${name}.json`, `${JSON.stringify(measured, null, 2)}\n`);
  if (picture === undefined) return [`${name}.json`];
  writeFileSync(`${name}.svg`, picture);
  return [`${name}.json`, `${name}.svg`];
}
