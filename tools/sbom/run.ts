import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import * as v from "valibot";
import { entrypoints, sourceOf } from "../../lib/entrypoints.ts";
import { bundling } from "../../lib/functions/shared/bundles.ts";
import { ROOT } from "../shared/repository.ts";
import { missingFrom, packagesIn } from "./packages.ts";

/**
 * `npm run sbom`: prints the packages in the functions' bundles as CycloneDX, from esbuild's metafile, for both ways to
 * call AWS. Exits with 1 if the list lacks a package of the metafile, or is empty.
 */
const directory = join(ROOT, ".local", "sbom");
const schema = v.object({
  components: v.array(v.object({ group: v.optional(v.string()), name: v.string(), version: v.string() })),
});

const metafiles = ["lean", "sdk"].map(
  (calls) =>
    buildSync({
      ...bundling,
      conditions: [...bundling.conditions, calls],
      entryPoints: entrypoints.map((name) => ({ in: sourceOf(name), out: `${calls}/${name}` })),
      outdir: ".",
      write: false,
      metafile: true,
    }).metafile,
);
mkdirSync(directory, { recursive: true });
const file = join(directory, "metafile.json");
const merged = {
  inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)) as object,
  outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)) as object,
};
writeFileSync(file, JSON.stringify(merged));
const list = execFileSync(
  join(ROOT, "node_modules", ".bin", "cyclonedx-esbuild"),
  ["--output-reproducible", "--build-working-dir", ROOT, file],
  { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: ["ignore", "pipe", "inherit"] },
);

const packages = packagesIn(ROOT, metafiles);
const missing = missingFrom(v.parse(schema, JSON.parse(list)).components, packages);
if (missing.length > 0 || packages.length === 0) {
  console.error(`${packages.length} packages in the bundles; the list lacks ${missing.join(", ") || "all"}`);
  process.exitCode = 1;
}
console.log(list);
