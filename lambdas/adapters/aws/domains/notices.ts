import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Notice } from "../../../core/domains/notice.ts";
import type { Notices, PendingNotice } from "../../../ports/domains.ts";
import { call } from "../shared/call.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";

const keyOf = (id: string) => marshall({ pk: `NOTICE#${id}`, sk: "NOTICE" });
/** A notice is kept as long as its message may lie in a queue, dead letters included; in s. */
const LIFE_S = 30 * 86_400;

/** The row of a notice that is to go out; adapters/aws/domains/domains.ts writes it together with a change. */
export const noticeItem = (id: string, notice: Notice) => ({
  ...keyOf(id),
  ...marshall({ ...notice, id, mail: "queued", ttl: toSeconds(notice.at) + LIFE_S }, { removeUndefinedValues: true }),
});

/** Notices in the core table (docs/architecture.md, Tables): whoever changes a domain may write there. */
export function dynamoNotices(client: DynamoDBClient, TableName: string): Notices {
  /** Undefined when the condition does not hold. */
  async function update(id: string, input: Omit<UpdateItemCommandInput, "TableName" | "Key">) {
    return call("dynamodb.UpdateItem", async (options) => {
      try {
        const command = new UpdateItemCommand({ TableName, Key: keyOf(id), ReturnValues: "ALL_NEW", ...input });
        return toNotice(unmarshall((await client.send(command, options)).Attributes ?? {}));
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    });
  }

  async function find(id: string): Promise<PendingNotice | undefined> {
    const command = new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true });
    const { Item } = await call("dynamodb.GetItem", (options) => client.send(command, options));
    return Item && toNotice(unmarshall(Item));
  }

  return {
    find,

    async add(id, notice) {
      const command = new PutItemCommand({ TableName, Item: noticeItem(id, notice) });
      await call("dynamodb.PutItem", (options) => client.send(command, options));
    },

    async leaseMail(id, now, until) {
      const claimed = await update(id, {
        UpdateExpression: "SET mailClaim = :until",
        ConditionExpression: "mail IN (:queued, :allowed) AND (attribute_not_exists(mailClaim) OR mailClaim <= :now)",
        ExpressionAttributeValues: marshall({ ":until": until, ":now": now, ":queued": "queued", ":allowed": "allowed" }),
      });
      if (claimed !== undefined) return claimed;
      const mail = (await find(id))?.mail;
      return mail === "queued" || mail === "allowed" ? "busy" : undefined;
    },

    async setMail(id, mail, release, at) {
      await update(id, {
        UpdateExpression: `SET mail = :mail, mailAt = :at${release ? " REMOVE mailClaim" : ""}`,
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: marshall({ ":mail": mail, ":at": at }),
      });
    },
  };
}

function toNotice(row: Record<string, unknown>): PendingNotice {
  const { pk, sk, ttl, mailClaim, ...notice } = row;
  return notice as unknown as PendingNotice;
}
