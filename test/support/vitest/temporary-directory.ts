import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * One temporary directory per run, removed at its end: workers are killed before they can clean up, and assemblies and
 * bundles are megabytes each. It also caches compiled code for the many processes, which halves the start of a command
 * line.
 */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "push-tests-"));
  process.env["TMPDIR"] = directory;
  process.env["NODE_COMPILE_CACHE"] = join(directory, "compiled");
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
