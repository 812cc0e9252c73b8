import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import type { FullDynamo } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import { batchGet, dynamoTable, putIn, transact } from "../../../../lambdas/adapters/aws/shared/dynamo-table.ts";
import { failsAfter, holdTimeLimits } from "../../../support/values/time-limits.ts";
import { awsError, scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";

const KEY = { pk: "a" };
const QUERY = { keys: "pk = :pk", values: { pk: "a" } };
const CHANGE = { change: "SET n = :n", values: { n: 1 } };

/** Every operation, by its name in the table's interface. */
const operations: readonly (readonly [string, (client: FullDynamo, limitMs?: number) => Promise<unknown>])[] = [
  ["GetItem", (client) => dynamoTable(client, "t").get(KEY)],
  ["Query", (client) => dynamoTable(client, "t").query(QUERY)],
  ["Query", (client) => dynamoTable(client, "t").queryAll(QUERY)],
  ["PutItem", (client) => dynamoTable(client, "t").put(KEY)],
  ["UpdateItem", (client, limitMs) => dynamoTable(client, "t").update(KEY, CHANGE, undefined, limitMs)],
  ["DeleteItem", (client) => dynamoTable(client, "t").remove(KEY)],
  ["BatchGetItem", (client, limitMs) => batchGet(client, { t: [KEY] }, limitMs)],
  ["TransactWriteItems", (client) => transact(client, [putIn("t", KEY)])],
];

describe("a table's request", () => {
  holdTimeLimits();
  const silent = {
    request: (_: string, __: object, { abortSignal }: { abortSignal: AbortSignal }) => hanging(abortSignal),
  };
  const hanging = (signal: AbortSignal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));

  it.each(operations)("%s that is refused causes an error that names it", async (name, work) => {
    const { client, asked } = scriptedDynamo(awsError("AccessDeniedException"));
    await expect(work(client)).rejects.toMatchObject({ operation: `dynamodb.${name}`, kind: "rejected", denied: true });
    expect(asked.map(({ operation }) => operation)).toEqual([name]);
  });

  it.each(operations)("%s without an answer ends after 2 s", async (name, work) => {
    expect(await failsAfter(2_000, work(silent as never))).toMatchObject({
      operation: `dynamodb.${name}`,
      kind: "timeout",
    });
  });

  it.each(["UpdateItem", "BatchGetItem"])("%s ends after its caller's shorter limit", async (name) => {
    const [, work] = operations.find(([each]) => each === name) ?? [];
    expect(await failsAfter(50, work?.(silent as never, 50) ?? Promise.resolve())).toMatchObject({ kind: "timeout" });
  });
});

describe("a query", () => {
  const row = (n: number) => marshall({ pk: "a", n });

  it("for all rows reads page after page", async () => {
    const { client, asked } = scriptedDynamo(
      { Items: [row(1)], LastEvaluatedKey: row(1) },
      { Items: [], LastEvaluatedKey: row(2) },
      { Items: [row(3)] },
    );
    expect(await dynamoTable(client, "t").queryAll(QUERY)).toEqual([
      { pk: "a", n: 1 },
      { pk: "a", n: 3 },
    ]);
    const after = asked.map(({ input }) => (input as { ExclusiveStartKey?: unknown }).ExclusiveStartKey);
    expect(after).toEqual([undefined, row(1), row(2)]);
  });

  it("for one page returns where the next one begins", async () => {
    const { client } = scriptedDynamo({ Items: [row(1)], LastEvaluatedKey: row(1) });
    expect(await dynamoTable(client, "t").query(QUERY)).toEqual({ rows: [{ pk: "a", n: 1 }], next: { pk: "a", n: 1 } });
  });

  it("answered without rows returns none", async () => {
    const { client } = scriptedDynamo({});
    expect(await dynamoTable(client, "t").query(QUERY)).toEqual({ rows: [], next: undefined });
    expect(await dynamoTable(client, "t").queryAll(QUERY)).toEqual([]);
  });

  it("requests only the given rows, in the order of their keys", async () => {
    const { client, asked } = scriptedDynamo({});
    const table = dynamoTable(client, "t");
    await table.query(QUERY);
    await table.query({
      index: "byKind",
      keys: "#kind = :kind",
      filter: "#n > :n",
      values: { kind: "k", n: 1, missing: undefined },
      names: { n: "number" },
      limit: 5,
      after: { pk: "b" },
      newestFirst: true,
    });
    expect(asked.map(({ input }) => JSON.parse(JSON.stringify(input)) as unknown)).toEqual([
      {
        TableName: "t",
        KeyConditionExpression: "pk = :pk",
        ConsistentRead: true,
        ScanIndexForward: true,
        ExpressionAttributeValues: { ":pk": { S: "a" } },
      },
      {
        TableName: "t",
        KeyConditionExpression: "#kind = :kind",
        FilterExpression: "#n > :n",
        // An index cannot be read consistently.
        IndexName: "byKind",
        Limit: 5,
        ScanIndexForward: false,
        ExclusiveStartKey: { pk: { S: "b" } },
        ExpressionAttributeNames: { "#kind": "kind", "#n": "number" },
        ExpressionAttributeValues: { ":kind": { S: "k" }, ":n": { N: "1" } },
      },
    ]);
  });
});

describe("a write", () => {
  it("requests the conflicting row only with a condition, and sends no empty map", async () => {
    const { client, asked } = scriptedDynamo({});
    const table = dynamoTable(client, "t");
    await table.put({ pk: "a", n: undefined });
    await table.put(KEY, { when: "attribute_not_exists(pk)" });
    await table.update(KEY, { change: "REMOVE #n", when: "#n = :n", values: { n: 1 } }, "ALL_NEW");
    await table.update(KEY, { change: "REMOVE n", values: { n: undefined } });
    expect(asked.map(({ input }) => JSON.parse(JSON.stringify(input)) as unknown)).toEqual([
      { TableName: "t", Item: { pk: { S: "a" } } },
      {
        TableName: "t",
        Item: { pk: { S: "a" } },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      {
        TableName: "t",
        Key: { pk: { S: "a" } },
        UpdateExpression: "REMOVE #n",
        ConditionExpression: "#n = :n",
        ReturnValues: "ALL_NEW",
        ExpressionAttributeNames: { "#n": "n" },
        ExpressionAttributeValues: { ":n": { N: "1" } },
      },
      { TableName: "t", Key: { pk: { S: "a" } }, UpdateExpression: "REMOVE n" },
    ]);
  });
});

describe("a batch of rows", () => {
  it("queries no table without keys, and reads a missing table in the answer as empty", async () => {
    const { client, asked } = scriptedDynamo({ Responses: {} });
    const rows = await batchGet(client, { one: [KEY], other: [] });
    expect([rows("one"), rows("other")]).toEqual([[], []]);
    expect(Object.keys((asked[0]?.input as { RequestItems: object }).RequestItems)).toEqual(["one"]);
  });
});
