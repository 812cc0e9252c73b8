import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** The repository that this is a part of. */
export const ROOT = join(import.meta.dirname, "..", "..");
/** What measuring itself writes: the second of two measurements is of the same commit as the first. */
const WRITTEN = ["docs", "tools/cost/measured.json"];

const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/** The commit that a measurement is of, `-dirty` behind it where the sources differ from it; `unknown` outside a repository. */
export function commitHere(): string {
  try {
    const others = WRITTEN.map((path) => `:!${path}`);
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ...others);
    return git("rev-parse", "--short=7", "HEAD") + (changed === "" ? "" : "-dirty");
  } catch {
    return "unknown";
  }
}
