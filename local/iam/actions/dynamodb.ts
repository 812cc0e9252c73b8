import * as v from "valibot";
import { arn, nameIn } from "../../aws/arn.ts";
import type { Facts } from "../facts.ts";
import { right, textOf, throughKey, type Table } from "./table.ts";
import type { Right } from "../evaluate.ts";

/**
 * Sources: Service Authorization Reference, "Amazon DynamoDB"; DynamoDB Developer Guide, "IAM with DynamoDB transactions"
 * (a Put is governed by PutItem and so on), "Using IAM policy conditions" (dynamodb:LeadingKeys are the partition keys a
 * call touches; a Scan has none), "Encryption at rest: usage notes" (the table's key is
 * opened on behalf of the caller: kms:Decrypt, for writes and deletes too, as aws-cdk#10010 and #19531 record).
 */
const IN_TRANSACTION: Readonly<Record<string, string>> = {
  ConditionCheck: "ConditionCheckItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
};

const item = v.record(v.string(), v.unknown());
const returning = { ReturnValues: v.optional(v.string()), ReturnValuesOnConditionCheckFailure: v.optional(v.string()) };
const onItem = { TableName: v.string(), Key: v.optional(item), Item: v.optional(item), ...returning };
const schemas = {
  one: v.object(onItem),
  query: v.object({
    TableName: v.string(),
    IndexName: v.optional(v.string()),
    KeyConditionExpression: v.string(),
    ExpressionAttributeValues: v.optional(item),
  }),
  scan: v.object({ TableName: v.string(), IndexName: v.optional(v.string()) }),
  batchGet: v.object({ RequestItems: v.record(v.string(), v.object({ Keys: v.array(item) })) }),
  batchWrite: v.object({
    RequestItems: v.record(
      v.string(),
      v.array(v.record(v.string(), v.object({ Key: v.optional(item), Item: v.optional(item) }))),
    ),
  }),
  transaction: v.object({ TransactItems: v.array(v.record(v.string(), v.object(onItem))) }),
};

export const dynamodb: Table = {
  ...Object.fromEntries(
    ["GetItem", "PutItem", "UpdateItem", "DeleteItem"].map((name): [string, Table[string]] => [
      name,
      ({ input }, facts) =>
        v.is(schemas.one, input)
          ? onItems(facts, name, input.TableName, [input.Key ?? input.Item ?? {}], returned(input))
          : [],
    ]),
  ),
  BatchGetItem: ({ input }, facts) =>
    v.is(schemas.batchGet, input)
      ? together(
          Object.entries(input.RequestItems).flatMap(([table, { Keys }]) =>
            onItems(facts, "BatchGetItem", table, Keys),
          ),
        )
      : [],
  BatchWriteItem: ({ input }, facts) =>
    v.is(schemas.batchWrite, input)
      ? together(
          Object.entries(input.RequestItems).flatMap(([table, requests]) =>
            onItems(
              facts,
              "BatchWriteItem",
              table,
              requests.flatMap((request) => Object.values(request).map(({ Key, Item }) => Key ?? Item ?? {})),
            ),
          ),
        )
      : [],
  TransactWriteItems: inTransaction,
  TransactGetItems: inTransaction,
  Query: ({ input }, facts) =>
    v.is(schemas.query, input) ? onRows(facts, "Query", input.TableName, input.IndexName, leadingKey(input)) : [],
  Scan: ({ input }, facts) =>
    v.is(schemas.scan, input) ? onRows(facts, "Scan", input.TableName, input.IndexName, undefined) : [],
};

/**
 * It is not documented whether each table of a batch is checked against its own keys only. Here: all keys, the
 * strictest reading.
 */
function together(rights: readonly Right[]): readonly Right[] {
  const leading = "dynamodb:leadingkeys";
  const all = rights.flatMap(({ context }) => context.get(leading) ?? []);
  return rights.map((asked) =>
    asked.context.has(leading) ? { ...asked, context: new Map([...asked.context, [leading, all]]) } : asked,
  );
}

function inTransaction({ input }: { readonly input: unknown }, facts: Facts): readonly Right[] {
  if (!v.is(schemas.transaction, input)) return [];
  return input.TransactItems.flatMap((each) =>
    Object.entries(each).flatMap(([member, asked]) =>
      onItems(
        facts,
        IN_TRANSACTION[member] ?? member,
        asked.TableName,
        [asked.Key ?? asked.Item ?? {}],
        returned(asked),
      ),
    ),
  );
}

/**
 * Value of dynamodb:ReturnValues for a write. That it also covers what a failed condition returns, alone or in a
 * transaction, is not documented (docs/unproven.md, `return-values`).
 */
const returned = ({ ReturnValues, ReturnValuesOnConditionCheckFailure }: v.InferOutput<typeof schemas.one>) => [
  ...new Set([ReturnValues, ReturnValuesOnConditionCheckFailure].filter((value) => value !== undefined)),
];

function onItems(
  facts: Facts,
  action: string,
  table: string,
  items: readonly Readonly<Record<string, unknown>>[],
  returns: readonly string[] = [],
) {
  const partitionKey = facts.table(nameIn(table))?.partitionKey ?? "";
  return onRows(
    facts,
    action,
    table,
    undefined,
    items.map((each) => scalar(each[partitionKey])),
    returns,
  );
}

function onRows(
  facts: Facts,
  action: string,
  table: string,
  index: string | undefined,
  keys: readonly string[] | undefined,
  returns: readonly string[] = [],
) {
  const name = nameIn(table);
  const resource = arn(facts, "dynamodb", `table/${name}${index === undefined ? "" : `/index/${index}`}`);
  const encryption = { "aws:dynamodb:tableName": name, "aws:dynamodb:subscriberId": facts.accountId };
  return [
    right(`dynamodb:${action}`, resource, {
      "dynamodb:LeadingKeys": keys,
      "dynamodb:ReturnValues": returns.length === 0 ? undefined : returns,
    }),
    ...throughKey(facts, "dynamodb", facts.table(name)?.key, ["Decrypt"], encryption),
  ];
}

/** A key as text, from DynamoDB's JSON: `{"S": "…"}`. */
const scalar = (value: unknown): string => textOf(Object.values((value ?? {}) as Record<string, unknown>)[0]);

/** A Query names its partition by the first equality of its key condition. */
function leadingKey({
  KeyConditionExpression,
  ExpressionAttributeValues = {},
}: v.InferInput<typeof schemas.query>): readonly string[] {
  const name = /^\s*\(?\s*#?\w+\s*=\s*(:\w+)/u.exec(KeyConditionExpression)?.[1];
  return [scalar(name === undefined ? undefined : ExpressionAttributeValues[name])];
}
