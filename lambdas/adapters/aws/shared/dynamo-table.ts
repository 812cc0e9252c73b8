import type { AttributeValue, QueryInput, ReturnValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { DependencyError } from "../../../ports/errors.ts";
import { type Dynamo, type FullDynamo, isNamed } from "../client/aws-client.ts";
import { call } from "../client/call.ts";

/** A row as it is stored, unmarshalled. */
export type Row = Readonly<Record<string, unknown>>;
export type Key = Readonly<Record<string, string>>;

/** In expressions `#name` stands for the attribute `name`, or for `names.name`, and `:name` for `values.name`. */
interface Parameters {
  readonly values?: Row;
  readonly names?: Readonly<Record<string, string>>;
}
/** `when` must hold for the row as it is, or nothing is written. */
export interface Condition extends Parameters {
  readonly when?: string;
}
export interface Update extends Condition {
  /** UpdateExpression. */
  readonly change: string;
}
interface Query extends Parameters {
  readonly index?: string;
  readonly keys: string;
  readonly filter?: string;
  readonly limit?: number;
  /** Key that the last page ended with. */
  readonly after?: Key | undefined;
  readonly newestFirst?: boolean;
}

const toItem = (row: object) => marshall(row, { removeUndefinedValues: true });

/** DynamoDB refuses names that no expression uses, and empty maps. */
function toParameters(expressions: string, { values = {}, names = {} }: Parameters) {
  const used = [...new Set(expressions.match(/(?<=#)\w+/gu))];
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return {
    ...(used.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(used.map((name) => [`#${name}`, names[name] ?? name])),
    }),
    ...(given.length > 0 && {
      ExpressionAttributeValues: toItem(Object.fromEntries(given.map(([name, value]) => [`:${name}`, value]))),
    }),
  };
}

const conditionOf = (condition: Condition, change = "") => ({
  ConditionExpression: condition.when,
  ...toParameters(`${change} ${condition.when ?? ""}`, condition),
});

/** Inputs of writes, alone or in a transaction. */
const putInput = (TableName: string, row: object, condition: Condition = {}) => ({
  TableName,
  Item: toItem(row),
  ...conditionOf(condition),
});
const deleteInput = (TableName: string, key: Key, condition: Condition = {}) => ({
  TableName,
  Key: toItem(key),
  ...conditionOf(condition),
});
const updateInput = (TableName: string, key: Key, update: Update) => ({
  TableName,
  Key: toItem(key),
  UpdateExpression: update.change,
  ...conditionOf(update, update.change),
});

export const putIn = (table: string, row: object, condition?: Condition): TransactWriteItem => ({
  Put: putInput(table, row, condition),
});
export const deleteIn = (table: string, key: Key, condition?: Condition): TransactWriteItem => ({
  Delete: deleteInput(table, key, condition),
});
export const updateIn = (table: string, key: Key, update: Update): TransactWriteItem => ({
  Update: updateInput(table, key, update),
});

/** Writes to one table. All throw DependencyError. */
export interface TableWriter {
  /** Returns the row that was in the way, if the condition did not hold. */
  put(row: object, condition?: Condition): Promise<Row | undefined>;
  /** Returns the attributes that `returns` asks for, none by default; undefined if the condition did not hold. */
  update(key: Key, update: Update, returns?: ReturnValue, limitMs?: number): Promise<Row | undefined>;
  /** Returns the row that was there. */
  remove(key: Key): Promise<Row | undefined>;
}

export function tableWriter(client: Dynamo, TableName: string): TableWriter {
  return {
    put: (row, condition) =>
      call("dynamodb.PutItem", async (options) => {
        try {
          const old = condition && ("ALL_OLD" as const);
          const input = { ...putInput(TableName, row, condition), ReturnValuesOnConditionCheckFailure: old };
          await client.request("PutItem", input, options);
          return undefined;
        } catch (error) {
          const { Item } = error as { readonly Item?: Record<string, AttributeValue> };
          if (!isConditionFailure(error) || Item === undefined) throw error;
          return unmarshall(Item);
        }
      }),

    update: (key, update, returns, limitMs) =>
      call(
        "dynamodb.UpdateItem",
        async (options) => {
          try {
            const input = { ...updateInput(TableName, key, update), ReturnValues: returns };
            return unmarshall((await client.request("UpdateItem", input, options)).Attributes ?? {});
          } catch (error) {
            if (isConditionFailure(error)) return undefined;
            throw error;
          }
        },
        limitMs,
      ),

    async remove(key) {
      const input = { ...deleteInput(TableName, key), ReturnValues: "ALL_OLD" } as const;
      const { Attributes } = await call("dynamodb.DeleteItem", (options) =>
        client.request("DeleteItem", input, options),
      );
      return Attributes && unmarshall(Attributes);
    },
  };
}

/** Reads and writes of one table. All throw DependencyError. */
export interface Table extends TableWriter {
  /** Consistent. */
  get(key: Key): Promise<Row | undefined>;
  /** One page; `next` is the key that the following one begins after. */
  query(query: Query): Promise<{ readonly rows: readonly Row[]; readonly next: Row | undefined }>;
  /** All pages within one time limit. */
  queryAll(query: Query): Promise<readonly Row[]>;
}

export function dynamoTable(client: FullDynamo, TableName: string): Table {
  return {
    ...tableWriter(client, TableName),

    async get(key) {
      const input = { TableName, Key: toItem(key), ConsistentRead: true };
      const { Item } = await call("dynamodb.GetItem", (options) => client.request("GetItem", input, options));
      return Item && unmarshall(Item);
    },

    async query(query) {
      const input = queryInput(TableName, query);
      const { Items = [], LastEvaluatedKey } = await call("dynamodb.Query", (options) =>
        client.request("Query", input, options),
      );
      return { rows: Items.map((row) => unmarshall(row)), next: LastEvaluatedKey && unmarshall(LastEvaluatedKey) };
    },

    queryAll: (query) =>
      call("dynamodb.Query", async (options) => {
        const rows: Row[] = [];
        let input = queryInput(TableName, query);
        for (;;) {
          const { Items = [], LastEvaluatedKey } = await client.request("Query", input, options);
          rows.push(...Items.map((row) => unmarshall(row)));
          if (LastEvaluatedKey === undefined) return rows;
          input = { ...input, ExclusiveStartKey: LastEvaluatedKey };
        }
      }),
  };
}

const queryInput = (
  TableName: string,
  { index, keys, filter, limit, after, newestFirst = false, ...parameters }: Query,
): QueryInput => ({
  TableName,
  KeyConditionExpression: keys,
  // An index cannot be read consistently.
  ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
  FilterExpression: filter,
  Limit: limit,
  ScanIndexForward: !newestFirst,
  ExclusiveStartKey: after && toItem(after),
  ...toParameters(`${keys} ${filter ?? ""}`, parameters),
});

/** Rows of several tables by one consistent BatchGetItem: at most 100 keys. Throws DependencyError. */
export async function batchGet(
  client: Dynamo,
  keys: Readonly<Record<string, readonly Key[]>>,
  limitMs?: number,
): Promise<(table: string) => readonly Row[]> {
  const operation = "dynamodb.BatchGetItem";
  const requests = Object.entries(keys).filter(([, each]) => each.length > 0);
  const RequestItems = Object.fromEntries(
    requests.map(([table, each]) => [table, { Keys: each.map(toItem), ConsistentRead: true }]),
  );
  const { Responses, UnprocessedKeys } = await call(
    operation,
    (options) => client.request("BatchGetItem", { RequestItems }, options),
    limitMs,
  );
  // Every answer names its tables, even one without rows: anything else is broken, and does not mean "no such row".
  if (Responses === undefined) throw new DependencyError(operation, "unavailable");
  // A throttled BatchGetItem answers 200 with what it left out (docs/aws.md, DynamoDB).
  if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new DependencyError(operation, "throttled");
  return (table) => (Responses[table] ?? []).map((row) => unmarshall(row));
}

/** Why each item of a transaction was cancelled, `None` for those that were not; empty for any other error. */
function cancellation(error: unknown): readonly (string | undefined)[] {
  const { CancellationReasons = [] } = error as {
    readonly CancellationReasons?: readonly { readonly Code?: string }[];
  };
  return CancellationReasons.map(({ Code }) => Code);
}

/**
 * All or nothing. Undefined if it was written, else the index of the item whose condition did not hold; -1 if another
 * transaction on the same rows was faster. Throws DependencyError.
 */
export function transact(client: FullDynamo, items: readonly TransactWriteItem[]): Promise<number | undefined> {
  return call("dynamodb.TransactWriteItems", async (options) => {
    try {
      await client.request("TransactWriteItems", { TransactItems: [...items] }, options);
      return undefined;
    } catch (error) {
      const reasons = cancellation(error);
      const failed = reasons.indexOf("ConditionalCheckFailed");
      if (failed < 0 && !reasons.includes("TransactionConflict")) throw error;
      return failed;
    }
  });
}

const isConditionFailure = (error: unknown): boolean => isNamed(error, "ConditionalCheckFailedException");
