import { Stack } from "aws-cdk-lib";
import { Policy, PolicyStatement, type IRole } from "aws-cdk-lib/aws-iam";
import { flattenCfnReference } from "cdk-nag/lib/utils/flatten-cfn-reference.js";
import type { Construct } from "constructs";
import { acknowledge, explain } from "./acknowledge.ts";

export interface ReasonedStatement {
  readonly actions: readonly string[];
  /** ARNs, at least one with a wildcard. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Rights with a wildcard that AWS makes unavoidable, in a policy of their own with the reason. The template tests allow
 * wildcards nowhere else.
 */
export class ReasonedPolicy extends Policy {
  constructor(
    scope: Construct,
    id: string,
    role: IRole,
    reason: string,
    { actions, resources, conditions = {} }: ReasonedStatement,
  ) {
    const statement = new PolicyStatement({ actions: [...actions], resources: [...resources], conditions });
    super(scope, id, { roles: [role], statements: [statement] });
    // cdk-nag's ids of findings contain the resource, in cdk-nag's own spelling.
    const spelt = resources.map((resource) => flattenCfnReference(Stack.of(this).resolve(resource)));
    const findings = spelt.filter((resource) => resource.includes("*"));
    acknowledge(this, reason, ...findings.map((finding) => `AwsSolutions-IAM5[Resource::${finding}]`));
    explain(this, "reason", reason);
  }
}
