import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall, type NativeAttributeValue } from "@aws-sdk/util-dynamodb";
import { entryOf, type AuditEntry } from "../../../core/domains/audit.ts";
import { endsOldSecret, named, type Change } from "../../../core/domains/change.ts";
import type { Domain } from "../../../core/domains/domain.ts";
import type { Confirmation, DomainReader, Domains, ListFilter } from "../../../ports/domains.ts";
import { DependencyError } from "../../../ports/errors.ts";
import { call } from "../shared/call.ts";
import { domainRow, registrationKey } from "../shared/dynamo-keys.ts";
import { noticeItem } from "./notices.ts";
import { isConflict } from "../shared/transaction.ts";

export interface DomainTables {
  readonly core: string;
  readonly secrets: string;
  readonly sessions: string;
}

/** Most keys of one BatchGetItem. */
const BATCH = 100;

const pkOf = (account: string) => domainRow(account).pk;
const domainKey = (account: string) => marshall(domainRow(account));
const item = (value: object) => marshall(value, { removeUndefinedValues: true });

function toDomain(row: Record<string, NativeAttributeValue>): Domain {
  const { pk, sk, kind, account, ...domain } = row;
  return { ...domain, account: String(pk).slice(pkOf("").length) } as Domain;
}

function toRow({ account, ...domain }: Domain) {
  // A filter cannot look into the index's own keys.
  return { ...domainRow(account), kind: "domain", account, ...domain };
}

/** `id` keeps entries of one ms apart. */
function auditRow(account: string, { at, ...entry }: AuditEntry, id: string) {
  return { pk: pkOf(account), sk: `AUDIT#${String(at).padStart(15, "0")}#${id}`, at, ...entry };
}

export function dynamoDomainReader(client: DynamoDBClient, table: string): DomainReader {
  async function batch(keys: readonly string[]): Promise<readonly Domain[]> {
    const operation = "dynamodb.BatchGetItem";
    const RequestItems = { [table]: { Keys: keys.map(domainKey), ConsistentRead: true } };
    const response = await call(operation, (options) => client.send(new BatchGetItemCommand({ RequestItems }), options));
    if (Object.keys(response.UnprocessedKeys ?? {}).length > 0) throw new DependencyError(operation, "throttled");
    return (response.Responses?.[table] ?? []).map((row) => toDomain(unmarshall(row)));
  }

  return {
    async find(account) {
      const command = new GetItemCommand({ TableName: table, Key: domainKey(account), ConsistentRead: true });
      const { Item } = await call("dynamodb.GetItem", (options) => client.send(command, options));
      return Item && toDomain(unmarshall(Item));
    },

    async findAll(keys) {
      const found: Domain[] = [];
      for (let start = 0; start < keys.length; start += BATCH) {
        found.push(...(await batch(keys.slice(start, start + BATCH))));
      }
      return found;
    },
  };
}

/** Domains and accounts in the core table, their secrets beside them (docs/architecture.md, Tables). */
export function dynamoDomains(client: DynamoDBClient, tables: DomainTables, newId: () => string): Domains {
  function writes(change: Change, confirmation: Confirmation | undefined): TransactWriteItem[] {
    const { account, before, after, secrets, at } = change;
    const guard =
      before === undefined
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : {
            ConditionExpression: "version = :before",
            ExpressionAttributeValues: marshall({ ":before": before.version }),
          };
    const secretKey = marshall({ account });
    return [
      after === undefined
        ? { Delete: { TableName: tables.core, Key: domainKey(account), ...guard } }
        : { Put: { TableName: tables.core, Item: item(toRow(after)), ...guard } },
      { Put: { TableName: tables.core, Item: item(auditRow(account, entryOf(change), newId())) } },
      ...(after === undefined ? [{ Delete: { TableName: tables.secrets, Key: secretKey } }] : []),
      ...(secrets === undefined ? [] : [{ Put: { TableName: tables.secrets, Item: item({ account, ...secrets }) } }]),
      ...(endsOldSecret(change)
        ? [{ Update: { TableName: tables.secrets, Key: secretKey, UpdateExpression: "REMOVE previous" } }]
        : []),
      ...named(change).map(([id, notice]) => ({ Put: { TableName: tables.core, Item: noticeItem(id, notice) } })),
      ...(confirmation === undefined ? [] : [confirm(tables.sessions, confirmation, at)]),
    ];
  }

  return {
    ...dynamoDomainReader(client, tables.core),

    async list(limit, after, only = {}) {
      const { Items, LastEvaluatedKey } = await call("dynamodb.Query", (options) =>
        client.send(
          new QueryCommand({
            TableName: tables.core,
            IndexName: "byKind",
            KeyConditionExpression: "kind = :kind",
            ...filtered(only, { ":kind": "domain" }),
            Limit: limit,
            ...(after !== undefined && {
              ExclusiveStartKey: marshall({ kind: "domain", ...domainRow(after) }),
            }),
          }),
          options,
        ),
      );
      const items = (Items ?? []).map((row) => toDomain(unmarshall(row)));
      return { items, next: LastEvaluatedKey && String(unmarshall(LastEvaluatedKey)["pk"]).slice(pkOf("").length) };
    },

    async accountsOf(domain) {
      return call("dynamodb.Query", async (options) => {
        const query = {
          TableName: tables.core,
          IndexName: "byKind",
          KeyConditionExpression: "kind = :kind AND begins_with(pk, :accounts)",
          ExpressionAttributeValues: marshall({ ":kind": "domain", ":accounts": pkOf(`${domain}/`) }),
        };
        const found: Domain[] = [];
        for await (const { Items = [] } of paginateQuery({ client }, query, options)) {
          found.push(...Items.map((row) => toDomain(unmarshall(row))));
        }
        return found;
      });
    },

    async history(account, limit) {
      const { Items } = await call("dynamodb.Query", (options) =>
        client.send(
          new QueryCommand({
            TableName: tables.core,
            KeyConditionExpression: "pk = :pk AND begins_with(sk, :audit)",
            ExpressionAttributeValues: marshall({ ":pk": pkOf(account), ":audit": "AUDIT#" }),
            ScanIndexForward: false,
            ConsistentRead: true,
            Limit: limit,
          }),
          options,
        ),
      );
      return (Items ?? []).map((row) => {
        const { pk, sk, ...entry } = unmarshall(row);
        return entry as AuditEntry;
      });
    },

    async note(account, entry) {
      const command = new PutItemCommand({ TableName: tables.core, Item: item(auditRow(account, entry, newId())) });
      await call("dynamodb.PutItem", (options) => client.send(command, options));
    },

    async markUsed(account, at) {
      const command = new UpdateItemCommand({
        TableName: tables.core,
        Key: domainKey(account),
        UpdateExpression: "SET firstLoginAt = :at, version = version + :one REMOVE endsAt",
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(firstLoginAt)",
        ExpressionAttributeValues: marshall({ ":at": at, ":one": 1 }),
      });
      await call("dynamodb.UpdateItem", async (options) => {
        try {
          await client.send(command, options);
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      });
    },

    async commit(change, confirmation) {
      const TransactItems = writes(change, confirmation);
      return call("dynamodb.TransactWriteItems", async (options) => {
        try {
          await client.send(new TransactWriteItemsCommand({ TransactItems }), options);
          return "stored";
        } catch (error) {
          if (isConflict(error)) return "conflict";
          throw error;
        }
      });
    },
  };
}

/** Filters after the read: a page of many may hold few. */
function filtered({ text, claimed = false }: ListFilter, values: Readonly<Record<string, string>>) {
  const conditions = [
    ...(text === undefined ? [] : ["(contains(account, :text) OR contains(#owner, :text))"]),
    ...(claimed ? ["attribute_exists(claim)"] : []),
  ];
  return {
    ExpressionAttributeValues: marshall({ ...values, ...(text !== undefined && { ":text": text }) }),
    ...(text !== undefined && { ExpressionAttributeNames: { "#owner": "owner" } }),
    ...(conditions.length > 0 && { FilterExpression: conditions.join(" AND ") }),
  };
}

/** The registration is still open; from now on its ticket may fetch the secret. */
function confirm(TableName: string, confirmation: Confirmation, at: number): TransactWriteItem {
  const { registration, secretId, wrongCodes } = confirmation;
  return {
    Update: {
      TableName,
      Key: marshall({ pk: registrationKey(registration) }),
      UpdateExpression: "SET #state = :confirmed, confirmedAt = :at, secretId = :secret",
      ConditionExpression: "#state = :waiting AND wrongCodes < :most AND expiresAt > :at",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: marshall({
        ":confirmed": "confirmed",
        ":waiting": "waiting",
        ":at": at,
        ":secret": secretId,
        ":most": wrongCodes,
      }),
    },
  };
}
