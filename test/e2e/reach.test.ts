import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "vitest";
import { functionName } from "../../local/product.ts";
import { addAccount, useHost } from "../support/process/host.ts";

/** What any code with a function's role could reach, whatever that function is meant to do. */
const host = useHost();
const ACCOUNT = "reached.example.com";

let client: (entrypoint: string) => DynamoDBClient;
let tables: { readonly core: string; readonly secrets: string; readonly sessions: string };
beforeAll(async () => {
  await addAccount(host(), ACCOUNT);
  const definitionOf = (entrypoint: string) => {
    const found = host().functions.find(({ definition }) => functionName(definition.name) === entrypoint);
    if (found === undefined) throw new Error(`no function ${entrypoint}`);
    return found.definition;
  };
  client = (entrypoint) =>
    new DynamoDBClient({
      endpoint: host().awsUrl,
      region: "eu-central-1",
      maxAttempts: 1,
      credentials: { accessKeyId: definitionOf(entrypoint).role, secretAccessKey: "local" },
    });
  const {
    CORE_TABLE: core = "",
    SECRETS_TABLE: secrets = "",
    SESSIONS_TABLE: sessions = "",
  } = definitionOf("admin").environment();
  tables = { core, secrets, sessions };
});

const text = (value: string) => ({ S: value });

describe.each(["admin", "housekeeping"])("%s", (role) => {
  const Key = { account: text(ACCOUNT) };
  const never = { ConditionExpression: "attribute_exists(nothing)" };
  const back = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
  const update = { UpdateExpression: "SET touched = :one", ExpressionAttributeValues: { ":one": text("1") } };
  const transact = (TransactItems: object[]) => new TransactWriteItemsCommand({ TransactItems });
  const reads: Readonly<Record<string, (TableName: string) => object>> = {
    GetItem: (TableName) => new GetItemCommand({ TableName, Key }),
    BatchGetItem: (TableName) => new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }),
    Query: (TableName) =>
      new QueryCommand({
        TableName,
        KeyConditionExpression: "account = :account",
        ExpressionAttributeValues: { ":account": text(ACCOUNT) },
      }),
    Scan: (TableName) => new ScanCommand({ TableName }),
    TransactGetItems: (TableName) => new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }] }),
    ExecuteStatement: (TableName) => new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TableName}"` }),
    "PutItem, ReturnValues": (TableName) => new PutItemCommand({ TableName, Item: Key, ReturnValues: "ALL_OLD" }),
    "UpdateItem, ReturnValues ALL_NEW": (TableName) =>
      new UpdateItemCommand({ TableName, Key, ...update, ReturnValues: "ALL_NEW" }),
    "UpdateItem, ReturnValues UPDATED_OLD": (TableName) =>
      new UpdateItemCommand({ TableName, Key, ...update, ReturnValues: "UPDATED_OLD" }),
    "DeleteItem, ReturnValues": (TableName) => new DeleteItemCommand({ TableName, Key, ReturnValues: "ALL_OLD" }),
    "PutItem, a condition that fails": (TableName) => new PutItemCommand({ TableName, Item: Key, ...never, ...back }),
    "UpdateItem, a condition that fails": (TableName) =>
      new UpdateItemCommand({ TableName, Key, ...update, ...never, ...back }),
    "DeleteItem, a condition that fails": (TableName) => new DeleteItemCommand({ TableName, Key, ...never, ...back }),
    "TransactWriteItems, Put": (TableName) => transact([{ Put: { TableName, Item: Key, ...never, ...back } }]),
    "TransactWriteItems, Update": (TableName) =>
      transact([{ Update: { TableName, Key, ...update, ...never, ...back } }]),
    "TransactWriteItems, Delete": (TableName) => transact([{ Delete: { TableName, Key, ...never, ...back } }]),
    "TransactWriteItems, ConditionCheck": (TableName) =>
      transact([{ ConditionCheck: { TableName, Key, ...never, ...back } }]),
  };

  it.each(Object.entries(reads))("cannot read back a secret: %s", async (_, command) => {
    const sent = client(role).send(command(tables.secrets) as GetItemCommand);
    await expect(sent).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("may delete a secret without seeing it", async () => {
    const gone = new DeleteItemCommand({ TableName: tables.secrets, Key: { account: text("nobody") }, ...never });
    await expect(client(role).send(gone)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  });
});

describe.each(["push", "events"])("%s", (role) => {
  const domain = { pk: text(`DOMAIN#${ACCOUNT}`), sk: text("DOMAIN") };
  const device = { pk: text("DEVICE#of nobody"), sk: text("DEVICE") };
  const read = (TableName: string, Key: typeof domain) => client(role).send(new GetItemCommand({ TableName, Key }));

  it("can read and write devices and breakers, and no domain", async () => {
    const { core: TableName } = tables;
    await read(TableName, device);
    await read(TableName, { pk: text("BREAKER#ios"), sk: text("BREAKER") });
    const denied = { name: "AccessDeniedException" };
    await expect(read(TableName, domain)).rejects.toMatchObject(denied);
    await expect(
      client(role).send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [device, domain] } } })),
    ).rejects.toMatchObject(denied);
    for (const pk of [`DOMAIN#${ACCOUNT}`, "NOTICE#1", "MAIL#1", "DEVICE", "domain#DEVICE#"])
      await expect(
        client(role).send(new PutItemCommand({ TableName, Item: { ...domain, pk: text(pk) } })),
      ).rejects.toMatchObject(denied);
    await expect(
      client(role).send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: domain } }] })),
    ).rejects.toMatchObject(denied);
  });
});

it("push can read connections, and no other row of sessions", async () => {
  const read = (pk: string) =>
    client("push").send(new GetItemCommand({ TableName: tables.sessions, Key: { pk: text(pk) } }));
  await read("CONN#1");
  for (const pk of ["TICKET#1", "ACCESS#1", "WEB#1", "LIMIT#1"])
    await expect(read(pk)).rejects.toMatchObject({ name: "AccessDeniedException" });
});
