import type { AccessLink, Visitor } from "../../../core/domains/visitor.ts";
import type { StoredLink, WebSessions } from "../../../ports/web.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { lasting } from "../shared/dynamo-keys.ts";
import { deleteIn, dynamoTable, type Key, putIn, transact } from "../shared/dynamo-table.ts";

const linkKey = (hash: string) => ({ pk: `ACCESS#${hash}` });
const sessionKey = (hash: string) => ({ pk: `WEB#${hash}` });

/** A visitor's row; without `domain`, by which connections are found. */
interface VisitorRow extends Visitor, Pick<AccessLink, "lock"> {
  readonly until: number;
  readonly wrongCodes?: number;
}

function toVisitor({ account, emailKey, language, scope }: Visitor): Visitor {
  return { account, emailKey, ...(language && { language }), ...(scope && { scope }) };
}

const toRow = (visitor: Visitor, until: number) => ({ ...toVisitor(visitor), ...lasting(until) });

function toLink(row: VisitorRow): StoredLink {
  const { lock, wrongCodes = 0 } = row;
  return { visitor: toVisitor(row), ...(lock && { lock }), wrongCodes };
}

/** Links and web sessions in the sessions table (docs/architecture.md, Tables). */
export function dynamoWebSessions(client: FullDynamo, table: string): WebSessions {
  const sessions = dynamoTable(client, table);

  async function find(key: Key, now: number): Promise<VisitorRow | undefined> {
    const row = (await sessions.get(key)) as VisitorRow | undefined;
    return row !== undefined && row.until > now ? row : undefined;
  }

  return {
    async add(hash, { visitor, lock }, until) {
      await sessions.put({ ...linkKey(hash), ...toRow(visitor, until), ...(lock && { lock }) });
    },

    async findLink(hash, now) {
      const row = await find(linkKey(hash), now);
      return row && toLink(row);
    },

    async countWrongCode(hash) {
      const count = { change: "ADD wrongCodes :one", when: "attribute_exists(pk)", values: { one: 1 } };
      const row = await sessions.update(linkKey(hash), count, "ALL_NEW");
      return Number(row?.["wrongCodes"] ?? Number.POSITIVE_INFINITY);
    },

    async exchange(linkHash, sessionHash, now, until, wrongCodes) {
      const row = await find(linkKey(linkHash), now);
      if (row === undefined) return undefined;
      const { visitor, lock } = toLink(row);
      const session = { ...sessionKey(sessionHash), ...toRow(visitor, until) };
      if (lock === undefined) {
        await sessions.put(session);
        return visitor;
      }
      const open = "attribute_exists(pk) AND (attribute_not_exists(wrongCodes) OR wrongCodes < :most)";
      const conflict = await transact(client, [
        deleteIn(table, linkKey(linkHash), { when: open, values: { most: wrongCodes } }),
        putIn(table, session),
      ]);
      // Another request has used the link, or is about to.
      return conflict === undefined ? visitor : undefined;
    },

    async find(sessionHash, now) {
      const row = await find(sessionKey(sessionHash), now);
      return row && { visitor: toVisitor(row), until: row.until };
    },

    async end(sessionHash) {
      await sessions.remove(sessionKey(sessionHash));
    },
  };
}
