import { execFileSync } from "node:child_process";

/** The commit that a measurement is of, `-dirty` behind it where the files differ from it; `unknown` outside a repository. */
export function commitHere(): string {
  try {
    const args = ["describe", "--always", "--dirty", "--abbrev=7", "--exclude=*"];
    return execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}
