import { GetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { AccountSecrets } from "../../../core/pbx/secret.ts";
import type { SecretsReader } from "../../../ports/domains.ts";
import { call } from "../shared/call.ts";

/** Reads the secrets table; adapters/aws/domains/domains.ts writes it together with the domain. */
export function dynamoSecrets(client: DynamoDBClient, table: string): SecretsReader {
  return {
    async find(key) {
      const { Item } = await call("dynamodb.GetItem", (options) =>
        client.send(
          new GetItemCommand({ TableName: table, Key: marshall({ account: key }), ConsistentRead: true }),
          options,
        ),
      );
      if (Item === undefined) return undefined;
      const { account, ...secrets } = unmarshall(Item);
      return secrets as AccountSecrets;
    },
  };
}
