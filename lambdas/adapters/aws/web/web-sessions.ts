import type { Visitor } from "../../../core/domains/visitor.ts";
import type { WebSession } from "../../../core/web/web-session.ts";
import type { WebSessions } from "../../../ports/web.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";
import { deleteIn, dynamoTable, type Key, putIn, transact } from "../shared/dynamo-table.ts";

const linkKey = (hash: string) => ({ pk: `ACCESS#${hash}` });
const sessionKey = (hash: string) => ({ pk: `WEB#${hash}` });

/** A visitor's row; not under `domain`, by which connections are found. */
interface VisitorRow {
  readonly account: string;
  readonly emailKey: string;
  readonly language?: Visitor["language"];
  readonly scope?: Visitor["scope"];
  readonly until: number;
}

function toRow({ account, emailKey, language, scope }: Visitor, until: number) {
  return {
    account,
    emailKey,
    ...(language && { language }),
    ...(scope && { scope }),
    until,
    ttl: toSeconds(until) + 1,
  };
}

function toSession(row: VisitorRow): WebSession {
  const { account, emailKey, language, scope, until } = row;
  return { visitor: { account, emailKey, ...(language && { language }), ...(scope && { scope }) }, until };
}

/** Links and web sessions in the sessions table (docs/architecture.md, Tables). */
export function dynamoWebSessions(client: FullDynamo, table: string): WebSessions {
  const sessions = dynamoTable(client, table);

  async function find(key: Key, now: number): Promise<WebSession | undefined> {
    const row = await sessions.get(key);
    const session = row && toSession(row as unknown as VisitorRow);
    return session !== undefined && session.until > now ? session : undefined;
  }

  return {
    async add(hash, visitor, until) {
      await sessions.put({ ...linkKey(hash), ...toRow(visitor, until) });
    },

    findLink: async (hash, now) => (await find(linkKey(hash), now))?.visitor,

    async exchange(linkHash, sessionHash, now, until) {
      const link = await find(linkKey(linkHash), now);
      if (link === undefined) return undefined;
      const conflict = await transact(client, [
        deleteIn(table, linkKey(linkHash), { when: "attribute_exists(pk)" }),
        putIn(table, { ...sessionKey(sessionHash), ...toRow(link.visitor, until) }),
      ]);
      // Another request has used the link, or is about to.
      return conflict === undefined ? link.visitor : undefined;
    },

    find: (sessionHash, now) => find(sessionKey(sessionHash), now),

    async end(sessionHash) {
      await sessions.remove(sessionKey(sessionHash));
    },
  };
}
