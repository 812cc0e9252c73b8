import type { Context } from "./conditions.ts";
import type { Principal, Statement } from "./policy.ts";

/** One right that a call needs. */
export interface Right {
  /** `sns:Publish` */
  readonly action: string;
  /** ARN, or `*` if the action takes no resource. */
  readonly resource: string;
  readonly context: Context;
}

/** Undefined: allowed. Otherwise the reason in AWS's own words. */
export type Refusal = string | undefined;

export interface Policies {
  /** The role's statements; none for a service. */
  readonly identity: readonly Statement[];
  /** The resource's statements. */
  readonly resource: readonly Statement[];
  /** A KMS key's policy decides alone unless it delegates to the account. */
  readonly keyPolicy?: boolean;
}

/**
 * Decides as AWS does within one account: an explicit Deny wins; otherwise an Allow of the role or the resource is
 * enough, but a role's Allow for a KMS key only if the key's policy delegates to the account; everything else is
 * denied. Sources: IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies in AWS KMS" and
 * "Default key policy".
 */
export function decide(principal: Principal, { action, resource, context }: Right, policies: Policies): Refusal {
  const applies = (statement: Statement) =>
    statement.action(action) && statement.resource(resource) && statement.holds(context);
  const identity = policies.identity.filter(applies);
  const ofResource = policies.resource.filter(
    (statement) => statement.speaksOf?.(principal) !== undefined && applies(statement),
  );

  if (identity.some(({ effect }) => effect === "Deny")) return "with an explicit deny in an identity-based policy";
  if (ofResource.some(({ effect }) => effect === "Deny")) return "with an explicit deny in a resource-based policy";
  const lets = (whom: "itself" | "account") =>
    ofResource.some((statement) => statement.effect === "Allow" && statement.speaksOf?.(principal) === whom);
  if (lets("itself")) return undefined;
  if (principal.kind === "service" || (policies.keyPolicy === true && !lets("account")))
    return `because no resource-based policy allows the ${action} action`;
  return identity.some(({ effect }) => effect === "Allow")
    ? undefined
    : `because no identity-based policy allows the ${action} action`;
}
