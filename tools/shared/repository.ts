import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Root of this repository. */
export const ROOT = join(import.meta.dirname, "..", "..");
/** Files that measuring itself writes, which do not make a commit dirty. */
const WRITTEN = ["docs", "tools/cost/measured.json"];

const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/** The measured commit, with `-dirty` if the sources differ from it; `unknown` outside a repository. */
export function commitHere(): string {
  try {
    const others = WRITTEN.map((path) => `:!${path}`);
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ...others);
    return git("rev-parse", "--short=7", "HEAD") + (changed === "" ? "" : "-dirty");
  } catch {
    return "unknown";
  }
}
