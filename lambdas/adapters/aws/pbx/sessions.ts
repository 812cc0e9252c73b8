import { accountKey, MAX_ACCOUNT_LENGTH } from "../../../core/shared/names.ts";
import { slotOf } from "../../../core/pbx/refused-logins.ts";
import type { Sessions } from "../../../ports/pbx.ts";
import type { Dynamo } from "../client/aws-client.ts";
import { connectionKey, refusedLoginKey, toSeconds } from "../shared/dynamo-keys.ts";
import { tableWriter } from "../shared/dynamo-table.ts";

/** A connection lives at most 2 h (API Gateway); its row is deleted after 3. In s. */
const ROW_LIFE_S = 3 * 3600;
/** A refused login is remembered for the operator for a week, in s. */
const REFUSED_LOGIN_LIFE_S = 7 * 86_400;

/** A PBX's texts are for people to read; a table takes only well-formed ones. */
const cut = (text: string, length: number): string => text.slice(0, length).toWellFormed();

const LOGGED_IN = "attribute_exists(account)";
const KNOWN = "attribute_exists(pk)";

/** Connections in the sessions table (docs/architecture.md, Tables). */
export function dynamoSessions(client: Dynamo, table: string): Sessions {
  const sessions = tableWriter(client, table);
  const keyOf = (connectionId: string) => ({ pk: connectionKey(connectionId) });

  return {
    async open(connectionId, { source, connectedAt }) {
      await sessions.put({ ...keyOf(connectionId), source, connectedAt, ttl: toSeconds(connectedAt) + ROW_LIFE_S });
    },

    async close(connectionId) {
      const row = (await sessions.remove(keyOf(connectionId))) as
        | { readonly connectedAt: number; readonly account?: string }
        | undefined;
      return row && { connectedAt: row.connectedAt, account: row.account };
    },

    async setChallenge(connectionId, challenge, until) {
      const change = "SET challenge = :challenge, challengeUntil = :until";
      return (
        (await sessions.update(keyOf(connectionId), { change, when: KNOWN, values: { challenge, until } })) !==
        undefined
      );
    },

    async takeChallenge(connectionId) {
      const change = "REMOVE challenge, challengeUntil";
      const old = await sessions.update(
        keyOf(connectionId),
        { change, when: "attribute_exists(challenge)" },
        "ALL_OLD",
      );
      if (old === undefined) return undefined;
      return {
        challenge: String(old["challenge"]),
        until: Number(old["challengeUntil"]),
        source: String(old["source"]),
      };
    },

    async logOut(connectionId, secretId) {
      const when = secretId === undefined ? LOGGED_IN : "secretId = :secretId";
      await sessions.update(keyOf(connectionId), {
        change: "REMOVE account, #domain, secretId",
        when,
        values: { secretId },
      });
    },

    async markFlooding(connectionId) {
      const when = "attribute_exists(pk) AND attribute_not_exists(account) AND attribute_not_exists(flooding)";
      const updated = await sessions.update(keyOf(connectionId), {
        change: "SET flooding = :yes",
        when,
        values: { yes: true },
      });
      return updated !== undefined;
    },

    async logIn(connectionId, { account, domain, secretId, spelling, at, sip, dn }) {
      const updated = await sessions.update(keyOf(connectionId), {
        change:
          "SET account = :account, #domain = :domain, secretId = :secretId, spelling = :spelling, loggedInAt = :at, sip = :sip, dn = :dn",
        when: KNOWN,
        values: {
          account,
          domain,
          secretId,
          at,
          spelling: cut(spelling, MAX_ACCOUNT_LENGTH),
          sip: cut(sip, 255),
          dn: cut(dn, 255),
        },
      });
      return updated !== undefined;
    },

    async keepRefusedLogin({ account, source, at, reason }) {
      const { domain } = accountKey(account);
      await sessions.update(
        { pk: refusedLoginKey(domain, slotOf({ account, source })) },
        {
          change:
            "SET account = :account, #source = :source, #at = :at, reason = :reason, #ttl = :ttl, #domain = :domain ADD refusals :one",
          // Invented domains leave no row.
          ...(reason === "unknown" && { when: KNOWN }),
          values: { account, source, at, reason, domain, ttl: toSeconds(at) + REFUSED_LOGIN_LIFE_S, one: 1 },
        },
      );
    },

    async keepPbxInfo(connectionId, info) {
      await sessions.update(keyOf(connectionId), { change: "SET pbxInfo = :info", when: LOGGED_IN, values: { info } });
    },
  };
}
