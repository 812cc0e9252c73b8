import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Visitor } from "../../../core/domains/visitor.ts";
import type { WebSession } from "../../../core/web/web-session.ts";
import type { WebSessions } from "../../../ports/web.ts";
import { call } from "../shared/call.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";
import { isConflict } from "../shared/transaction.ts";

const linkKey = (hash: string) => ({ pk: `ACCESS#${hash}` });
const sessionKey = (hash: string) => ({ pk: `WEB#${hash}` });

/** A visitor's row; not under `domain`, by which connections are found. */
interface Row {
  readonly account: string;
  readonly emailKey: string;
  readonly language?: Visitor["language"];
  readonly only?: Visitor["scope"];
  readonly until: number;
}

function toRow({ account, emailKey, language, scope }: Visitor, until: number) {
  return { account, emailKey, ...(language && { language }), ...(scope && { only: scope }), until, ttl: toSeconds(until) + 1 };
}

function toSession(row: Row): WebSession {
  const { account, emailKey, language, only, until } = row;
  return { visitor: { account, emailKey, ...(language && { language }), ...(only && { scope: only }) }, until };
}

/** Links and web sessions in the sessions table (docs/architecture.md, Tables). */
export function dynamoWebSessions(client: DynamoDBClient, TableName: string): WebSessions {
  async function find(key: { readonly pk: string }, now: number): Promise<WebSession | undefined> {
    const { Item } = await call("dynamodb.GetItem", (options) =>
      client.send(new GetItemCommand({ TableName, Key: marshall(key), ConsistentRead: true }), options),
    );
    const session = Item && toSession(unmarshall(Item) as Row);
    return session !== undefined && session.until > now ? session : undefined;
  }

  return {
    async add(hash, visitor, until) {
      const Item = marshall({ ...linkKey(hash), ...toRow(visitor, until) });
      await call("dynamodb.PutItem", (options) => client.send(new PutItemCommand({ TableName, Item }), options));
    },

    async findLink(hash, now) {
      return (await find(linkKey(hash), now))?.visitor;
    },

    async exchange(linkHash, sessionHash, now, until) {
      const link = await find(linkKey(linkHash), now);
      if (link === undefined) return undefined;
      const Item = marshall({ ...sessionKey(sessionHash), ...toRow(link.visitor, until) });
      const TransactItems = [
        { Delete: { TableName, Key: marshall(linkKey(linkHash)), ConditionExpression: "attribute_exists(pk)" } },
        { Put: { TableName, Item } },
      ];
      return call("dynamodb.TransactWriteItems", async (options) => {
        try {
          await client.send(new TransactWriteItemsCommand({ TransactItems }), options);
          return link.visitor;
        } catch (error) {
          if (isConflict(error)) return undefined; // Somebody else has used the link up, or is about to.
          throw error;
        }
      });
    },

    find: (sessionHash, now) => find(sessionKey(sessionHash), now),

    async end(sessionHash) {
      const Key = marshall(sessionKey(sessionHash));
      await call("dynamodb.DeleteItem", (options) => client.send(new DeleteItemCommand({ TableName, Key }), options));
    },
  };
}
