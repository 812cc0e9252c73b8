import { build, type Plugin } from "esbuild";
import { statSync } from "node:fs";
import { join } from "node:path";
import { bundling } from "../../../lib/functions/shared/bundles.ts";
import { sourceOf } from "../../../lib/entrypoints.ts";
import type { OnCallPath } from "./environments.ts";

/**
 * `lean`: as deployed. `sdk`: with the SDK's clients, as in `fallbacks.calls`. `floor`: without any AWS module; makes
 * no calls.
 */
export const VARIANTS = ["lean", "sdk", "floor"] as const;
export type Variant = (typeof VARIANTS)[number];

export interface Bundle {
  readonly file: string;
  readonly bytes: number;
}

/** Bundles the entrypoint of this checkout. */
export async function bundleVariant(name: OnCallPath, variant: Variant, directory: string): Promise<Bundle> {
  const file = join(directory, `${name}-${variant}.mjs`);
  await build({
    ...bundling,
    conditions: [...bundling.conditions, variant],
    entryPoints: [sourceOf(name)],
    outfile: file,
    ...(variant === "floor" && { plugins: [withoutAws] }),
  });
  return { file, bytes: statSync(file).size };
}

/** Replaces the two imports that lead to AWS's modules: the client, and the values of DynamoDB. */
const STUBS = [
  {
    filter: /\/lean-client\.ts$/,
    contents: "const none = () => ({}); export { none as leanDynamo, none as leanSns, none as leanSqs };",
  },
  {
    filter: /@aws-sdk\/util-dynamodb\/dist-es\/index\.js$/,
    contents: "const none = () => ({}); export { none as marshall, none as unmarshall };",
  },
];
const withoutAws: Plugin = {
  name: "without-aws",
  setup(build) {
    for (const { filter, contents } of STUBS) build.onLoad({ filter }, () => ({ contents, loader: "js" }));
  },
};
