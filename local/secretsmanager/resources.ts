import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { arn } from "../aws/arn.ts";
import type { Provider } from "../cloudformation/deploy.ts";
import { read } from "../cloudformation/read.ts";
import { generateSecret, generation, type Secrets } from "./service.ts";

const schema = v.object({
  Name: v.optional(v.string()),
  SecretString: v.optional(v.string()),
  Tags: v.optional(v.array(v.object({ Key: v.string(), Value: v.string() }))),
  GenerateSecretString: v.optional(generation, {}),
});

export const secretResources = (secrets: Secrets): Readonly<Record<string, Provider>> => ({
  "AWS::SecretsManager::Secret"(request) {
    const { Name, SecretString, Tags, GenerateSecretString } = read(schema, request);
    const name = Name ?? request.generatedName;
    const secretArn = arn(request.stack, "secretsmanager", `secret:${name}-${randomBytes(3).toString("hex")}`);
    secrets.add(secretArn, name, SecretString ?? generateSecret(GenerateSecretString), Tags);
    return { ref: secretArn, attributes: { Id: secretArn } };
  },
});
