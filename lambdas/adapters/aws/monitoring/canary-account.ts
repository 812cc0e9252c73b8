import {
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { CANARY_ACCOUNT } from "../../../core/monitoring/canary.ts";
import type { AccountSecrets } from "../../../core/pbx/secret.ts";
import type { CanaryAccount } from "../../../ports/monitoring.ts";
import { call } from "../shared/call.ts";
import { domainRow } from "../shared/dynamo-keys.ts";

/**
 * The canary's rows, the only ones its function may touch (lib/constructs/canary.ts). They look like any account's to a
 * login, but carry a kind of their own, so that operators do not find it among their customers.
 */
export function dynamoCanaryAccount(
  client: DynamoDBClient,
  tables: { readonly core: string; readonly secrets: string },
): CanaryAccount {
  const Key = marshall({ account: CANARY_ACCOUNT });
  return {
    async secret() {
      const command = new GetItemCommand({ TableName: tables.secrets, Key, ConsistentRead: true });
      const { Item } = await call("dynamodb.GetItem", (options) => client.send(command, options));
      return Item && (unmarshall(Item) as AccountSecrets).current.secret;
    },

    async setUp({ after: { account, ...domain }, secrets }) {
      const put = (TableName: string, row: object, name: string) => ({
        Put: {
          TableName,
          Item: marshall(row, { removeUndefinedValues: true }),
          ConditionExpression: "attribute_not_exists(#key)",
          ExpressionAttributeNames: { "#key": name },
        },
      });
      const TransactItems = [
        put(tables.core, { ...domainRow(account), kind: "canary", ...domain }, "pk"),
        put(tables.secrets, { account, ...secrets }, "account"),
      ];
      return call("dynamodb.TransactWriteItems", async (options) => {
        try {
          await client.send(new TransactWriteItemsCommand({ TransactItems }), options);
          return true;
        } catch (error) {
          if (error instanceof TransactionCanceledException) return false;
          throw error;
        }
      });
    },
  };
}
