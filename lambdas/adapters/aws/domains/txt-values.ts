import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { sha256 } from "../../../core/shared/random-text.ts";
import type { TxtValue, TxtValues } from "../../../ports/domains.ts";
import { call } from "../shared/call.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";

/** Values for TXT records in the sessions table (docs/architecture.md, Tables). */
export function dynamoTxtValues(client: DynamoDBClient, TableName: string): TxtValues {
  const keyOf = (domain: string, emailKey: string) => ({ pk: `TXT#${sha256(`${domain} ${emailKey}`)}` });

  return {
    async current(domain, emailKey, fresh, now) {
      const command = new PutItemCommand({
        TableName,
        Item: marshall({ ...keyOf(domain, emailKey), ...fresh, ttl: toSeconds(fresh.expiresAt) + 1 }),
        ConditionExpression: "attribute_not_exists(pk) OR expiresAt <= :now",
        ExpressionAttributeValues: marshall({ ":now": now }),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return call("dynamodb.PutItem", async (options) => {
        try {
          await client.send(command, options);
          return fresh;
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
          const { value, expiresAt } = unmarshall(error.Item) as TxtValue;
          return { value, expiresAt };
        }
      });
    },

    async end(domain, emailKey) {
      const command = new DeleteItemCommand({ TableName, Key: marshall(keyOf(domain, emailKey)) });
      await call("dynamodb.DeleteItem", (options) => client.send(command, options));
    },
  };
}
