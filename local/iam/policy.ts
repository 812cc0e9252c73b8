import * as v from "valibot";
import { condition, UnknownPolicyError, type Context, type Holds } from "./conditions.ts";
import { actionPattern, arnPattern, wildcard, type Matcher } from "./pattern.ts";

/** Who makes the call: a session of a role, or a service on behalf of a resource of the account. */
export type Principal =
  | { readonly kind: "role"; readonly arn: string; readonly session: string }
  | { readonly kind: "service"; readonly name: string };

export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly action: Matcher;
  readonly resource: Matcher;
  readonly holds: Holds;
  /** Whether its Principal matches the principal itself or its whole account; undefined in a role's policy. */
  readonly speaksOf?: (principal: Principal) => "itself" | "account" | undefined;
}

const some = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => [value].flat()),
);
const scalar = v.pipe(v.union([v.string(), v.boolean(), v.number()]), v.transform(String));
const values = v.pipe(
  v.union([scalar, v.array(scalar)]),
  v.transform((value) => [value].flat()),
);
const principal = v.union([v.literal("*"), v.strictObject({ AWS: v.optional(some), Service: v.optional(some) })]);
const schema = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(["Allow", "Deny"]),
  Principal: v.optional(principal),
  Action: v.optional(some),
  NotAction: v.optional(some),
  Resource: v.optional(some),
  NotResource: v.optional(some),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), values)), {}),
});
const document = v.object({
  Statement: v.pipe(
    v.union([v.array(v.unknown()), v.unknown()]),
    v.transform((value) => [value].flat()),
  ),
});

/**
 * The statements of a policy document. Throws an UnknownPolicyError that names what it does not know: an element, an
 * operator, a condition key, a policy variable.
 * Source: IAM User Guide, "IAM JSON policy element reference".
 */
export function readPolicy(text: unknown): readonly Statement[] {
  return v.parse(document, text).Statement.map((statement) => {
    const read = v.safeParse(schema, statement);
    if (!read.success)
      throw new UnknownPolicyError(
        `policy element ${read.issues.map((issue) => v.getDotPath(issue) ?? issue.message).join(", ")}`,
      );
    return compile(read.output);
  });
}

function compile({
  Effect,
  Principal,
  Action,
  NotAction,
  Resource,
  NotResource,
  Condition,
}: v.InferOutput<typeof schema>): Statement {
  const variable = [...(Resource ?? []), ...(NotResource ?? [])].find((resource) => resource.includes("${"));
  if (variable !== undefined) throw new UnknownPolicyError(`policy variable in ${variable}`);
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, expected]) => condition(operator, key, expected)),
  );
  return {
    effect: Effect,
    action: either(Action, NotAction, actionPattern),
    // A trust policy names no resource; it applies to its role.
    resource:
      Resource === undefined && NotResource === undefined ? () => true : either(Resource, NotResource, arnPattern),
    holds: (asked: Context) => conditions.every((holds) => holds(asked)),
    ...(Principal !== undefined && { speaksOf: speaks(Principal) }),
  };
}

function either(
  those: readonly string[] | undefined,
  allBut: readonly string[] | undefined,
  matcher: (pattern: string) => Matcher,
): Matcher {
  const matchers = (those ?? allBut ?? []).map(matcher);
  const named: Matcher = (text) => matchers.some((matches) => matches(text));
  return those === undefined && allBut !== undefined ? (text) => !named(text) : named;
}

/**
 * Source: IAM User Guide, "AWS JSON policy elements: Principal": the account's root means everyone whom the account's
 * policies allow.
 */
function speaks(named: v.InferOutput<typeof principal>): (principal: Principal) => "itself" | "account" | undefined {
  if (named === "*") return () => "itself";
  const { AWS = [], Service = [] } = named;
  const services = Service.map((name) => wildcard(name));
  return (asking) => {
    if (asking.kind === "service") return services.some((matches) => matches(asking.name)) ? "itself" : undefined;
    if (AWS.some((name) => name === "*" || name === asking.arn || name === asking.session)) return "itself";
    const account = asking.arn.split(":")[4] ?? "";
    return AWS.some((name) => name === account || name === `arn:aws:iam::${account}:root`) ? "account" : undefined;
  };
}
