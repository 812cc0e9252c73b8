import { GetItemCommand, paginateQuery, QueryCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { PbxInfo } from "../../../core/pbx/pbx-info.ts";
import { MAX_REFUSED_LOGINS } from "../../../core/pbx/refused-logins.ts";
import type { Connection, KeptRefusedLogin, LoggedInConnection, Sockets } from "../../../ports/pbx.ts";
import { call } from "../shared/call.ts";
import { connectionKey, REFUSED_LOGINS } from "../shared/dynamo-keys.ts";

/** Connections as adapters/aws/pbx/sessions.ts wrote them, for those who end them. */
export function dynamoSockets(client: DynamoDBClient, TableName: string): Sockets {
  return {
    async find(connectionId) {
      const Key = marshall({ pk: connectionKey(connectionId) });
      const { Item } = await call("dynamodb.GetItem", (options) =>
        client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }), options),
      );
      return Item && toConnection(unmarshall(Item));
    },

    async ofDomain(domain) {
      return call("dynamodb.Query", async (options) => {
        const query = {
          TableName,
          IndexName: "byDomain",
          KeyConditionExpression: "#domain = :domain AND begins_with(pk, :connections)",
          ExpressionAttributeNames: { "#domain": "domain" },
          ExpressionAttributeValues: marshall({ ":domain": domain, ":connections": connectionKey("") }),
        };
        const found: LoggedInConnection[] = [];
        for await (const page of paginateQuery({ client }, query, options)) {
          for (const row of page.Items ?? []) {
            const connection = toConnection(unmarshall(row));
            if (isLoggedIn(connection)) found.push(connection);
          }
        }
        return found;
      });
    },

    async refusedLogins(domain) {
      const command = new QueryCommand({
        TableName,
        IndexName: "byDomain",
        KeyConditionExpression: "#domain = :domain AND begins_with(pk, :refusals)",
        ExpressionAttributeNames: { "#domain": "domain" },
        ExpressionAttributeValues: marshall({ ":domain": domain, ":refusals": REFUSED_LOGINS }),
        Limit: MAX_REFUSED_LOGINS,
      });
      const { Items = [] } = await call("dynamodb.Query", (options) => client.send(command, options));
      return Items.map((item) => {
        const { account, source, at, reason, refusals } = unmarshall(item) as KeptRefusedLogin;
        return { account, source, at, reason, refusals };
      });
    },
  };
}

const isLoggedIn = (connection: Connection): connection is LoggedInConnection => connection.login !== undefined;

interface Row {
  readonly pk: string;
  readonly connectedAt: number;
  readonly source: string;
  readonly account?: string;
  readonly domain?: string;
  readonly secretId?: string;
  readonly loggedInAt?: number;
  readonly sip?: string;
  readonly dn?: string;
  readonly pbxInfo?: PbxInfo;
}

function toConnection(unmarshalled: Record<string, unknown>): Connection {
  const { pk, connectedAt, source, account, domain, secretId, loggedInAt, sip, dn, pbxInfo } = unmarshalled as unknown as Row;
  const login =
    account === undefined || domain === undefined || secretId === undefined
      ? undefined
      : { account, domain, secretId, at: loggedInAt ?? connectedAt, ...(sip && { sip }), ...(dn && { dn }) };
  return {
    connectionId: pk.slice(connectionKey("").length),
    connectedAt,
    source,
    ...(login && { login }),
    ...(pbxInfo && { pbx: pbxInfo }),
  };
}
