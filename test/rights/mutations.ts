import {
  isObject,
  type Json,
  type JsonObject,
  type Resource,
  type Template,
} from "../../local/cloudformation/template.ts";

/**
 * One right taken out of one policy: of a role's policy one resource out of one statement, which goes with its last
 * resource; of any other policy a statement; a function's permission with all that say the same: cdk-lib makes one for
 * GET and one for HEAD, each for any method.
 */
export interface Mutation {
  readonly stack: string;
  /** Logical id of what holds the policy. */
  readonly policy: string;
  readonly statement: number;
  /** Undefined: the whole statement. */
  readonly resource?: number;
  /** `FunctionsPushPublish23808EFC: sns:Publish, … on …` */
  readonly title: string;
}

interface Exemption {
  /** Logical id of what holds the policy. */
  readonly policy: RegExp;
  /** What the statement holds. */
  readonly about: RegExp;
  readonly because: string;
}

/** Statements whose loss fails no test. Of the roles' own policies none: hedges of docs/unproven.md, and what no service does on this machine. */
export const EXEMPT: readonly Exemption[] = [
  { policy: /EventsPolicy/u, about: /"OwnerByDefault"/u, because: "a hedge (docs/unproven.md)" },
  {
    policy: /^EventsPolicy|^FunctionsMails(Queue|DeadLetters)Policy/u,
    about: /:configuration-set\/|ExportsOutputRefEvents/u,
    because: "SES reports bounces; emails never bounce on this machine",
  },
  {
    policy: /DeadLettersPolicy/u,
    about: /"Allow"/u,
    because: "EventBridge and SNS keep events their target did not accept; every target accepts them on this machine",
  },
  {
    policy: /CredentialChangedAllowEventRule/u,
    about: /./u,
    because: "CloudTrail reports a changed secret; this machine has no CloudTrail, and test:deploy tries the rule",
  },
];

/** Where each type keeps its policy. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  "AWS::IAM::Policy": "PolicyDocument",
  "AWS::IAM::Role": "AssumeRolePolicyDocument",
  "AWS::KMS::Key": "KeyPolicy",
  "AWS::SNS::TopicPolicy": "PolicyDocument",
  "AWS::SQS::QueuePolicy": "PolicyDocument",
};
const PERMISSION = "AWS::Lambda::Permission";
const ROLES_OWN = "AWS::IAM::Policy";

const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];

const statementsOf = ({ Type, Properties }: Resource): readonly JsonObject[] => {
  if (Type === PERMISSION) return [Properties ?? {}];
  const document = Properties?.[DOCUMENTS[Type] ?? ""];
  return isObject(document) ? list(document["Statement"]).filter(isObject) : [];
};

const isPermission = ({ Type }: Resource) => Type === PERMISSION;
const same = (one: Resource, other: Resource) => JSON.stringify(one.Properties) === JSON.stringify(other.Properties);

/** Every mutation of a template except exempt ones; a Deny grants nothing. */
export function mutationsOf(template: Template, stack: string): readonly Mutation[] {
  const resources = Object.entries(template.Resources ?? {});
  const repeats = (definition: Resource, at: number) =>
    isPermission(definition) &&
    resources.slice(0, at).some(([, other]) => isPermission(other) && same(other, definition));
  return resources.flatMap(([policy, definition], at) =>
    repeats(definition, at)
      ? []
      : statementsOf(definition).flatMap((statement, index): Mutation[] => {
          const text = JSON.stringify(statement);
          const exempt = EXEMPT.some(({ policy: of, about }) => of.test(policy) && about.test(text));
          if (exempt || statement["Effect"] === "Deny") return [];
          const actions = list(statement["Action"]).map(String).join(", ");
          const of = { stack, policy, statement: index };
          if (definition.Type !== ROLES_OWN)
            return [{ ...of, title: `${policy}: ${actions} by ${JSON.stringify(statement["Principal"])}` }];
          return list(statement["Resource"]).map((resource, at) => ({
            ...of,
            resource: at,
            title: `${policy}: ${actions} on ${JSON.stringify(resource)}`,
          }));
        }),
  );
}

/** The template without what the mutation removes. */
export function mutate(template: Template, { policy, statement, resource }: Mutation): Template {
  const definition = template.Resources?.[policy];
  if (definition === undefined) return template;
  const change = (isMeant: (resource: Resource, id: string) => boolean, more: JsonObject): Template => {
    const resources = Object.entries(template.Resources ?? {}).map(([id, resource]) =>
      isMeant(resource, id) ? [id, { ...resource, Properties: { ...resource.Properties, ...more } }] : [id, resource],
    );
    return { ...template, Resources: Object.fromEntries(resources) as Readonly<Record<string, Resource>> };
  };
  // It stays, for a service that never calls, because other resources depend on it.
  if (isPermission(definition))
    return change((other) => isPermission(other) && same(other, definition), { Principal: "nobody.amazonaws.com" });
  const Statement = statementsOf(definition).flatMap((each, index): JsonObject[] => {
    if (index !== statement) return [each];
    const left = resource === undefined ? [] : list(each["Resource"]).filter((_, at) => at !== resource);
    return left.length === 0 ? [] : [{ ...each, Resource: left }];
  });
  return change((_, id) => id === policy, { [DOCUMENTS[definition.Type] ?? ""]: { Version: "2012-10-17", Statement } });
}
