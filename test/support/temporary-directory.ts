import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * One temporary directory for a whole run, removed at its end: workers are ended without a chance to clean up after
 * themselves, and assemblies and bundles are megabytes each.
 */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "push-tests-"));
  process.env["TMPDIR"] = directory;
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
