import { arnPattern, wildcard, type Matcher } from "./pattern.ts";

/**
 * Condition keys of a request, in lower case, as IAM ignores their case. Source: IAM User Guide, "IAM JSON policy
 * elements: Condition operators" and "Multivalued context keys".
 */
export type Context = ReadonlyMap<string, readonly string[]>;

export const context = (entries: Readonly<Record<string, string | readonly string[] | undefined>>): Context =>
  new Map(
    Object.entries(entries).flatMap(([key, value]) =>
      value === undefined ? [] : [[key.toLowerCase(), [value].flat()] as const],
    ),
  );

/** A policy that the evaluator cannot judge; names what it does not know. */
export class UnknownPolicyError extends Error {
  override readonly name = "UnknownPolicyError";
}

/**
 * Keys that requests have here, and aws:SourceOwner, which none has: SNS sets it for services that are not documented
 * (SNS Developer Guide, "Example cases for access control"), so a statement with it decides nothing. Any other key is
 * refused by name, as it cannot be judged.
 */
const KEYS = [
  "aws:PrincipalArn",
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceOwner",
  "dynamodb:LeadingKeys",
  "dynamodb:ReturnValues",
  "iam:PassedToService",
  "kms:EncryptionContext:*",
  "kms:ViaService",
  "ses:FromAddress",
  "ses:FromDisplayName",
  "ses:Recipients",
].map((key) => wildcard(key.toLowerCase()));

const exact =
  (value: string): Matcher =>
  (text) =>
    text === value;
const ignoringCase =
  (value: string): Matcher =>
  (text) =>
    text.toLowerCase() === value.toLowerCase();

interface Operator {
  readonly compile: (value: string) => Matcher;
  /** True if it requires that no value matches. */
  readonly negated: boolean;
}

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { compile: exact, negated: false },
  StringNotEquals: { compile: exact, negated: true },
  StringEqualsIgnoreCase: { compile: ignoringCase, negated: false },
  StringNotEqualsIgnoreCase: { compile: ignoringCase, negated: true },
  StringLike: { compile: (value) => wildcard(value), negated: false },
  StringNotLike: { compile: (value) => wildcard(value), negated: true },
  ArnEquals: { compile: arnPattern, negated: false },
  ArnLike: { compile: arnPattern, negated: false },
  ArnNotEquals: { compile: arnPattern, negated: true },
  ArnNotLike: { compile: arnPattern, negated: true },
  Bool: { compile: ignoringCase, negated: false },
};

export type Holds = (context: Context) => boolean;

/** One entry of a Condition block. Throws an UnknownPolicyError that names an operator or a key it does not know. */
export function condition(operator: string, key: string, values: readonly string[]): Holds {
  const [, quantifier, name = "", ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/u.exec(operator) ?? [];
  const lowered = key.toLowerCase();
  if (!KEYS.some((matches) => matches(lowered))) throw new UnknownPolicyError(`condition key ${key}`);
  if (name === "Null" && quantifier === undefined && ifExists === undefined)
    return (asked) => values.some((value) => (value.toLowerCase() === "true") === !asked.has(lowered));
  const known = operators[name];
  if (known === undefined) throw new UnknownPolicyError(`condition operator ${operator}`);

  const matchers = values.map(known.compile);
  const one = (value: string) => matchers.some((matches) => matches(value)) !== known.negated;
  return (asked) => {
    const given = asked.get(lowered);
    if (given === undefined || given.length === 0) return absent(quantifier, known.negated || ifExists !== undefined);
    return quantifier === "ForAllValues"
      ? given.every(one)
      : quantifier === "ForAnyValue"
        ? given.some(one)
        : given.length === 1 && given.every(one);
  };
}

/** For an absent key ForAllValues is true, ForAnyValue false, and a plain operator true only if negated or IfExists. */
const absent = (quantifier: string | undefined, otherwise: boolean) =>
  quantifier === undefined ? otherwise : quantifier === "ForAllValues";
