import type { PbxInfo } from "../../../core/pbx/pbx-info.ts";
import { MAX_REFUSED_LOGINS } from "../../../core/pbx/refused-logins.ts";
import type { Connection, LoggedInConnection } from "../../../core/pbx/connection.ts";
import type { KeptRefusedLogin } from "../../../core/pbx/refused-logins.ts";
import type { Sockets } from "../../../ports/pbx.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { connectionKey, REFUSED_LOGINS } from "../shared/dynamo-keys.ts";
import { dynamoTable, type Row } from "../shared/dynamo-table.ts";

/** Connections as adapters/aws/pbx/sessions.ts wrote them, for those who close them. */
export function dynamoSockets(client: FullDynamo, table: string): Sockets {
  const sessions = dynamoTable(client, table);
  const ofDomain = (domain: string, prefix: string) =>
    ({
      index: "byDomain",
      keys: "#domain = :domain AND begins_with(pk, :prefix)",
      values: { domain, prefix },
    }) as const;

  return {
    async find(connectionId) {
      const row = await sessions.get({ pk: connectionKey(connectionId) });
      return row && toConnection(row);
    },

    ofDomain: async (domain) =>
      (await sessions.queryAll(ofDomain(domain, connectionKey("")))).map(toConnection).filter(isLoggedIn),

    async refusedLogins(domain) {
      const { rows } = await sessions.query({ ...ofDomain(domain, REFUSED_LOGINS), limit: MAX_REFUSED_LOGINS });
      return (rows as unknown as readonly KeptRefusedLogin[]).map(({ account, source, at, reason, refusals }) => ({
        account,
        source,
        at,
        reason,
        refusals,
      }));
    },
  };
}

const isLoggedIn = (connection: Connection): connection is LoggedInConnection => connection.login !== undefined;

interface ConnectionRow {
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

function toConnection(row: Row): Connection {
  const { pk, connectedAt, source, account, domain, secretId, loggedInAt, sip, dn, pbxInfo } =
    row as unknown as ConnectionRow;
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
