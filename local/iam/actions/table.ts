import { context } from "../conditions.ts";
import type { Right } from "../evaluate.ts";
import type { Facts } from "../facts.ts";

/** The parts of a call that determine its rights. */
export interface Call {
  /** JSON body, or the form of the query protocol. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** All rights that a call needs; none for a malformed call, as its service refuses it anyway. */
export type RightsOf = (call: Call, facts: Facts) => readonly Right[];
/** By operation. */
export type Table = Readonly<Record<string, RightsOf>>;

/** Policies deny calls without TLS; loopback counts as TLS. */
const TLS = { "aws:SecureTransport": "true" };

export const right = (action: string, resource: string, entries: Parameters<typeof context>[0] = {}): Right => ({
  action,
  resource,
  context: context({ ...TLS, ...entries }),
});

/** For an action without a resource (Service Authorization Reference): only a policy's `*` covers it. */
export const ANY = "*";

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * Rights on a customer's key that a service uses on behalf of its caller. Sources: KMS Developer Guide,
 * "kms:ViaService"; SQS Developer Guide, "Key management" (send: GenerateDataKey and Decrypt, receive: Decrypt); SNS
 * Developer Guide, "Key management"; DynamoDB Developer Guide, "Encryption at rest: usage notes".
 */
export const throughKey = (
  facts: Facts,
  service: string,
  key: string | undefined,
  actions: readonly string[],
  encryption: Readonly<Record<string, string>> = {},
): readonly Right[] =>
  key === undefined
    ? []
    : actions.map((action) =>
        right(`kms:${action}`, key, {
          "kms:ViaService": `${service}.${facts.region}.amazonaws.com`,
          ...Object.fromEntries(
            Object.entries(encryption).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
          ),
        }),
      );
