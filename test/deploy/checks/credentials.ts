import { generateKeyPairSync } from "node:crypto";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { stages } from "../../../stages.ts";
import { region } from "../emulator/emulator.ts";

/** What an operator does before the first deployment: stores a well-formed credential under each secret name of a stage. */
export async function putCredentials(endpoint: string, stage: string): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new SecretsManagerClient({ endpoint, region, credentials });
  const texts = new Map<string, string>();
  for (const { credentialSecret: name, platform, bundle } of stages[stage]?.apps ?? [])
    if (name !== undefined) texts.set(name, platform === "GCM" ? serviceAccount(bundle) : signingKey());
  for (const [Name, SecretString] of texts) await client.send(new CreateSecretCommand({ Name, SecretString }));
  client.destroy();
}

const pem = { type: "pkcs8", format: "pem" } as const;

/** A credential as Apple issues it: a team's key. */
export const signingKey = (teamId = "FGHIJ67890"): string =>
  JSON.stringify({
    keyId: "ABCDE12345",
    teamId,
    p8: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pem),
  });

const serviceAccount = (project: string): string =>
  JSON.stringify({
    type: "service_account",
    project_id: project,
    client_email: `push@${project}.iam.gserviceaccount.com`,
    private_key_id: "0123456789abcdef",
    private_key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(pem),
    token_uri: "https://oauth2.googleapis.com/token",
  });
