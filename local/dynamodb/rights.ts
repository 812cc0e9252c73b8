import * as v from "valibot";
import { AwsError, jsonBody, type AwsService } from "../aws/protocols.ts";
import type { Provider } from "../cloudformation/deploy.ts";
import { read } from "../cloudformation/read.ts";

/** What the template's roles may do with tables and indexes; conditions are not looked at. */
export interface TableRights {
  readonly resources: Readonly<Record<string, Provider>>;
  /**
   * Refuses what the caller's role does not allow, as IAM would. The caller is told by the access key of its signature,
   * which is its role's name; callers that are no role of the template, such as tests, may do all.
   */
  guard(service: AwsService): AwsService;
}

const some = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => [value].flat()),
);
const policy = v.object({
  Roles: v.optional(v.array(v.string()), []),
  PolicyDocument: v.object({
    Statement: v.array(v.object({ Effect: v.literal("Allow"), Action: some, Resource: some })),
  }),
});
type Statement = v.InferOutput<typeof policy>["PolicyDocument"]["Statement"][number];

export function createTableRights(): TableRights {
  const statements = new Map<string, Statement[]>();
  return {
    resources: {
      "AWS::IAM::Policy"(request) {
        const { Roles, PolicyDocument } = read(policy, request);
        for (const role of Roles) statements.set(role, [...(statements.get(role) ?? []), ...PolicyDocument.Statement]);
        return { ref: request.generatedName };
      },
    },
    guard: (service) => (request) => {
      const role = /Credential=([^/]+)\//u.exec(request.headers["authorization"] ?? "")?.[1] ?? "";
      const allowed = statements.get(role);
      if (allowed !== undefined)
        for (const { action, resource } of wantedBy(request.operation, jsonBody(request)))
          if (!allowed.some(({ Action, Resource }) => Action.includes(action) && Resource.some((arn) => arn.endsWith(`:${resource}`))))
            throw new AwsError("AccessDeniedException", `${role} is not authorized to perform ${action} on ${resource}`);
      return service(request);
    },
  };
}

interface Wanted {
  /** `dynamodb:Query` */
  readonly action: string;
  /** `table/NAME` or `table/NAME/index/INDEX` */
  readonly resource: string;
}

/** Members of TransactItems, and the right that each needs. */
const IN_TRANSACTION: Readonly<Record<string, string>> = {
  ConditionCheck: "ConditionCheckItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
};

const named = v.object({ TableName: v.string(), IndexName: v.optional(v.string()) });
const batch = v.object({ RequestItems: v.record(v.string(), v.unknown()) });
const transaction = v.object({ TransactItems: v.array(v.record(v.string(), v.object({ TableName: v.string() }))) });

/** Every right that a call needs; none where its body is not understood, which the engine then says. */
function wantedBy(operation: string, body: unknown): readonly Wanted[] {
  const wanted = (name: string, table: string, index?: string): Wanted => ({
    action: `dynamodb:${name}`,
    resource: `table/${table}${index === undefined ? "" : `/index/${index}`}`,
  });
  if (v.is(batch, body)) return Object.keys(body.RequestItems).map((table) => wanted(operation, table));
  if (v.is(transaction, body))
    return body.TransactItems.flatMap((item) =>
      Object.entries(item).map(([member, { TableName }]) => wanted(IN_TRANSACTION[member] ?? member, TableName)),
    );
  return v.is(named, body) ? [wanted(operation, body.TableName, body.IndexName)] : [];
}
