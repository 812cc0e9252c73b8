import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { CredentialSecrets } from "../../../ports/push.ts";
import { call } from "../client/call.ts";

export function credentialSecrets(client: SecretsManagerClient): CredentialSecrets {
  return {
    async read(secret) {
      const command = new GetSecretValueCommand({ SecretId: secret });
      const { SecretString } = await call("secretsmanager.GetSecretValue", (options) => client.send(command, options));
      return SecretString ?? "";
    },
  };
}
