import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * One temporary directory for a whole run, removed at its end: workers are ended without a chance to clean up after
 * themselves, and assemblies and bundles are megabytes each. What one of the many processes has compiled, the next finds
 * there: half the start of a command line.
 */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "push-tests-"));
  process.env["TMPDIR"] = directory;
  process.env["NODE_COMPILE_CACHE"] = join(directory, "compiled");
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
