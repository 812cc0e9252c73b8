import { buildSync } from "esbuild";
import { bundling } from "../../../lib/functions/shared/bundles.ts";
import { entrypoints, sourceOf } from "../../../lib/entrypoints.ts";

/** Contents of a bundle: bytes of output by package, largest first; our own code by room. */
export interface Graph {
  readonly name: string;
  readonly bytes: number;
  readonly packages: readonly { readonly name: string; readonly bytes: number }[];
}

const MOST = 12;

/** Import graph of every function, from esbuild's metafile. */
export function graphs(): readonly Graph[] {
  return entrypoints.map((name) => {
    const built = buildSync({ ...bundling, entryPoints: [sourceOf(name)], outdir: ".", write: false, metafile: true });
    const [output] = Object.values(built.metafile.outputs);
    const sums = new Map<string, number>();
    for (const [path, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
      const of = packageOf(path);
      sums.set(of, (sums.get(of) ?? 0) + bytesInOutput);
    }
    const sorted = [...sums].map(([of, bytes]) => ({ name: of, bytes })).sort((a, b) => b.bytes - a.bytes);
    const rest = sorted.slice(MOST).reduce((sum, { bytes }) => sum + bytes, 0);
    return { name, bytes: output?.bytes ?? 0, packages: [...sorted.slice(0, MOST), { name: "the rest", bytes: rest }] };
  });
}

/** `@aws-sdk/client-sns`, `lambdas/core`. */
export function packageOf(path: string): string {
  const inside = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  if (path.includes("node_modules/"))
    return inside
      .split("/")
      .slice(0, inside.startsWith("@") ? 2 : 1)
      .join("/");
  return path.split("/").slice(0, 2).join("/");
}
