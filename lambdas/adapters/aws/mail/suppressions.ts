import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { sha256 } from "../../../core/shared/random-text.ts";
import type { Suppression } from "../../../core/mail/suppression.ts";
import type { Suppressions } from "../../../ports/mail.ts";
import { call } from "../shared/call.ts";

const KIND = "suppression";
const rowOf = (address: string) => ({ pk: `MAIL#${sha256(address)}`, sk: "SUPPRESSION" });

/** Addresses that get no mail, in the core table (docs/architecture.md, Tables). */
export function dynamoSuppressions(client: DynamoDBClient, TableName: string): Suppressions {
  return {
    async find(address) {
      const command = new GetItemCommand({ TableName, Key: marshall(rowOf(address)), ConsistentRead: true });
      const { Item } = await call("dynamodb.GetItem", (options) => client.send(command, options));
      return Item && toSuppression(unmarshall(Item));
    },

    async add(suppression) {
      const Item = marshall({ ...rowOf(suppression.address), kind: KIND, ...suppression });
      const command = new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(pk)" });
      await call("dynamodb.PutItem", async (options) => {
        try {
          await client.send(command, options);
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      });
    },

    async remove(address) {
      const command = new DeleteItemCommand({ TableName, Key: marshall(rowOf(address)), ReturnValues: "ALL_OLD" });
      const { Attributes } = await call("dynamodb.DeleteItem", (options) => client.send(command, options));
      return Attributes !== undefined;
    },

    async list(limit, after) {
      const command = new QueryCommand({
        TableName,
        IndexName: "byKind",
        KeyConditionExpression: "kind = :kind",
        ExpressionAttributeValues: marshall({ ":kind": KIND }),
        Limit: limit,
        ...(after !== undefined && { ExclusiveStartKey: marshall({ kind: KIND, ...rowOf(after) }) }),
      });
      const { Items = [], LastEvaluatedKey } = await call("dynamodb.Query", (options) => client.send(command, options));
      const items = Items.map((item) => toSuppression(unmarshall(item)));
      return { items, next: LastEvaluatedKey && items.at(-1)?.address };
    },
  };
}

function toSuppression(row: Record<string, unknown>): Suppression {
  const { pk, sk, kind, ...suppression } = row;
  return suppression as unknown as Suppression;
}
