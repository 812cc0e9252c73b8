import { randomBytes } from "node:crypto";
import type { Stack } from "./assembly.ts";
import { resolveValue, textOf, type Scope } from "./intrinsics.ts";
import { isObject, TemplateError, type Json, type JsonObject, type Resource } from "./template.ts";

/** A resource to create, its intrinsic functions resolved. */
export interface ResourceRequest {
  readonly type: string;
  readonly logicalId: string;
  readonly properties: JsonObject;
  readonly stack: Stack;
  /** Name for a resource without one in the template, in CloudFormation's format. */
  readonly generatedName: string;
}

/** Results of `Ref` and `Fn::GetAtt` for the created resource. */
export interface Created {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, Json>>;
  /** Any other attribute gets a placeholder value: for resources with nothing behind them here. */
  readonly standsIn?: boolean;
}

/** Creates a resource. Throws a TemplateError that names what cannot run here. */
export type Provider = (request: ResourceRequest) => Created | Promise<Created>;

export interface Deployment {
  /** Values of the stacks' outputs, by `Stack.OutputId`. */
  readonly outputs: ReadonlyMap<string, Json>;
}

/** Creates all resources of all stacks, each after those it refers to. Rejects with the first failure. */
export async function deploy(stacks: readonly Stack[], provide: Provider): Promise<Deployment> {
  const exports = new Map<string, Json>();
  const outputs = new Map<string, Json>();
  for (const stack of stacks) await deployStack(stack, provide, exports, outputs);
  return { outputs };
}

async function deployStack(stack: Stack, provide: Provider, exports: Map<string, Json>, outputs: Map<string, Json>) {
  const { Resources = {}, Outputs = {}, Conditions = {} } = stack.template;
  const made = new Map<string, Promise<Created | undefined>>();

  const resource = (logicalId: string): Promise<Created | undefined> => {
    const under = made.get(logicalId);
    if (under !== undefined) return under;
    const definition = Resources[logicalId];
    if (definition === undefined) throw new TemplateError(`stack ${stack.name} has no resource ${logicalId}`);
    const making = make(logicalId, definition);
    made.set(logicalId, making);
    return making;
  };

  const existing = async (logicalId: string): Promise<Created> => {
    const created = await resource(logicalId);
    if (created === undefined)
      throw new TemplateError(`${logicalId} in stack ${stack.name} is switched off by its condition`);
    return created;
  };

  const make = async (logicalId: string, definition: Resource): Promise<Created | undefined> => {
    if (definition.Condition !== undefined && !(await scope.condition(definition.Condition))) return undefined;
    await Promise.all([definition.DependsOn ?? []].flat().map(resource));
    const properties = await resolveValue(definition.Properties ?? {}, scope);
    return provide({
      type: definition.Type,
      logicalId,
      properties: isObject(properties) ? properties : {},
      stack,
      generatedName: `${stack.name}-${logicalId}-${randomBytes(4).toString("hex")}`,
    });
  };

  const scope: Scope = {
    mappings: stack.template.Mappings ?? {},
    async ref(name) {
      if (name.startsWith("AWS::")) return pseudo(name, stack);
      const parameter = stack.template.Parameters?.[name];
      if (parameter !== undefined) return parameter.Default ?? "";
      return (await existing(name)).ref;
    },
    async getAtt(logicalId, attribute) {
      const { attributes, standsIn } = await existing(logicalId);
      const value = attributes?.[attribute] ?? (standsIn ? `local-${logicalId}-${attribute}` : undefined);
      if (value !== undefined) return value;
      throw new TemplateError(
        `${attribute} of ${logicalId} (${Resources[logicalId]?.Type}, stack ${stack.name}) is not known to the local host`,
      );
    },
    importValue(name) {
      const value = exports.get(name);
      if (value === undefined)
        throw new TemplateError(`stack ${stack.name} imports ${name}, which no earlier stack exports`);
      return value;
    },
    async condition(name) {
      const condition = Conditions[name];
      if (condition === undefined) throw new TemplateError(`stack ${stack.name} has no condition ${name}`);
      return (await resolveValue(condition, scope)) === true;
    },
  };

  // Not `all`: nothing may still be running when the caller learns of the first failure and cleans up.
  const results = await Promise.allSettled(Object.keys(Resources).map(resource));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;

  for (const [id, { Value, Export, Condition }] of Object.entries(Outputs)) {
    if (Condition !== undefined && !(await scope.condition(Condition))) continue;
    const value = (await resolveValue(Value, scope)) ?? null;
    outputs.set(`${stack.name}.${id}`, value);
    if (Export !== undefined) exports.set(textOf(await resolveValue(Export.Name, scope)), value);
  }
}

function pseudo(name: string, stack: Stack): Json | undefined {
  switch (name) {
    case "AWS::AccountId":
      return stack.accountId;
    case "AWS::Region":
      return stack.region;
    case "AWS::Partition":
      return "aws";
    case "AWS::URLSuffix":
      return "amazonaws.com";
    case "AWS::StackName":
      return stack.name;
    case "AWS::StackId":
      return stackId(stack);
    case "AWS::NotificationARNs":
      return [];
    case "AWS::NoValue":
      return undefined;
    default:
      throw new TemplateError(`${name} is not known to the local host`);
  }
}

export const stackId = (stack: Stack) =>
  `arn:aws:cloudformation:${stack.region}:${stack.accountId}:stack/${stack.name}/local`;
