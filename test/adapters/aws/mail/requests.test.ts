import { randomUUID } from "node:crypto";
import type { SESClient } from "@aws-sdk/client-ses";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoKnownNetworks } from "../../../../lambdas/adapters/aws/mail/known-networks.ts";
import { sqsMailQueue } from "../../../../lambdas/adapters/aws/mail/mail-queue.ts";
import { sesMailer } from "../../../../lambdas/adapters/aws/mail/mail.ts";
import { dynamoSuppressions } from "../../../../lambdas/adapters/aws/mail/suppressions.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { awsError, scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { scriptedSdk } from "../../../support/aws/scripted-sdk.ts";
import { NOON } from "../../../support/values/clock.ts";

const DAY = 86_400_000;
const denied = awsError("AccessDeniedException");

describe("the mail queue", () => {
  const QueueUrl = "https://sqs.example/mail";
  it.each<[string, (queue: ReturnType<typeof sqsMailQueue>) => Promise<void>, object, number]>([
    ["a registration's email, at once", (queue) => queue.registration("r1"), { kind: "registration", id: "r1" }, 0],
    ["a notice, later", (queue) => queue.notice("n1", 30), { kind: "notice", id: "n1" }, 30],
  ])("gets %s", async (_, order, body, DelaySeconds) => {
    const { client, asked } = scriptedSdk<SQSClient>({});
    await order(sqsMailQueue(client, QueueUrl));
    expect(asked).toEqual([
      { operation: "SendMessage", input: { QueueUrl, MessageBody: JSON.stringify(body), DelaySeconds } },
    ]);
  });

  it("that refuses a message causes an error that names the call", async () => {
    const queue = sqsMailQueue(scriptedSdk<SQSClient>(denied).client, QueueUrl);
    await expect(queue.registration("r1")).rejects.toMatchObject({ operation: "sqs.SendMessage", denied: true });
  });
});

it.each([
  ["MessageRejected", "rejected"],
  ["Throttling", "throttled"],
])("an email that SES answers with %s is %s, and the error names the call", async (name, kind) => {
  const mailer = sesMailer(scriptedSdk<SESClient>(awsError(name)).client, "push@example.com", undefined);
  const mail = { to: "a@example.net", subject: "s", html: "h", text: "t" };
  await expect(mailer.send(mail)).rejects.toMatchObject({ operation: "ses.SendRawEmail", kind, code: name });
});

describe("addresses and networks in DynamoDB", () => {
  let dynamo: TestDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  it("list every suppressed address once, page by page, and no other rows", async () => {
    const suppressions = dynamoSuppressions(dynamo.clients.sdk, dynamo.tables.core);
    const added = Array.from({ length: 5 }, (_, number) => `a${number}@example.com`);
    for (const address of added) await suppressions.add({ address, reason: "bounced", at: NOON });
    const found: string[] = [];
    let pages = 0;
    for (let after: string | undefined; ; pages += 1) {
      const page = await suppressions.list(3, after);
      expect(page.items.length).toBeLessThanOrEqual(3);
      for (const item of page.items) expect(item).toStrictEqual({ address: item.address, reason: "bounced", at: NOON });
      found.push(...page.items.map(({ address }) => address));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(found.toSorted()).toEqual(added);
    expect(pages).toBe(1);
  });

  it("have no address in a key", async () => {
    const { client, asked } = scriptedDynamo({});
    const [suppressions, networks] = [dynamoSuppressions(client, "core"), dynamoKnownNetworks(client, "sessions")];
    await suppressions.find("owner@one.example");
    await networks.knows("owner@one.example", "192.0.2.1", NOON);
    const keys = asked.map(({ input }) => (input as { Key: { pk: { S: string } } }).Key.pk.S);
    expect(keys).toEqual([expect.stringMatching(/^MAIL#[\w-]+$/u), expect.stringMatching(/^KNOWN#[\w-]+$/u)]);
  });

  it("know a mailbox's network until it expires, and no other mailbox's", async () => {
    const networks = dynamoKnownNetworks(dynamo.clients.sdk, dynamo.tables.sessions);
    const [mine, other] = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`];
    expect(await networks.knows(mine, "192.0.2.1", NOON)).toBe(false);
    await networks.note(mine, "192.0.2.1", NOON + DAY);
    expect(await networks.knows(mine, "192.0.2.1", NOON + DAY - 1)).toBe(true);
    expect(await networks.knows(mine, "192.0.2.1", NOON + DAY)).toBe(false);
    expect(await networks.knows(mine, "203.0.113.1", NOON)).toBe(false);
    expect(await networks.knows(other, "192.0.2.1", NOON)).toBe(false);
  });
});
