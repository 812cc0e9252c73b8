import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TemplateError, type Template } from "./template.ts";

/** One stack of a cloud assembly, with its assets on disk. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly template: Template;
  /** Directory or file of an asset, by the object key that the template names. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
    readonly directoryName?: string;
  };
}
interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

const LOCAL_ACCOUNT = "000000000000";
const LOCAL_REGION = "eu-central-1";

/**
 * All stacks of the assembly in `directory` (`cdk.out`), dependencies first. Throws a TemplateError if there is no
 * assembly.
 */
export function loadAssembly(directory: string): readonly Stack[] {
  const { artifacts = {} } = readJson<{ artifacts?: Record<string, Artifact> }>(join(directory, "manifest.json"));
  const stacks: Stack[] = [];
  const seen = new Set<string>();
  const visit = (id: string) => {
    const artifact = artifacts[id];
    if (artifact === undefined || seen.has(id)) return;
    seen.add(id);
    artifact.dependencies?.forEach(visit);
    if (artifact.type === "aws:cloudformation:stack") stacks.push(loadStack(directory, id, artifact, artifacts));
    if (artifact.type === "cdk:cloud-assembly" && artifact.properties?.directoryName !== undefined)
      stacks.push(...loadAssembly(join(directory, artifact.properties.directoryName)));
  };
  Object.keys(artifacts).forEach(visit);
  if (stacks.length === 0) throw new TemplateError(`${directory} holds no stack`);
  return stacks;
}

function loadStack(directory: string, id: string, artifact: Artifact, artifacts: Record<string, Artifact>): Stack {
  const { templateFile, stackName } = artifact.properties ?? {};
  if (templateFile === undefined) throw new TemplateError(`stack ${id} names no template`);
  const [accountId, region] = (artifact.environment ?? "").replace("aws://", "").split("/");
  const manifests = (artifact.dependencies ?? []).flatMap((name) => artifacts[name]?.properties?.file ?? []);
  return {
    name: stackName ?? id,
    accountId: known(accountId) ?? LOCAL_ACCOUNT,
    region: known(region) ?? LOCAL_REGION,
    template: readJson<Template>(join(directory, templateFile)),
    assets: new Map(manifests.flatMap((file) => loadAssets(directory, file))),
  };
}

function loadAssets(directory: string, file: string): readonly (readonly [string, string])[] {
  const { files = {} } = readJson<AssetManifest>(join(directory, file));
  return Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }) => [objectKey, resolve(directory, source.path)] as const),
  );
}

/** CDK writes `unknown-account` and `unknown-region` if the app does not set them. */
const known = (part: string | undefined) =>
  part === undefined || part === "" || part.startsWith("unknown-") ? undefined : part;

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    throw new TemplateError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
