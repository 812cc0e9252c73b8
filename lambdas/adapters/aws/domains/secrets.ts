import type { AccountSecrets } from "../../../core/pbx/secret.ts";
import type { SecretsReader } from "../../../ports/domains.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { dynamoTable } from "../shared/dynamo-table.ts";

/** Reads the secrets table; adapters/aws/domains/domains.ts writes it together with the domain. */
export function dynamoSecrets(client: FullDynamo, table: string): SecretsReader {
  const secrets = dynamoTable(client, table);
  return {
    async find(account) {
      const row = await secrets.get({ account });
      return row && toSecrets(row);
    },
  };
}

function toSecrets({ account, ...secrets }: Readonly<Record<string, unknown>>): AccountSecrets {
  return secrets as unknown as AccountSecrets;
}
