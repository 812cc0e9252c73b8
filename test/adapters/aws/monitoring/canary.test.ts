import type { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoDomains } from "../../../../lambdas/adapters/aws/domains/domains.ts";
import { dynamoSecrets } from "../../../../lambdas/adapters/aws/domains/secrets.ts";
import { dynamoCanaryAccount } from "../../../../lambdas/adapters/aws/monitoring/canary-account.ts";
import { sqsCanaryPhone } from "../../../../lambdas/adapters/aws/monitoring/canary-phone.ts";
import { dynamoPbxSecrets } from "../../../../lambdas/adapters/aws/pbx/pbx-secrets.ts";
import type { IssuingChange } from "../../../../lambdas/core/domains/change.ts";
import { add } from "../../../../lambdas/core/domains/domains.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { awsError, scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { scriptedSdk } from "../../../support/aws/scripted-sdk.ts";
import { NOON } from "../../../support/values/clock.ts";
import { testRandom } from "../../../support/values/time-and-chance.ts";

const QueueUrl = "https://sqs.example/canary";

describe("the canary's phone", () => {
  it("waits a second for ten messages at most, and deletes those it has read", async () => {
    const Messages = ["a", "b"].map((Body) => ({ Body, ReceiptHandle: `handle of ${Body}` }));
    const { client, asked } = scriptedSdk<SQSClient>({ Messages }, {});
    expect(await sqsCanaryPhone(client, QueueUrl).messages()).toEqual(["a", "b"]);
    expect(asked).toEqual([
      { operation: "ReceiveMessage", input: { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 } },
      {
        operation: "DeleteMessageBatch",
        input: {
          QueueUrl,
          Entries: [
            { Id: "0", ReceiptHandle: "handle of a" },
            { Id: "1", ReceiptHandle: "handle of b" },
          ],
        },
      },
    ]);
  });

  it.each([[{}], [{ Messages: [] }]])("deletes nothing if no message has arrived: %j", async (nothing) => {
    const { client, asked } = scriptedSdk<SQSClient>(nothing);
    expect(await sqsCanaryPhone(client, QueueUrl).messages()).toEqual([]);
    expect(asked.map(({ operation }) => operation)).toEqual(["ReceiveMessage"]);
  });

  it("reads a message without a body as an empty one", async () => {
    const { client } = scriptedSdk<SQSClient>({ Messages: [{ ReceiptHandle: "h" }] }, {});
    expect(await sqsCanaryPhone(client, QueueUrl).messages()).toEqual([""]);
  });

  it.each([
    ["sqs.ReceiveMessage", [awsError("AccessDenied")]],
    ["sqs.DeleteMessageBatch", [{ Messages: [{ Body: "a", ReceiptHandle: "h" }] }, awsError("AccessDenied")]],
  ])("reports that %s is refused", async (operation, answers) => {
    const phone = sqsCanaryPhone(scriptedSdk<SQSClient>(...answers).client, QueueUrl);
    await expect(phone.messages()).rejects.toMatchObject({ operation, kind: "rejected" });
  });
});

describe("the canary's account", () => {
  let dynamo: TestDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  const issued = (): IssuingChange => {
    const change = add(undefined, { account: "canary", actor: "time" }, { now: NOON, bytes: testRandom().bytes(32) });
    if (!change.ok) throw new Error(change.error);
    return change.value;
  };

  it("is set up once, can log in, and is not a registered domain", async () => {
    const { clients, tables } = dynamo;
    const account = dynamoCanaryAccount(clients.sdk, tables);
    expect(await account.secret()).toBeUndefined();
    const change = issued();
    expect([await account.setUp(change), await account.setUp(issued())]).toEqual([true, false]);
    expect(await account.secret()).toBe(change.secrets.current.secret);
    expect(await dynamoPbxSecrets(clients.lean, tables).find({ account: "canary", domain: "canary" })).toMatchObject({
      active: true,
      domain: { current: { secret: change.secrets.current.secret } },
    });
    const domains = dynamoDomains(clients.sdk, tables, () => "id");
    expect(await domains.find("canary")).toBeUndefined();
    expect((await domains.list(10)).items).toEqual([]);
    expect(await dynamoSecrets(clients.sdk, tables.secrets).find("canary")).toEqual(change.secrets);
  });

  it("does not overwrite either existing row", async () => {
    const { client, asked } = scriptedDynamo({});
    await dynamoCanaryAccount(client, { core: "core", secrets: "secrets" }).setUp(issued());
    const { TransactItems } = asked[0]?.input as {
      TransactItems: readonly { Put: { TableName: string; ConditionExpression: string } }[];
    };
    expect(TransactItems.map(({ Put }) => [Put.TableName, Put.ConditionExpression])).toEqual([
      ["core", "attribute_not_exists(pk)"],
      ["secrets", "attribute_not_exists(account)"],
    ]);
  });

  it("is read consistently", async () => {
    const { client, asked } = scriptedDynamo({});
    await dynamoCanaryAccount(client, { core: "core", secrets: "secrets" }).secret();
    expect(asked).toMatchObject([{ operation: "GetItem", input: { ConsistentRead: true } }]);
  });
});
