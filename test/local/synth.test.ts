import { cpSync, globSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { bundling } from "../../lib/functions/shared/bundles.ts";
import { entrypoints, sourceOf } from "../../lib/entrypoints.ts";
import { SOURCES } from "../../local/product.ts";
import { hashSources } from "../../local/synth.ts";

describe("what decides whether the stage is synthesized again", () => {
  it("includes every file of ours in a bundle", async () => {
    const entryPoints = entrypoints.map(sourceOf);
    const { metafile } = await build({ ...bundling, entryPoints, metafile: true, write: false, outdir: "unwritten" });
    const ours = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules/"));
    expect(ours.length).toBeGreaterThan(100);
    const known = new Set(globSync(SOURCES));
    expect(ours.filter((file) => !known.has(file))).toEqual([]);
  });

  it.each(["lambdas/views/assets/connect.js", "lambdas/views/assets/style.css", "lib/config.ts", "stages.ts"])(
    "includes the text of %s",
    (file) => {
      const root = mkdtempSync(join(tmpdir(), "sources-"));
      for (const source of [file, "cdk.json"]) cpSync(source, join(root, source), { recursive: true });
      const before = hashSources(root);
      expect(hashSources(root)).toBe(before);
      writeFileSync(join(root, file), "changed");
      expect(hashSources(root)).not.toBe(before);
    },
  );
});
