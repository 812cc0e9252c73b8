import { isObject, type Json, type JsonObject, type Template } from "../../local/cloudformation/template.ts";

/** One resource taken out of one statement of one role's policy, which goes with its last resource. */
export interface Mutation {
  readonly stack: string;
  /** Logical id of the AWS::IAM::Policy. */
  readonly policy: string;
  readonly statement: number;
  readonly resource: number;
  /** `FunctionsPushPublish23808EFC: sns:Publish, … on …` */
  readonly title: string;
}

/** Statements whose loss no test here can tell, each with the reason. By the id of the policy and an action. */
export const EXEMPT: readonly { readonly policy: RegExp; readonly action: string; readonly because: string }[] = [];

const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];

const statementsOf = (properties: JsonObject | undefined): readonly JsonObject[] => {
  const document = properties?.["PolicyDocument"];
  return isObject(document) ? list(document["Statement"]).filter(isObject) : [];
};

/** Every mutation of a template, hedges left out. */
export function mutationsOf(template: Template, stack: string): readonly Mutation[] {
  return Object.entries(template.Resources ?? {}).flatMap(([policy, { Type, Properties }]) =>
    Type !== "AWS::IAM::Policy"
      ? []
      : statementsOf(Properties).flatMap((statement, index) => {
          const actions = list(statement["Action"]).map(String);
          if (EXEMPT.some((exempt) => exempt.policy.test(policy) && actions.includes(exempt.action))) return [];
          return list(statement["Resource"]).map((resource, at) => ({
            stack,
            policy,
            statement: index,
            resource: at,
            title: `${policy}: ${actions.join(", ")} on ${JSON.stringify(resource)}`,
          }));
        }),
  );
}

/** The template without what the mutation takes out. */
export function mutate(template: Template, { policy, statement, resource }: Mutation): Template {
  const definition = template.Resources?.[policy];
  if (definition === undefined) return template;
  const Statement = statementsOf(definition.Properties).flatMap((each, index): JsonObject[] => {
    if (index !== statement) return [each];
    const left = list(each["Resource"]).filter((_, at) => at !== resource);
    return left.length === 0 ? [] : [{ ...each, Resource: left }];
  });
  const Properties = { ...definition.Properties, PolicyDocument: { Version: "2012-10-17", Statement } };
  return { ...template, Resources: { ...template.Resources, [policy]: { ...definition, Properties } } };
}
