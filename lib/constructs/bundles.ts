import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildSync, type BuildOptions } from "esbuild";
import type { Entrypoint } from "../../lambdas/env.ts";
import { entrypoints, sourceOf } from "../entrypoints.ts";

/** How an entrypoint becomes a bundle: ESM with the AWS SDK inside is about half the import time of CommonJS with the runtime's SDK. */
export const bundling = {
  absWorkingDir: dirname(dirname(import.meta.dirname)),
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node24",
  mainFields: ["module", "main"],
  legalComments: "none",
  logLevel: "warning",
} satisfies BuildOptions;

/**
 * Bundles all entrypoints in one run of esbuild: 1/10 of the time that a process for each of them takes. Once
 * per process; CDK copies what it needs, so nothing is left when the process ends.
 *
 * @returns the directory that holds `index.mjs` of the entrypoint
 */
export function bundleOf(entrypoint: Entrypoint): string {
  bundles ??= bundleAll();
  return join(bundles, entrypoint);
}

let bundles: string | undefined;

function bundleAll(): string {
  const outdir = mkdtempSync(join(tmpdir(), "push-bundles-"));
  process.once("exit", () => rmSync(outdir, { recursive: true, force: true }));
  buildSync({
    entryPoints: entrypoints.map((name) => ({ in: sourceOf(name), out: join(name, "index") })),
    outdir,
    outExtension: { ".js": ".mjs" },
    ...bundling,
  });
  return outdir;
}
