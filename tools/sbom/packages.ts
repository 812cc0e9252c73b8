import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

export interface Component {
  /** `@aws-sdk` */
  readonly group?: string | undefined;
  readonly name: string;
  readonly version: string;
}

const MODULES = "node_modules/";

/** Every package with bytes in the outputs, `@aws-sdk/client-sns@3.1.0`, from esbuild's metafile. */
export function packagesIn(root: string, metafiles: readonly Metafile[]): readonly string[] {
  const folders = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput === 0 ? [] : folderOf(path))),
    ),
  );
  const named = [...new Set(folders)].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Component;
    return `${name}@${version}`;
  });
  return [...new Set(named)].sort();
}

/** `node_modules/a/node_modules/@b/c`; empty for our own code. */
function folderOf(path: string): readonly string[] {
  const at = path.lastIndexOf(MODULES);
  if (at < 0) return [];
  const inside = path.slice(at + MODULES.length).split("/");
  return [path.slice(0, at + MODULES.length) + inside.slice(0, inside[0]?.startsWith("@") ? 2 : 1).join("/")];
}

/** The packages missing from a list of components. */
export function missingFrom(components: readonly Component[], packages: readonly string[]): readonly string[] {
  const named = new Set(
    components.map(({ group, name, version }) => `${group === undefined ? "" : `${group}/`}${name}@${version}`),
  );
  return packages.filter((each) => !named.has(each));
}
