import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startLocalHost, type LocalHost } from "../../../local/host.ts";
import { fixture } from "../fixture/assembly.ts";
import { awsOptions } from "../support.ts";
import { eventually } from "../../support/process/waiting.ts";

let host: LocalHost;
let sqs: SQSClient;
let QueueUrl = "";
beforeAll(async () => {
  host = await startLocalHost({
    port: 0,
    assembly: fixture({
      Idle: { Type: "AWS::SQS::Queue", Properties: { QueueName: "idle", DelaySeconds: 0, VisibilityTimeout: 30 } },
    }),
  });
  sqs = new SQSClient(awsOptions(host.awsUrl));
  QueueUrl = (await sqs.send(new GetQueueUrlCommand({ QueueName: "idle" }))).QueueUrl ?? "";
});
afterAll(() => host.stop());
beforeEach(async () => {
  await sqs.send(new SendMessageCommand({ QueueUrl: urlOf("work"), MessageBody: "warm" }));
  await eventually(() =>
    batches()
      .flat()
      .find(([body]) => body === "warm"),
  );
  host.logs.clear();
});

const urlOf = (name: string) => QueueUrl.replace(/idle$/u, name);
/** Bodies in all batches that the function got, each with its receive count. */
const batches = () =>
  host.logs
    .list()
    .flatMap(({ line }) =>
      line.includes('"batch"') ? [(JSON.parse(line) as { batch: [string, string][] }).batch] : [],
    );
const work = () => host.queues.find(({ definition }) => definition.name === "work");
const ended = () => host.functions.every((each) => each.counts().taken === each.counts().ended);
const counts = (name: string) => host.queues.find(({ definition }) => definition.name === name)?.counts();

describe("a queue that feeds a function", () => {
  it("delivers in batches, and redelivers only what the function reports as failed", async () => {
    const Entries = ["ok-1", "fail-once", "ok-2"].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf("work"), Entries }));
    const failed = () =>
      batches()
        .flat()
        .filter(([body]) => body === "fail-once").length;
    await eventually(() => (failed() === 1 && counts("work")?.inFlight === 1 ? true : undefined));
    work()?.pass(300_000);
    const seen = await eventually(() => (failed() === 2 ? batches().flat() : undefined));
    expect(seen.filter(([body]) => body.startsWith("ok"))).toEqual([
      ["ok-1", "1"],
      ["ok-2", "1"],
    ]);
    expect(seen.filter(([body]) => body === "fail-once").map(([, count]) => count)).toEqual(["1", "2"]);
  });

  it("moves a message to the dead-letter queue after maxReceiveCount; a thrown error fails the whole batch", async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: urlOf("work"), MessageBody: "throw" }));
    const thrown = () =>
      batches()
        .flat()
        .filter(([body]) => body === "throw").length;
    for (const times of [1, 2]) {
      await eventually(() => (thrown() === times && ended() ? true : undefined));
      work()?.pass(300_000);
    }
    const dead = await eventually(async () => {
      const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf("dead"), MaxNumberOfMessages: 10 }));
      return received.Messages?.find(({ Body }) => Body === "throw");
    });
    expect(dead.Attributes?.["ApproximateReceiveCount"]).toBe("1");
    expect(
      batches()
        .flat()
        .filter(([body]) => body === "throw"),
    ).toEqual([
      ["throw", "1"],
      ["throw", "2"],
    ]);
    expect(counts("work")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("delivers a delayed message only when its delay has passed", async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: urlOf("work"), MessageBody: "later", DelaySeconds: 900 }));
    expect(counts("work")).toMatchObject({ visible: 0, delayed: 1 });
    work()?.pass(900_000);
    await eventually(() =>
      batches()
        .flat()
        .find(([body]) => body === "later"),
    );
  });

  it("takes a topic's messages with raw delivery", async () => {
    const sns = new SNSClient(awsOptions(host.awsUrl));
    await sns.send(
      new PublishCommand({ TopicArn: "arn:aws:sns:eu-west-1:000000000000:events", Message: "from the topic" }),
    );
    await eventually(() =>
      batches()
        .flat()
        .find(([body]) => body === "from the topic"),
    );
  });
});

describe("SQS by the SDK", () => {
  it("hides received messages, shows them again on request, and drops deleted ones", async () => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: "x",
        MessageAttributes: { a: { DataType: "String", StringValue: "1" } },
      }),
    );
    const receive = () => sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }));
    const [first] = (await receive()).Messages ?? [];
    expect(first).toMatchObject({ Body: "x", MessageAttributes: { a: { StringValue: "1" } } });
    expect((await receive()).Messages).toBeUndefined();
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "1" });
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    const [second] = (await receive()).Messages ?? [];
    expect(second?.MessageId).toBe(first?.MessageId);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    expect(counts("idle")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("waits for a message as long as requested", async () => {
    const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "awaited" }));
    expect((await waiting).Messages?.[0]?.Body).toBe("awaited");
  });

  it.each([
    [
      "an unknown queue",
      () => new SendMessageCommand({ QueueUrl: urlOf("nowhere"), MessageBody: "x" }),
      "QueueDoesNotExist",
    ],
    ["an empty body", () => new SendMessageCommand({ QueueUrl, MessageBody: "" }), "InvalidParameterValue"],
    [
      "a delay of a day",
      () => new SendMessageCommand({ QueueUrl, MessageBody: "x", DelaySeconds: 86_400 }),
      "InvalidParameterValue",
    ],
  ])("refuses %s", async (_, command, name) => {
    await expect(sqs.send(command())).rejects.toMatchObject({ name });
  });
});
