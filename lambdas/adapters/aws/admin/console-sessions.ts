import type { ConsoleSession, SignInAttempt } from "../../../core/admin/console-session.ts";
import type { ConsoleSessions } from "../../../ports/admin.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { lasting } from "../shared/dynamo-keys.ts";
import { dynamoTable, type Row } from "../shared/dynamo-table.ts";

const attemptKey = (hash: string) => ({ pk: `SIGNIN#${hash}` });
const sessionKey = (hash: string) => ({ pk: `CONSOLE#${hash}` });

/** Sign-ins and sessions of the console in the sessions table (docs/architecture.md, Tables). */
export function dynamoConsoleSessions(client: FullDynamo, table: string): ConsoleSessions {
  const sessions = dynamoTable(client, table);
  const fresh = <T>(row: Row | undefined, now: number): T | undefined =>
    row !== undefined && Number(row["until"]) > now ? (row as unknown as T) : undefined;
  const toSession = (row: ConsoleSession | undefined): ConsoleSession | undefined =>
    row && { person: row.person, until: row.until, idToken: row.idToken };

  return {
    async addAttempt(hash, { state, nonce, verifier }, until) {
      await sessions.put({ ...attemptKey(hash), state, nonce, verifier, ...lasting(until) });
    },

    async takeAttempt(hash, now) {
      const attempt = fresh<SignInAttempt>(await sessions.remove(attemptKey(hash)), now);
      return attempt && { state: attempt.state, nonce: attempt.nonce, verifier: attempt.verifier };
    },

    async add(hash, { person, until, idToken }) {
      await sessions.put({ ...sessionKey(hash), person, idToken, ...lasting(until) });
    },

    find: async (hash, now) => toSession(fresh(await sessions.get(sessionKey(hash)), now)),
    end: async (hash, now) => toSession(fresh(await sessions.remove(sessionKey(hash)), now)),
  };
}
