import type { UpdateItemInput } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { accountKey, MAX_ACCOUNT_LENGTH } from "../../../core/shared/names.ts";
import { slotOf } from "../../../core/pbx/refused-logins.ts";
import type { Sessions } from "../../../ports/pbx.ts";
import { type Dynamo, isNamed } from "../shared/aws-client.ts";
import { call } from "../shared/call.ts";
import { connectionKey, refusedLoginKey, toSeconds } from "../shared/dynamo-keys.ts";

/** A connection lives at most 2 h (API Gateway); its row is swept after 3. In s. */
const ROW_LIFE_S = 3 * 3600;
/** A refused login is remembered for the operator for a week, in s. */
const REFUSED_LOGIN_LIFE_S = 7 * 86_400;

/** Texts of a PBX are for people to read; a table takes well-formed ones only. */
const cut = (text: string, length: number): string => text.slice(0, length).toWellFormed();

const LOGGED_IN = "attribute_exists(account)";
const KNOWN = "attribute_exists(pk)";

/** Connections in the sessions table (docs/architecture.md, Tables). */
export function dynamoSessions(client: Dynamo, table: string): Sessions {
  const key = (connectionId: string) => marshall({ pk: connectionKey(connectionId) });

  /** Applies an update under its condition; undefined when the condition does not hold, else the old or no attributes. */
  async function update(input: Omit<UpdateItemInput, "TableName">) {
    return call("dynamodb.UpdateItem", async (options) => {
      try {
        const { Attributes } = await client.request("UpdateItem", { TableName: table, ...input }, options);
        return Attributes === undefined ? {} : unmarshall(Attributes);
      } catch (error) {
        if (isNamed(error, "ConditionalCheckFailedException")) return undefined;
        throw error;
      }
    });
  }

  return {
    async open(connectionId, { source, connectedAt }) {
      const row = { pk: connectionKey(connectionId), source, connectedAt, ttl: toSeconds(connectedAt) + ROW_LIFE_S };
      await call("dynamodb.PutItem", (options) =>
        client.request("PutItem", { TableName: table, Item: marshall(row) }, options),
      );
    },

    async close(connectionId) {
      const input = { TableName: table, Key: key(connectionId), ReturnValues: "ALL_OLD" as const };
      const { Attributes } = await call("dynamodb.DeleteItem", (options) => client.request("DeleteItem", input, options));
      if (Attributes === undefined) return undefined;
      const { connectedAt, account } = unmarshall(Attributes) as { readonly connectedAt: number; readonly account?: string };
      return { connectedAt, account };
    },

    async setChallenge(connectionId, challenge, until) {
      const updated = await update({
        Key: key(connectionId),
        UpdateExpression: "SET challenge = :challenge, challengeUntil = :until",
        ConditionExpression: KNOWN,
        ExpressionAttributeValues: marshall({ ":challenge": challenge, ":until": until }),
      });
      return updated !== undefined;
    },

    async takeChallenge(connectionId) {
      const old = await update({
        Key: key(connectionId),
        UpdateExpression: "REMOVE challenge, challengeUntil",
        ConditionExpression: "attribute_exists(challenge)",
        ReturnValues: "ALL_OLD",
      });
      if (old === undefined) return undefined;
      return {
        challenge: String(old["challenge"]),
        until: Number(old["challengeUntil"]),
        source: String(old["source"]),
      };
    },

    async logOut(connectionId, secretId) {
      await update({
        Key: key(connectionId),
        UpdateExpression: "REMOVE account, #domain, secretId",
        ConditionExpression: secretId === undefined ? LOGGED_IN : "secretId = :secretId",
        ExpressionAttributeNames: { "#domain": "domain" },
        ...(secretId !== undefined && { ExpressionAttributeValues: marshall({ ":secretId": secretId }) }),
      });
    },

    async logIn(connectionId, { account, domain, secretId, spelling, at, sip, dn }) {
      const updated = await update({
        Key: key(connectionId),
        UpdateExpression:
          "SET account = :account, #domain = :domain, secretId = :secretId, spelling = :spelling, loggedInAt = :at, sip = :sip, dn = :dn",
        ConditionExpression: KNOWN,
        ExpressionAttributeNames: { "#domain": "domain" },
        ExpressionAttributeValues: marshall({
          ":account": account,
          ":domain": domain,
          ":secretId": secretId,
          ":spelling": cut(spelling, MAX_ACCOUNT_LENGTH),
          ":at": at,
          ":sip": cut(sip, 255),
          ":dn": cut(dn, 255),
        }),
      });
      return updated !== undefined;
    },

    async keepRefusedLogin({ account, source, at, reason }) {
      const { domain } = accountKey(account);
      await update({
        Key: marshall({ pk: refusedLoginKey(domain, slotOf({ account, source })) }),
        UpdateExpression:
          "SET account = :account, #source = :source, #at = :at, reason = :reason, #ttl = :ttl, #domain = :domain ADD refusals :one",
        // Whoever invents domains leaves no row.
        ...(reason === "unknown" && { ConditionExpression: KNOWN }),
        ExpressionAttributeNames: { "#source": "source", "#at": "at", "#ttl": "ttl", "#domain": "domain" },
        ExpressionAttributeValues: marshall({
          ":account": account,
          ":source": source,
          ":at": at,
          ":reason": reason,
          ":ttl": toSeconds(at) + REFUSED_LOGIN_LIFE_S,
          ":domain": domain,
          ":one": 1,
        }),
      });
    },

    async keepPbxInfo(connectionId, info) {
      await update({
        Key: key(connectionId),
        UpdateExpression: "SET pbxInfo = :info",
        ConditionExpression: LOGGED_IN,
        ExpressionAttributeValues: marshall({ ":info": info }, { removeUndefinedValues: true }),
      });
    },
  };
}
