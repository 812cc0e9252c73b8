import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoDomainReader, dynamoDomains } from "../../../../lambdas/adapters/aws/domains/domains.ts";
import { dynamoNotices } from "../../../../lambdas/adapters/aws/domains/notices.ts";
import type { Domain } from "../../../../lambdas/core/domains/domain.ts";
import { add, remove, setState } from "../../../../lambdas/core/domains/domains.ts";
import { awsError, scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { NOON } from "../../../support/values/clock.ts";
import { testRandom } from "../../../support/values/time-and-chance.ts";

const TABLES = { core: "core", secrets: "secrets", sessions: "sessions" };
const row = (account: string, more: object = {}) =>
  marshall({ pk: `DOMAIN#${account}`, sk: "DOMAIN", kind: "domain", account, state: "active", ...more });

describe("many domains", () => {
  const accounts = Array.from({ length: 150 }, (_, number) => `d${number}.example`);

  it("are read 100 at a time, DynamoDB's maximum, in any order", async () => {
    const [first, second] = [accounts.slice(0, 100), accounts.slice(100)];
    const { client, asked } = scriptedDynamo(
      { Responses: { core: first.toReversed().map((account) => row(account)) } },
      { Responses: { core: second.map((account) => row(account)) } },
    );
    const found = await dynamoDomainReader(client, "core").findAll(accounts);
    expect(found.map(({ account }) => account).toSorted()).toEqual(accounts.toSorted());
    const keys = asked.map(
      ({ input }) => (input as { RequestItems: { core: { Keys: object[] } } }).RequestItems.core.Keys,
    );
    expect(keys.map((page) => page.map((key) => unmarshall(key as never)["pk"] as string))).toEqual(
      [first, second].map((page) => page.map((account) => `DOMAIN#${account}`)),
    );
  });

  it("are read with one request for 100, and with none for none", async () => {
    const { client, asked } = scriptedDynamo({ Responses: { core: [] } });
    await dynamoDomainReader(client, "core").findAll(accounts.slice(0, 100));
    expect(await dynamoDomainReader(client, "core").findAll([])).toEqual([]);
    expect(asked).toHaveLength(1);
  });
});

it("a domain stored by an early version gets its name from its key", async () => {
  const { client } = scriptedDynamo({
    Item: marshall({ pk: "DOMAIN#a.example", sk: "DOMAIN", kind: "domain", state: "active" }),
  });
  expect(await dynamoDomainReader(client, "core").find("a.example")).toEqual({ account: "a.example", state: "active" });
});

it("the accounts of a domain are those under its name in the list of all domains", async () => {
  const { client, asked } = scriptedDynamo({ Items: [row("a.example/b")] });
  expect(await dynamoDomainReader(client, "core").accountsOf("a.example")).toMatchObject([{ account: "a.example/b" }]);
  expect(asked).toMatchObject([
    {
      operation: "Query",
      input: {
        IndexName: "byKind",
        ExpressionAttributeValues: marshall({ ":kind": "domain", ":accounts": "DOMAIN#a.example/" }),
      },
    },
  ]);
});

describe("a list of all domains", () => {
  const listed = async (...given: Parameters<ReturnType<typeof dynamoDomains>["list"]>) => {
    const { client, asked } = scriptedDynamo({ Items: [], LastEvaluatedKey: row("b.example") });
    const page = await dynamoDomains(client, TABLES, () => "id").list(...given);
    return { page, input: asked[0]?.input as Readonly<Record<string, unknown>> };
  };

  it("continues after the last one, and returns its place", async () => {
    const { page, input } = await listed(5, "a.example");
    expect(page).toEqual({ items: [], next: "b.example" });
    expect(input).toMatchObject({
      IndexName: "byKind",
      Limit: 5,
      ExclusiveStartKey: marshall({ kind: "domain", pk: "DOMAIN#a.example", sk: "DOMAIN" }),
    });
    expect(input["FilterExpression"]).toBeUndefined();
  });

  it.each([
    [{ text: "x" }, "(contains(account, :text) OR contains(#owner, :text))"],
    [{ claimed: true }, "attribute_exists(claim)"],
    [{ text: "x", claimed: true }, "(contains(account, :text) OR contains(#owner, :text)) AND attribute_exists(claim)"],
  ])("is filtered by %j", async (only, filter) => {
    expect((await listed(5, undefined, only)).input["FilterExpression"]).toBe(filter);
  });
});

describe("a change that is stored", () => {
  const random = testRandom();
  const added = add(undefined, { account: "a.example", actor: "operator x" }, { now: NOON, bytes: random.bytes(32) });
  if (!added.ok) throw new Error(added.error);
  type Item = Readonly<
    Partial<Record<"Put" | "Delete" | "Update", { TableName: string; ConditionExpression?: string }>>
  >;

  it.each([
    ["suspension", setState(added.value.after, "suspended", "operator x", NOON + 1)],
    ["deletion", remove(added.value.after, "operator x", NOON + 1)],
  ])("requires that domain and secret are as they were read: %s", async (_, change) => {
    if (!change.ok) throw new Error(change.error);
    const { client, asked } = scriptedDynamo({});
    expect(await dynamoDomains(client, TABLES, () => "id").commit(change.value)).toBe("stored");
    const [first] = (asked[0]?.input as { TransactItems: readonly Item[] }).TransactItems;
    expect((first?.Put ?? first?.Delete)?.ConditionExpression).toBe(
      "version = :version AND secrets.#current.id = :secretId",
    );
  });
});

it("only domains stored by an earlier version are listed again", async () => {
  const secrets = { current: { id: "s", issuedAt: NOON } };
  const { client, asked } = scriptedDynamo(
    { Responses: { core: [row("old.example", { secrets, version: 1 }), row("new.example", { secrets, listed: 1 })] } },
    {},
  );
  await dynamoDomains(client, TABLES, () => "id").relist(["old.example", "new.example"]);
  expect(asked.map(({ operation }) => operation)).toEqual(["BatchGetItem", "TransactWriteItems"]);
  expect(JSON.stringify(asked[1]?.input)).toContain("old.example");
});

it("a notice that is leased and one that was sent are distinguished", async () => {
  const failed = awsError("ConditionalCheckFailedException");
  for (const [mail, outcome] of [
    ["queued", "busy"],
    ["allowed", "busy"],
    ["sent", undefined],
  ] as const) {
    const { client } = scriptedDynamo(failed, { Item: marshall({ pk: "NOTICE#n", sk: "NOTICE", mail }) });
    expect(await dynamoNotices(client, "core").leaseMail("n", NOON, NOON + 1)).toBe(outcome);
  }
});

it.each([
  [true, "SET mail = :mail, mailAt = :at REMOVE mailLease"],
  [false, "SET mail = :mail, mailAt = :at"],
])(
  "a notice's progress is noted, its lease given back (%s), and never for one that is gone",
  async (release, change) => {
    const { client, asked } = scriptedDynamo({});
    await dynamoNotices(client, "core").setMail("n", "sent", release, NOON);
    expect(asked).toMatchObject([
      {
        operation: "UpdateItem",
        input: {
          UpdateExpression: change,
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeValues: marshall({ ":mail": "sent", ":at": NOON }),
        },
      },
    ]);
  },
);

it("a domain that was never stored does not exist, whatever other rows have its key", async () => {
  const { client } = scriptedDynamo({ Item: row("canary", { kind: "canary" }) });
  expect(await dynamoDomainReader(client, "core").find("canary")).toBeUndefined();
  const nobody: Domain | undefined = await dynamoDomainReader(scriptedDynamo({}).client, "core").find("a.example");
  expect(nobody).toBeUndefined();
});
