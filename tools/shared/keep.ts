import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a measurement as JSON and its picture beside it; returns the files. The name is the time, ISO 8601. */
export function keep(directory: string, startedAt: string, results: object, picture?: string): readonly string[] {
  mkdirSync(directory, { recursive: true });
  const name = join(directory, startedAt.slice(0, 19).replaceAll(":", ""));
  writeFileSync(`${name}.json`, `${JSON.stringify(results, null, 2)}\n`);
  if (picture === undefined) return [`${name}.json`];
  writeFileSync(`${name}.svg`, picture);
  return [`${name}.json`, `${name}.svg`];
}
