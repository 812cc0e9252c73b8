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

/** Resources whose loss the story does not notice, each with the reason. By the id of the policy, an action, and a part of the resource. */
export const EXEMPT: readonly {
  readonly policy: RegExp;
  readonly action: string;
  readonly resource: RegExp;
  readonly because: string;
}[] = [
  {
    policy: /^FunctionsPushRole/u,
    action: "sqs:SendMessage",
    resource: /ChecksQueue/u,
    because: "reports a flooding socket, which the story does not hold; test/e2e/load/flood.test.ts does",
  },
  {
    policy: /^FunctionsRegistrationRole/u,
    action: "sqs:SendMessage",
    resource: /ChecksQueue/u,
    because: "asks for a second try when closing a socket failed, which the story does not provoke",
  },
  {
    policy: /^FunctionsHousekeepingRole/u,
    action: "dynamodb:Query",
    resource: /FnGetAttCore\w*Arn/u,
    because: "goes through all domains once a day, for steps that none of the story's domains has to take",
  },
];

const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];

const statementsOf = (properties: JsonObject | undefined): readonly JsonObject[] => {
  const document = properties?.["PolicyDocument"];
  return isObject(document) ? list(document["Statement"]).filter(isObject) : [];
};

/** Every mutation of a template, exempt ones left out. */
export function mutationsOf(template: Template, stack: string): readonly Mutation[] {
  return Object.entries(template.Resources ?? {}).flatMap(([policy, { Type, Properties }]) =>
    Type !== "AWS::IAM::Policy"
      ? []
      : statementsOf(Properties).flatMap((statement, index) => {
          const actions = list(statement["Action"]).map(String);
          return list(statement["Resource"]).flatMap((resource, at) => {
            const on = JSON.stringify(resource);
            const exempt = EXEMPT.some(
              (each) => each.policy.test(policy) && actions.includes(each.action) && each.resource.test(on),
            );
            const title = `${policy}: ${actions.join(", ")} on ${on}`;
            return exempt ? [] : [{ stack, policy, statement: index, resource: at, title }];
          });
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
