import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { readStage, type StageInput } from "../../lib/config.ts";
import { pushService } from "../../lib/push-service.ts";
import { stages } from "../../stages.ts";

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
  /** The stacks that each stack needs to be there before it. */
  readonly needs: Readonly<Record<string, readonly string[]>>;
  /** All resources of a type; fails if there is none. */
  of(type: string): readonly Resource[];
}

const { context } = JSON.parse(readFileSync("cdk.json", "utf8")) as { context: Record<string, unknown> };

/** One synthesis takes seconds, and files of one worker share it. */
const synthesized = new Map<string, Synthesized>();

/** Synthesizes a stage as `cdk synth` does, cdk-nag included. */
export function synthesize(name: string, input?: StageInput): Synthesized {
  const known = input === undefined ? synthesized.get(name) : undefined;
  const result = known ?? build(name, input);
  if (input === undefined) synthesized.set(name, result);
  return result;
}

function build(name: string, input: StageInput | undefined): Synthesized {
  const app = new App({ context, outdir: mkdtempSync(join(tmpdir(), "push-synth-")), analyticsReporting: false });
  pushService(app, readStage(name, input === undefined ? stages : { [name]: input }));
  const assembly = app.synth();
  const texts = Object.fromEntries(
    assembly.stacks.map(({ stackName, templateFullPath }) => [stackName, readFileSync(templateFullPath, "utf8")]),
  );
  const templates = Object.entries(texts).map(([stack, text]) => ({ stack, template: JSON.parse(text) as Template }));
  const resources = templates.flatMap(({ stack, template }) => resourcesOf(stack, template));
  return {
    resources,
    texts,
    directory: assembly.directory,
    needs: Object.fromEntries(
      assembly.stacks.map(({ stackName, dependencies }) => [
        stackName,
        dependencies.flatMap(({ id }) => (id in texts ? [id] : [])).sort(),
      ]),
    ),
    outputs: Object.fromEntries(templates.map(({ stack, template }) => [stack, template.Outputs ?? {}])),
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
export const text = (value: Json | undefined): string => (typeof value === "string" ? value : JSON.stringify(value ?? null));

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
