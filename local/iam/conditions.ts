import { arnPattern, wildcard, type Matcher } from "./pattern.ts";

/**
 * Keys of a request that conditions ask for, in lower case as IAM compares them; absent keys are absent.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys".
 */
export type Context = ReadonlyMap<string, readonly string[]>;

export const context = (entries: Readonly<Record<string, string | readonly string[] | undefined>>): Context =>
  new Map(
    Object.entries(entries).flatMap(([key, value]) =>
      value === undefined ? [] : [[key.toLowerCase(), [value].flat()] as const],
    ),
  );

/** A policy that the evaluator cannot judge, by the name of what it does not know. */
export class UnknownPolicyError extends Error {
  override readonly name = "UnknownPolicyError";
}

/**
 * Keys that requests carry here, and aws:SourceOwner, which none carries: SNS sets it for services that are nowhere named
 * (SNS Developer Guide, "Example cases for access control"), so a statement on it decides nothing. A condition on another one cannot be judged, so it is refused by name.
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
  /** True where it asks that no value matches. */
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

/** ForAllValues holds of nothing at all, ForAnyValue never does; a plain operator only where it is negated or IfExists. */
const absent = (quantifier: string | undefined, otherwise: boolean) =>
  quantifier === undefined ? otherwise : quantifier === "ForAllValues";
