import { randomInt, randomUUID } from "node:crypto";
import * as v from "valibot";
import { AwsError, jsonBody, jsonResponse, type AwsService } from "../aws/protocols.ts";

export interface Secrets {
  readonly service: AwsService;
  add(arn: string, name: string, value: string, tags?: Tags): void;
  /** Named by ARN or name; undefined if there is none. */
  value(id: string): string | undefined;
}

type Tags = readonly { readonly Key: string; readonly Value: string }[];

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly value: string;
  readonly tags: Tags;
  readonly versionId: string;
  /** Unix s, as the API answers it. */
  readonly createdAt: number;
}

export function createSecrets(): Secrets {
  const secrets = new Map<string, Secret>();
  const find = (id: string) => secrets.get(id) ?? [...secrets.values()].find(({ name }) => name === id);

  return {
    service(request) {
      const id = String(jsonBody(request)["SecretId"]);
      const secret = find(id);
      if (secret === undefined) throw new AwsError("ResourceNotFoundException", `no secret ${id} on the local host`);
      const { arn: ARN, name: Name, value: SecretString, versionId: VersionId, createdAt: CreatedDate } = secret;
      switch (request.operation) {
        case "GetSecretValue":
          return jsonResponse({ ARN, Name, SecretString, VersionId, VersionStages: ["AWSCURRENT"], CreatedDate });
        case "DescribeSecret":
          return jsonResponse({
            ARN,
            Name,
            CreatedDate,
            LastChangedDate: CreatedDate,
            Tags: secret.tags,
            VersionIdsToStages: { [VersionId]: ["AWSCURRENT"] },
          });
        default:
          throw new AwsError("InvalidRequestException", `Secrets Manager ${request.operation} is not simulated`);
      }
    },
    add(arn, name, value, tags = []) {
      secrets.set(arn, { arn, name, value, tags, versionId: randomUUID(), createdAt: Date.now() / 1000 });
    },
    value: (id) => find(id)?.value,
  };
}

/** GenerateSecretString of AWS::SecretsManager::Secret. */
export const generation = v.object({
  PasswordLength: v.optional(v.number(), 32),
  ExcludeCharacters: v.optional(v.string(), ""),
  ExcludePunctuation: v.optional(v.boolean(), false),
  SecretStringTemplate: v.optional(v.string()),
  GenerateStringKey: v.optional(v.string()),
});

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const PUNCTUATION = "!#$%&'()*+,-./:;<=>?@[]^_{|}~";

/** A random secret; inside the template's JSON, if there is one. */
export function generateSecret(wanted: v.InferOutput<typeof generation>): string {
  const { PasswordLength, ExcludeCharacters, ExcludePunctuation } = wanted;
  const alphabet = [...(LETTERS + (ExcludePunctuation ? "" : PUNCTUATION))].filter(
    (c) => !ExcludeCharacters.includes(c),
  );
  const password = Array.from({ length: PasswordLength }, () => alphabet[randomInt(alphabet.length)]).join("");
  const { SecretStringTemplate: template, GenerateStringKey: key } = wanted;
  if (template === undefined || key === undefined) return password;
  return JSON.stringify({ ...(JSON.parse(template) as object), [key]: password });
}
