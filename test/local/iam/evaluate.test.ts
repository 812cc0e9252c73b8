import { describe, expect, it } from "vitest";
import { context } from "../../../local/iam/conditions.ts";
import { decide } from "../../../local/iam/evaluate.ts";
import { readPolicy, type Principal } from "../../../local/iam/policy.ts";

const ROLE: Principal = {
  kind: "role",
  arn: "arn:aws:iam::000000000000:role/Push",
  session: "arn:aws:sts::000000000000:assumed-role/Push/push",
};
const TOPIC = "arn:aws:sns:eu-central-1:000000000000:calls";
const KEY = "arn:aws:kms:eu-central-1:000000000000:key/1";

type Statement = Readonly<Record<string, unknown>>;
const allow = (more: Statement): Statement => ({ Effect: "Allow", Action: "sns:Publish", Resource: TOPIC, ...more });
const deny = (more: Statement): Statement => ({ ...allow(more), Effect: "Deny" });
const read = (statements: readonly Statement[]) => readPolicy({ Version: "2012-10-17", Statement: statements });

function asked(
  identity: readonly Statement[],
  { action = "sns:Publish", resource = TOPIC, keys = {}, by = [] as readonly Statement[], who = ROLE } = {},
) {
  const policies = { identity: read(identity), resource: read(by), keyPolicy: resource.includes(":kms:") };
  return decide(who, { action, resource, context: context(keys) }, policies) ?? "allowed";
}

const NO_IDENTITY = "because no identity-based policy allows the sns:Publish action";
const NO_RESOURCE = "because no resource-based policy allows the sns:Publish action";

/** Source of each row: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements". */
describe("policy evaluation", () => {
  it.each<[string, readonly Statement[], string]>([
    ["denies what no statement allows", [], NO_IDENTITY],
    ["allows what one statement allows", [allow({})], "allowed"],
    ["denies what is allowed and denied", [allow({}), deny({})], "with an explicit deny in an identity-based policy"],
    ["ignores a Deny for another resource", [allow({}), deny({ Resource: `${TOPIC}2` })], "allowed"],
    ["compares actions in any case", [allow({ Action: "SNS:publish" })], "allowed"],
    ["takes a wildcard in an action", [allow({ Action: "sns:P*" })], "allowed"],
    ["takes ? for one character only", [allow({ Action: "sns:Publis?" })], "allowed"],
    ["takes ? for no fewer than one", [allow({ Action: "sns:Publish?" })], NO_IDENTITY],
    ["compares resources letter by letter", [allow({ Resource: TOPIC.toUpperCase() })], NO_IDENTITY],
    ["takes a wildcard in a resource", [allow({ Resource: "arn:aws:sns:*:000000000000:c*s" })], "allowed"],
    ["keeps a wildcard inside its part of an ARN", [allow({ Resource: "arn:aws:sns:eu-central-1:*" })], NO_IDENTITY],
    ["reads dots as dots", [allow({ Resource: TOPIC.replace("calls", "c.lls") })], NO_IDENTITY],
    ["allows all but NotAction", [allow({ Action: undefined, NotAction: "sns:DeleteTopic" })], "allowed"],
    ["does not allow what NotAction names", [allow({ Action: undefined, NotAction: "sns:P*" })], NO_IDENTITY],
    [
      "allows on all but NotResource",
      [allow({ Resource: undefined, NotResource: "arn:aws:sns:*:*:mails" })],
      "allowed",
    ],
    ["does not allow on what NotResource names", [allow({ Resource: undefined, NotResource: TOPIC })], NO_IDENTITY],
  ])("%s", (_, identity, expected) => {
    expect(asked(identity)).toBe(expected);
  });

  it("allows an action without resources only on *", () => {
    expect(asked([allow({ Resource: "*" })], { resource: "*" })).toBe("allowed");
    expect(asked([allow({ Resource: "arn:aws:sns:*:*:*" })], { resource: "*" })).toBe(NO_IDENTITY);
  });
});

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Multivalued context keys". */
describe("conditions", () => {
  const LEADING = "dynamodb:LeadingKeys";
  it.each<[string, string, string, unknown, Readonly<Record<string, string | string[]>>, boolean]>([
    ["an equal text", "StringEquals", "aws:SourceAccount", "1", { "aws:SourceAccount": "1" }, true],
    ["another text", "StringEquals", "aws:SourceAccount", "1", { "aws:SourceAccount": "2" }, false],
    ["one of several texts", "StringEquals", "aws:SourceAccount", ["1", "2"], { "aws:SourceAccount": "2" }, true],
    ["a key in another case", "StringEquals", "AWS:sourceaccount", "1", { "aws:SourceAccount": "1" }, true],
    ["an absent key", "StringEquals", "aws:SourceAccount", "1", {}, false],
    ["an absent key, negated", "StringNotEquals", "aws:SourceAccount", "1", {}, true],
    ["an equal text, negated", "StringNotEquals", "aws:SourceAccount", ["1", "2"], { "aws:SourceAccount": "2" }, false],
    ["an absent key, IfExists", "StringEqualsIfExists", "aws:SourceAccount", "1", {}, true],
    ["another text, IfExists", "StringEqualsIfExists", "aws:SourceAccount", "1", { "aws:SourceAccount": "2" }, false],
    [
      "a wildcard that StringEquals reads literally",
      "StringEquals",
      "ses:FromAddress",
      "*@a.b",
      { "ses:FromAddress": "x@a.b" },
      false,
    ],
    ["a wildcard of StringLike", "StringLike", "ses:FromAddress", "*@a.b", { "ses:FromAddress": "x@a.b" }, true],
    [
      "another case of StringEqualsIgnoreCase",
      "StringEqualsIgnoreCase",
      "ses:FromAddress",
      "X@A.b",
      { "ses:FromAddress": "x@a.b" },
      true,
    ],
    [
      "a wildcard of ArnEquals",
      "ArnEquals",
      "aws:SourceArn",
      "arn:aws:sns:*:1:t",
      { "aws:SourceArn": "arn:aws:sns:x:1:t" },
      true,
    ],
    [
      "a wildcard of ArnLike over a colon",
      "ArnLike",
      "aws:SourceArn",
      "arn:aws:sns:*:t",
      { "aws:SourceArn": "arn:aws:sns:x:1:t" },
      false,
    ],
    ["false for Bool", "Bool", "aws:SecureTransport", "false", { "aws:SecureTransport": "true" }, false],
    ["true for Bool", "Bool", "aws:SecureTransport", true, { "aws:SecureTransport": "true" }, true],
    ["an absent key for Null", "Null", "aws:SourceArn", "true", {}, true],
    ["a present key for Null", "Null", "aws:SourceArn", "true", { "aws:SourceArn": "a" }, false],
    ["all values", "ForAllValues:StringEquals", LEADING, ["a", "b"], { [LEADING]: ["a", "b"] }, true],
    ["all values but one", "ForAllValues:StringEquals", LEADING, ["a"], { [LEADING]: ["a", "b"] }, false],
    ["no value at all, for all", "ForAllValues:StringEquals", LEADING, ["a"], {}, true],
    ["one of the values", "ForAnyValue:StringEquals", LEADING, ["a"], { [LEADING]: ["a", "b"] }, true],
    ["no value at all, for any", "ForAnyValue:StringEquals", LEADING, ["a"], {}, false],
    ["several values of a plain operator", "StringEquals", LEADING, ["a"], { [LEADING]: ["a", "a"] }, false],
    [
      "an encryption context",
      "StringEquals",
      "kms:EncryptionContext:x:y",
      "1",
      { "kms:EncryptionContext:x:y": "1" },
      true,
    ],
  ])("decide on %s", (_, operator, key, expected, keys, holds) => {
    expect(asked([allow({ Condition: { [operator]: { [key]: expected } } })], { keys })).toBe(
      holds ? "allowed" : NO_IDENTITY,
    );
  });

  it.each([
    ["a condition key", { StringEquals: { "aws:PrincipalTag/x": "1" } }, "condition key aws:PrincipalTag/x"],
    ["an operator", { DateLessThan: { "aws:SourceArn": "1" } }, "condition operator DateLessThan"],
  ])("name %s that the evaluation does not support", (_, Condition, message) => {
    expect(() => read([allow({ Condition })])).toThrow(message);
  });

  it("name a policy variable and an element that the evaluation does not support", () => {
    expect(() => read([allow({ Resource: "arn:aws:sns:::${aws:username}" })])).toThrow("policy variable");
    expect(() => read([allow({ NotPrincipal: "*" })])).toThrow("NotPrincipal");
  });
});

/** Sources: IAM User Guide, "Principal"; KMS Developer Guide, "Default key policy". */
describe("policies of resources", () => {
  const service = (name: string): Principal => ({ kind: "service", name });
  const forService = allow({
    Principal: { Service: "sns.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": "1" } },
  });
  const root = allow({ Action: "kms:*", Resource: "*", Principal: { AWS: "arn:aws:iam::000000000000:root" } });

  it.each<[string, Parameters<typeof asked>, string]>([
    ["let a role in by its ARN", [[], { by: [allow({ Principal: { AWS: ROLE.arn } })] }], "allowed"],
    ["let everyone in by *", [[], { by: [allow({ Principal: "*" })] }], "allowed"],
    ["let no role in by the account alone", [[], { by: [allow({ Principal: { AWS: "000000000000" } })] }], NO_IDENTITY],
    [
      "keep a role out by Deny",
      [[allow({})], { by: [deny({ Principal: "*" })] }],
      "with an explicit deny in a resource-based policy",
    ],
    [
      "apply only to the principal they name",
      [[], { by: [allow({ Principal: { AWS: "arn:aws:iam::000000000000:role/Other" } })] }],
      NO_IDENTITY,
    ],
    [
      "let a service in",
      [[], { by: [forService], who: service("sns.amazonaws.com"), keys: { "aws:SourceAccount": "1" } }],
      "allowed",
    ],
    [
      "let a service of another account's out",
      [[], { by: [forService], who: service("sns.amazonaws.com"), keys: { "aws:SourceAccount": "2" } }],
      NO_RESOURCE,
    ],
    [
      "let no other service in",
      [[], { by: [forService], who: service("ses.amazonaws.com"), keys: { "aws:SourceAccount": "1" } }],
      NO_RESOURCE,
    ],
    ["let no service in that no statement names", [[allow({})], { who: service("sns.amazonaws.com") }], NO_RESOURCE],
    [
      "let a key's policy delegate to the account's policies",
      [[allow({ Action: "kms:Decrypt", Resource: KEY })], { by: [root], action: "kms:Decrypt", resource: KEY }],
      "allowed",
    ],
    [
      "let no role use a key whose policy does not delegate",
      [[allow({ Action: "kms:Decrypt", Resource: KEY })], { action: "kms:Decrypt", resource: KEY }],
      "because no resource-based policy allows the kms:Decrypt action",
    ],
    [
      "let no role use a key by the key's policy alone",
      [[], { by: [root], action: "kms:Decrypt", resource: KEY }],
      "because no identity-based policy allows the kms:Decrypt action",
    ],
  ])("%s", (_, [identity, more], expected) => {
    expect(asked(identity, more)).toBe(expected);
  });
});
