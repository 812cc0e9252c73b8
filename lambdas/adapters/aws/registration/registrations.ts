import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Registration } from "../../../core/registration/registration.ts";
import type { Registrations } from "../../../ports/registration.ts";
import { call } from "../shared/call.ts";
import { registrationKey } from "../shared/dynamo-keys.ts";

/** Rows outlive their registration by a day, so that window and page can say that it is over. In s. */
const AFTERLIFE_S = 86_400;

const ticketKey = (id: string) => marshall({ pk: registrationKey(id) });
const linkKey = (hash: string) => marshall({ pk: `LINK#${hash}` });
const ttlOf = ({ expiresAt }: Registration) => Math.floor(expiresAt / 1000) + AFTERLIFE_S;

/** Registrations under way in the sessions table (docs/architecture.md, Tables). */
export function dynamoRegistrations(client: DynamoDBClient, TableName: string): Registrations {
  async function get(Key: ReturnType<typeof linkKey>) {
    const { Item } = await call("dynamodb.GetItem", (options) =>
      client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }), options),
    );
    return Item && unmarshall(Item);
  }

  async function put(Key: ReturnType<typeof linkKey>, row: object) {
    const Item = { ...Key, ...marshall(row, { removeUndefinedValues: true }) };
    await call("dynamodb.PutItem", (options) => client.send(new PutItemCommand({ TableName, Item }), options));
  }

  /** Undefined when the condition does not hold. */
  async function update(id: string, input: Omit<UpdateItemCommandInput, "TableName" | "Key">) {
    return call("dynamodb.UpdateItem", async (options) => {
      try {
        const command = new UpdateItemCommand({ TableName, Key: ticketKey(id), ReturnValues: "ALL_NEW", ...input });
        const { Attributes } = await client.send(command, options);
        return unmarshall(Attributes ?? {});
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    });
  }

  async function find(id: string): Promise<Registration | undefined> {
    const row = await get(ticketKey(id));
    return row && toRegistration(id, row);
  }

  return {
    find,

    async create({ id, ...registration }) {
      await put(ticketKey(id), { ...registration, ttl: ttlOf({ id, ...registration }) });
    },

    async findByLink(linkHash) {
      const row = await get(linkKey(linkHash));
      return row && find(String(row["registration"]));
    },

    async addLink(linkHash, registration) {
      await put(linkKey(linkHash), { registration: registration.id, ttl: ttlOf(registration) });
    },

    async countWrongCode(id) {
      const row = await update(id, {
        UpdateExpression: "ADD wrongCodes :one",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: marshall({ ":one": 1 }),
      });
      return Number(row?.["wrongCodes"] ?? Number.POSITIVE_INFINITY);
    },

    async end(id) {
      await update(id, {
        UpdateExpression: "SET #state = :ended",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: marshall({ ":ended": "ended" }),
      });
    },

    async leaseMail(id, now, until) {
      const row = await update(id, {
        UpdateExpression: "SET mailClaim = :until",
        ConditionExpression:
          "mail IN (:queued, :allowed) AND (attribute_not_exists(mailClaim) OR mailClaim <= :now)",
        ExpressionAttributeValues: marshall({ ":until": until, ":now": now, ":queued": "queued", ":allowed": "allowed" }),
      });
      if (row !== undefined) return toRegistration(id, row);
      const mail = (await find(id))?.mail;
      return mail === "queued" || mail === "allowed" ? "busy" : undefined;
    },

    async queueAgain(id, now) {
      const waiting = "#state = :waiting AND expiresAt > :now";
      const names = { ExpressionAttributeNames: { "#state": "state" } };
      const values = { ":waiting": "waiting", ":now": now, ":queued": "queued", ":allowed": "allowed" };
      const row = await update(id, {
        ...names,
        UpdateExpression: "SET mail = :queued",
        ConditionExpression: `${waiting} AND NOT mail IN (:queued, :allowed)`,
        ExpressionAttributeValues: marshall(values),
      });
      if (row !== undefined) return toRegistration(id, row);
      const found = await find(id);
      return found?.state === "waiting" && found.expiresAt > now ? found : undefined;
    },

    async waiting(domain, now) {
      const { Items = [] } = await call("dynamodb.Query", (options) =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: "byDomain",
            KeyConditionExpression: "#domain = :domain AND begins_with(pk, :tickets)",
            ExpressionAttributeNames: { "#domain": "domain" },
            ExpressionAttributeValues: marshall({ ":domain": domain, ":tickets": registrationKey("") }),
          }),
          options,
        ),
      );
      const rows = Items.map((item) => unmarshall(item));
      const found = rows.map((row) => toRegistration(String(row["pk"]).slice(registrationKey("").length), row));
      return found.filter(({ state, expiresAt }) => state === "waiting" && expiresAt > now);
    },

    async setMail(id, mail, release) {
      await update(id, {
        UpdateExpression: `SET mail = :mail${release ? " REMOVE mailClaim" : ""}`,
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: marshall({ ":mail": mail }),
      });
    },
  };
}

function toRegistration(id: string, row: Record<string, unknown>): Registration {
  const { pk, ttl, mailClaim, ...registration } = row;
  return { ...registration, id } as Registration;
}
