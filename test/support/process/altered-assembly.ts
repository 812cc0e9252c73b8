import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Template } from "../../../local/cloudformation/template.ts";
import { ensureAssembly } from "../../../local/synth.ts";

const TEMPLATE = ".template.json";

/** A copy of the stage `local`'s cloud assembly with templates changed by `alter`; the code is the same. */
export async function alterAssembly(alter: (template: Template, stack: string) => Template): Promise<string> {
  const { directory } = await ensureAssembly();
  const altered = mkdtempSync(join(tmpdir(), "altered-"));
  for (const name of readdirSync(directory)) {
    const from = join(directory, name);
    if (!name.endsWith(TEMPLATE)) symlinkSync(from, join(altered, name));
    else
      writeFileSync(
        join(altered, name),
        JSON.stringify(alter(JSON.parse(readFileSync(from, "utf8")) as Template, name.slice(0, -TEMPLATE.length))),
      );
  }
  return altered;
}
