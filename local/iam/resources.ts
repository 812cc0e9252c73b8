import * as v from "valibot";
import { arn, nameIn } from "../aws/arn.ts";
import type { Created, Provider, ResourceRequest } from "../cloudformation/deploy.ts";
import { cannotRun, read } from "../cloudformation/read.ts";
import type { Attached, PolicyWatch, RolePolicies } from "./authority.ts";
import type { Facts } from "./facts.ts";
import { readPolicy, type Statement } from "./policy.ts";

/** The template's policies, collected while its resources are created. */
export interface TemplatePolicies {
  readonly attached: Attached;
  readonly facts: Facts;
  readonly resources: Readonly<Record<string, Provider>>;
  /** Records a created resource: its encryption key, and its own policy. */
  readonly note: (request: ResourceRequest, created: Created) => void;
}

const documented = v.object({ PolicyDocument: v.unknown() });
const schemas = {
  role: v.object({
    RoleName: v.optional(v.string()),
    AssumeRolePolicyDocument: v.optional(v.unknown()),
    Policies: v.optional(v.array(documented), []),
    ManagedPolicyArns: v.optional(v.array(v.string()), []),
  }),
  policy: v.object({ Roles: v.optional(v.array(v.string()), []), PolicyDocument: v.unknown() }),
  topicPolicy: v.object({ Topics: v.array(v.string()), PolicyDocument: v.unknown() }),
  queuePolicy: v.object({ Queues: v.array(v.string()), PolicyDocument: v.unknown() }),
  permission: v.object({
    Action: v.string(),
    FunctionName: v.string(),
    Principal: v.string(),
    SourceArn: v.optional(v.string()),
    SourceAccount: v.optional(v.string()),
  }),
};

export function templatePolicies(
  place: Pick<Facts, "region" | "accountId">,
  socketApi: () => string,
  onCreated?: PolicyWatch["onCreated"],
): TemplatePolicies {
  const roles = new Map<string, RolePolicies>();
  const resources = new Map<string, Statement[]>();
  const keys = new Map<string, string>();
  const tables = new Map<string, { readonly partitionKey: string; readonly key?: string }>();
  const secrets = new Map<string, string>();
  const identities = new Set<string>();

  const statements = (request: ResourceRequest, document: unknown): readonly Statement[] => {
    try {
      return readPolicy(document);
    } catch (error) {
      throw cannotRun(
        request,
        `no policy is judged here that has a ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const extend = (name: string, more: Partial<RolePolicies>) => {
    const { statements: before = [], trust = [], ...rest } = roles.get(name) ?? {};
    roles.set(name, { ...rest, trust, ...more, statements: [...before, ...(more.statements ?? [])] });
  };
  const attach = (resource: string, more: readonly Statement[]) =>
    void resources.set(resource, [...(resources.get(resource) ?? []), ...more]);
  const keyArn = (id: string) => (id.startsWith("arn:") ? id : arn(place, "kms", `key/${id}`));
  const queueArn = (url: string) => arn(place, "sqs", nameIn(url));

  return {
    attached: { roles, resources },
    facts: {
      ...place,
      table: (name) => tables.get(name),
      keyOf: (resource) => keys.get(resource),
      secret: (id) => secrets.get(id),
      keyArn,
      isIdentity: (name) => identities.has(name),
      get socketApi() {
        return socketApi();
      },
    },
    resources: {
      "AWS::IAM::Role"(request) {
        const { RoleName, AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = read(schemas.role, request);
        const name = RoleName ?? request.generatedName;
        const trust = AssumeRolePolicyDocument === undefined ? [] : statements(request, AssumeRolePolicyDocument);
        extend(name, {
          trust,
          statements: Policies.flatMap(({ PolicyDocument }) => statements(request, PolicyDocument)),
        });
        if (ManagedPolicyArns.length > 0)
          throw cannotRun(request, `the statements of ${ManagedPolicyArns.join(", ")} are AWS's own`);
        return { ref: name, attributes: { Arn: `arn:aws:iam::${request.stack.accountId}:role/${name}`, RoleId: name } };
      },

      "AWS::IAM::Policy"(request) {
        const { Roles, PolicyDocument } = read(schemas.policy, request);
        for (const role of Roles) extend(role, { statements: statements(request, PolicyDocument) });
        return { ref: request.generatedName };
      },

      "AWS::SNS::TopicPolicy"(request) {
        const { Topics, PolicyDocument } = read(schemas.topicPolicy, request);
        for (const topic of Topics) attach(topic, statements(request, PolicyDocument));
        return { ref: request.generatedName };
      },

      "AWS::SQS::QueuePolicy"(request) {
        const { Queues, PolicyDocument } = read(schemas.queuePolicy, request);
        for (const url of Queues) attach(queueArn(url), statements(request, PolicyDocument));
        return { ref: request.generatedName };
      },

      // Source: Lambda Developer Guide, "Using resource-based policies": a permission is one statement of the policy of the
      // function or of the alias it names.
      "AWS::Lambda::Permission"(request) {
        const { Action, FunctionName, Principal, SourceArn, SourceAccount } = read(schemas.permission, request);
        const target = FunctionName.startsWith("arn:")
          ? FunctionName
          : arn(request.stack, "lambda", `function:${FunctionName}`);
        const statement = {
          Effect: "Allow",
          Action,
          Principal: { Service: Principal },
          Resource: target,
          Condition: {
            ...(SourceArn !== undefined && { ArnLike: { "aws:SourceArn": SourceArn } }),
            ...(SourceAccount !== undefined && { StringEquals: { "aws:SourceAccount": SourceAccount } }),
          },
        };
        attach(target, statements(request, { Statement: [statement] }));
        return { ref: request.generatedName };
      },
    },

    note(request, created) {
      onCreated?.(request, created);
      const { ref, attributes } = created;
      const { type, properties } = request;
      const own = typeof attributes?.["Arn"] === "string" ? attributes["Arn"] : ref;
      const under = (property: string) => {
        const id = properties[property];
        if (typeof id === "string") keys.set(own, keyArn(id));
      };
      if (type === "AWS::KMS::Key") {
        const policy = statements(request, properties["KeyPolicy"] ?? defaultKeyPolicy(place.accountId));
        if (!leavesOwnerIn(policy, place.accountId, own))
          throw cannotRun(request, "the new key policy will not allow you to update the key policy in the future");
        attach(own, policy);
      } else if (type === "AWS::SQS::Queue") under("KmsMasterKeyId");
      else if (type === "AWS::SNS::Topic") under("KmsMasterKeyId");
      else if (type === "AWS::SecretsManager::Secret") secrets.set(ref, ref).set(secretName(ref), ref);
      else if (type === "AWS::SES::EmailIdentity") identities.add(ref);
      else if (type === "AWS::Lambda::Function" && typeof properties["Role"] === "string")
        extend(nameIn(properties["Role"]), { functionName: ref });
      else if (type.startsWith("AWS::DynamoDB::")) tables.set(ref, tableFacts(request, keyArn));
    },
  };
}

/**
 * Source: AWS::KMS::Key, KeyPolicy: a key without a policy gets this one, which delegates to the account's policies.
 */
const defaultKeyPolicy = (accountId: string) => ({
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" },
  ],
});

/**
 * Source: KMS API reference, CreateKey, BypassPolicyLockoutSafetyCheck: a policy must not lock the account out of its
 * own key.
 */
const leavesOwnerIn = (policy: readonly Statement[], accountId: string, key: string) =>
  policy.some(
    ({ effect, action, resource, speaksOf }) =>
      effect === "Allow" &&
      action("kms:PutKeyPolicy") &&
      resource(key) &&
      speaksOf?.({ kind: "role", arn: `arn:aws:iam::${accountId}:role/owner`, session: "" }) !== undefined,
  );

/** `arn:…:secret:NAME-abcdef` → `NAME` */
const secretName = (secretArn: string) => secretArn.replace(/^.*:secret:(.*)-[^-]{6}$/u, "$1");

const tableSchema = v.object({
  KeySchema: v.array(v.object({ AttributeName: v.string(), KeyType: v.string() })),
  SSESpecification: v.optional(v.object({ KMSMasterKeyId: v.optional(v.string()) })),
  Replicas: v.optional(
    v.array(v.object({ SSESpecification: v.optional(v.object({ KMSMasterKeyId: v.optional(v.string()) })) })),
    [],
  ),
});

function tableFacts(request: ResourceRequest, keyArn: (id: string) => string) {
  const { KeySchema, SSESpecification, Replicas } = read(tableSchema, request);
  const key = SSESpecification?.KMSMasterKeyId ?? Replicas[0]?.SSESpecification?.KMSMasterKeyId;
  const partitionKey = KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "";
  return { partitionKey, ...(key !== undefined && { key: keyArn(key) }) };
}
