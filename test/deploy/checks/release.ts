import assert from "node:assert/strict";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

const parts = ["bin", "lib", "lambdas", "local", "cdk.json", "package.json", "package-lock.json", "tsconfig.json"];

/**
 * The next release: a copy of the project in `directory` in which one value of a stage differs, which changes the
 * environment of a function and thus its version. Everything else stays the same.
 */
export async function nextRelease(root: string, directory: string, stage: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const part of parts) await cp(join(root, part), join(directory, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(directory, "node_modules"));
  const stages = await readFile(join(root, "stages.ts"), "utf8");
  const begin = `  ${stage}: {\n`;
  assert.ok(stages.includes(begin), `stages.ts has no line "${begin.trim()}"`);
  await writeFile(join(directory, "stages.ts"), stages.replace(begin, `${begin}    deadlineMs: 2_500,\n`));
}
