import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { readStage, type StageInput } from "../../lib/config.ts";
import { pushService } from "../../lib/push-service.ts";
import { hashSources } from "../../local/synth.ts";
import { stages } from "../../stages.ts";
import { WAIT_MS } from "../support/process/waiting.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  readonly definition: JsonObject;
}

export interface Synthesized {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, JsonObject>>;
  /** The templates' text, stack by stack. */
  readonly texts: Readonly<Record<string, string>>;
  readonly directory: string;
  /** The stacks that must exist before each stack. */
  readonly needs: Readonly<Record<string, readonly string[]>>;
  /** All resources of a type; fails if there is none. */
  of(type: string): readonly Resource[];
}

export const { context } = JSON.parse(readFileSync("cdk.json", "utf8")) as { context: Record<string, unknown> };

type Written = Omit<Synthesized, "resources" | "of">;

/** Shared by the test files of one worker. */
const synthesized = new Map<string, Synthesized>();

/**
 * Synthesizes a stage, by default that of stages.ts, as `cdk synth` does, once in a run for all workers. cdk-nag checks the
 * stages in nag.test.ts; CloudFormation's own rules are left to `npm run synth`.
 */
export function synthesize(name: string, input: StageInput | undefined = stages[name]): Synthesized {
  const key = `${name}-${createHash("sha256").update(JSON.stringify(input)).digest("hex")}`;
  const result = synthesized.get(key) ?? look(name, shared(key, name, input));
  synthesized.set(key, result);
  return result;
}

/** The first worker synthesizes; the others wait for its result in the run's temporary directory. */
function shared(key: string, name: string, input: StageInput | undefined): Written {
  const path = join(tmpdir(), `stage-${hashSources()}-${key}`);
  const [file, lock] = [`${path}.json`, `${path}.lock`];
  const until = performance.now() + WAIT_MS;
  while (!existsSync(file)) {
    if (take(lock)) {
      try {
        writeFileSync(`${file}.part`, JSON.stringify(build(name, input)));
        renameSync(`${file}.part`, file);
      } finally {
        rmSync(lock, { recursive: true });
      }
    } else if (performance.now() > until) throw new Error(`no worker has synthesized ${name} within ${WAIT_MS} ms`);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  return JSON.parse(readFileSync(file, "utf8")) as Written;
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function build(name: string, input: StageInput | undefined): Written {
  const outdir = mkdtempSync(join(tmpdir(), "push-synth-"));
  const app = new App({ context, outdir, analyticsReporting: false, treeMetadata: false, stackTraces: false });
  pushService(app, readStage(name, input === undefined ? {} : { [name]: input }));
  const assembly = app.synth();
  const texts = Object.fromEntries(
    assembly.stacks.map(({ stackName, templateFullPath }) => [stackName, readFileSync(templateFullPath, "utf8")]),
  );
  const needs = assembly.stacks.map(({ stackName, dependencies }) => {
    return [stackName, dependencies.flatMap(({ id }) => (id in texts ? [id] : [])).sort()] as const;
  });
  const outputs = Object.entries(texts).map(
    ([stack, each]) => [stack, (JSON.parse(each) as Template).Outputs ?? {}] as const,
  );
  return {
    texts,
    directory: assembly.directory,
    needs: Object.fromEntries(needs),
    outputs: Object.fromEntries(outputs),
  };
}

function look(name: string, written: Written): Synthesized {
  const resources = Object.entries(written.texts).flatMap(([stack, each]) =>
    resourcesOf(stack, JSON.parse(each) as Template),
  );
  return {
    ...written,
    resources,
    of(type) {
      const found = resources.filter((resource) => resource.type === type);
      if (found.length === 0) throw new Error(`no ${type} in ${name}`);
      return found;
    },
  };
}

interface Template {
  readonly Resources?: Readonly<Record<string, JsonObject>>;
  readonly Outputs?: JsonObject;
}

const resourcesOf = (stack: string, { Resources = {} }: Template): Resource[] =>
  Object.entries(Resources).map(([logicalId, definition]) => ({
    stack,
    logicalId,
    type: text(definition["Type"]),
    properties: object(definition["Properties"]),
    metadata: object(definition["Metadata"]),
    definition,
  }));

export const object = (value: Json | undefined): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export const list = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value];

/** A text as it is, anything else as JSON. */
export const text = (value: Json | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? null);

/** A value with its intrinsic functions spelt out: `${Ref}`, `${Resource.Attribute}`, joins joined. */
export function flat(value: Json | undefined): string {
  if (typeof value === "string") return value;
  const [name, argument] = Object.entries(object(value))[0] ?? [];
  switch (name) {
    case "Ref":
      return `\${${text(argument)}}`;
    case "Fn::GetAtt":
      return `\${${list(argument).map(text).join(".")}}`;
    case "Fn::ImportValue":
      return `\${${text(argument)}}`;
    case "Fn::Join": {
      const [separator, parts] = list(argument);
      return list(parts).map(flat).join(text(separator));
    }
    default:
      return JSON.stringify(value);
  }
}
