import { buildSync } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functionName } from "../../cost/measure/templates.ts";
import { startLocalHost } from "../../../local/host.ts";
import type { Entrypoint } from "../../../lambdas/env.ts";
import { bundling } from "../../../lib/functions/shared/bundles.ts";
import { sourceOf } from "../../../lib/entrypoints.ts";
import { percentiles } from "../../shared/percentiles.ts";
import { ROOT } from "../../shared/repository.ts";

/** One function's bundle compared with a bundle of only the same AWS clients and commands. Bytes; ms, medians. */
export interface BundleCost {
  readonly name: string;
  readonly bytes: number;
  readonly bareBytes: number;
  readonly importMs: number;
  readonly bareImportMs: number;
  /** Of the import times: median of the ratios of neighbouring runs, which ran under the same load. */
  readonly ratio: number;
}

interface Deployed {
  readonly name: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Bundles with the SDK (push and session are in cold-start.ts) as synthesized for the stage `local`, each imported `rounds` times in turn with its bare one. */
export async function bundleCosts(rounds: number): Promise<readonly BundleCost[]> {
  const directory = mkdtempSync(join(tmpdir(), "push-bench-"));
  try {
    return (await deployed())
      .filter(({ name }) => name !== "push" && name !== "session")
      .map((each) => costOf(each, directory, rounds));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The functions with the environment that an execution environment gets. */
async function deployed(): Promise<readonly Deployed[]> {
  const host = await startLocalHost({ port: 0 });
  try {
    return host.functions.map(({ definition: { name, taskRoot, environment } }) => ({
      name: functionName(name),
      file: join(taskRoot, "index.mjs"),
      environment: environment(),
    }));
  } finally {
    await host.stop();
  }
}

function costOf({ name, file, environment }: Deployed, directory: string, rounds: number): BundleCost {
  const bare = bareBundle(name as Entrypoint, directory);
  const pairs = Array.from(
    { length: rounds },
    () => [importMs(file, environment), importMs(bare, environment)] as const,
  );
  const median = (of: (pair: readonly [number, number]) => number) => percentiles(pairs.map(of)).p50;
  return {
    name,
    bytes: statSync(file).size,
    bareBytes: statSync(bare).size,
    importMs: median(([own]) => own),
    bareImportMs: median(([, theirs]) => theirs),
    ratio: median(([own, theirs]) => own / theirs),
  };
}

function importMs(file: string, environment: Readonly<Record<string, string>>): number {
  // Loading only: the warm-up in init is measured separately (cold-start.ts).
  const { AWS_LAMBDA_INITIALIZATION_TYPE: _, ...loading } = environment;
  const script = join(import.meta.dirname, "import-once.mjs");
  return Number(
    execFileSync(process.execPath, [script, file], { env: loading, encoding: "utf8" }).trim().split("\n").at(-1),
  );
}

/** Only the parts of the SDK that the bundle's adapters use: creates the clients, keeps commands and exceptions. */
function bareBundle(entrypoint: Entrypoint, directory: string): string {
  const source = join(directory, `${entrypoint}.ts`);
  const file = join(directory, `${entrypoint}.mjs`);
  const imports = sdkImports(entrypoint);
  const lines = [...imports].map(
    ([from, names]) => `import { ${[...names].join(", ")} } from ${JSON.stringify(from)};`,
  );
  const all = [...imports.values()].flatMap((names) => [...names]);
  const kept = all.map((name) => (name.endsWith("Client") ? `new ${name}(${clientOptions(name)})` : name));
  writeFileSync(source, `${lines.join("\n")}\nexport const kept = [${kept.join(", ")}];\n`);
  buildSync({ ...bundling, entryPoints: [source], outfile: file, nodePaths: [join(ROOT, "node_modules")] });
  return file;
}

const clientOptions = (name: string) => (name.startsWith("ApiGateway") ? '{ endpoint: "http://127.0.0.1" }' : "");

/**
 * Names that the bundle's sources import from the SDK, by package; clients only if the bundle contains their package.
 */
function sdkImports(entrypoint: Entrypoint): ReadonlyMap<string, ReadonlySet<string>> {
  const entryPoints = [sourceOf(entrypoint)];
  const { metafile } = buildSync({ ...bundling, entryPoints, outdir: ".", write: false, metafile: true });
  const [output] = Object.values(metafile.outputs);
  const inside = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [path] : [],
  );
  const names = new Map<string, Set<string>>();
  for (const path of inside.filter((each) => each.startsWith("lambdas/"))) {
    const text = readFileSync(join(ROOT, path), "utf8");
    for (const [, list = "", from = ""] of text.matchAll(/^import \{([^}]*)\} from "(@aws-sdk\/[^"]+)";/gmu)) {
      if (!inside.some((each) => each.includes(`/${from}/`))) continue;
      const values = list
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && !name.startsWith("type "));
      names.set(from, new Set([...(names.get(from) ?? []), ...values]));
    }
  }
  return names;
}
