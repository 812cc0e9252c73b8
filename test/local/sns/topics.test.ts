import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, it } from "vitest";
import { account, androidToken, iosToken, queueArn, region, type Stage, stage } from "./support.ts";

let on: Stage;
beforeEach(async () => {
  on = await stage();
});
afterEach(() => on.close());

const createTopic = async (Name = "topic") => (await on.sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? "";
const subscribe = async (TopicArn: string, Protocol: string, Endpoint: string, Attributes?: Record<string, string>) =>
  (await on.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }))).SubscriptionArn ?? "";
const publish = (TopicArn: string, input: { Message: string; MessageStructure?: string }) =>
  on.sns.send(
    new PublishCommand({
      TopicArn,
      Subject: "subject",
      MessageAttributes: { kind: { DataType: "String", StringValue: "é & <1>" } },
      ...input,
    }),
  );

it("delivers to a queue in the envelope, or verbatim with raw delivery", async () => {
  const topic = await createTopic();
  const subscription = await subscribe(topic, "sqs", queueArn);
  const { MessageId } = await publish(topic, { Message: "hello" });
  const change = { SubscriptionArn: subscription, AttributeName: "RawMessageDelivery", AttributeValue: "true" };
  await on.sns.send(new SetSubscriptionAttributesCommand(change));
  await publish(topic, { Message: "raw" });
  await on.simulator.control.settled();
  const [wrapped, raw] = on.queued;
  expect(wrapped).toMatchObject({ queueArn, attributes: {} });
  expect(JSON.parse(wrapped?.body ?? "")).toMatchObject({
    Type: "Notification",
    MessageId,
    TopicArn: topic,
    Subject: "subject",
    Message: "hello",
    Timestamp: expect.stringMatching(/Z$/u) as string,
    MessageAttributes: { kind: { Type: "String", Value: "é & <1>" } },
  });
  expect(raw).toEqual({ queueArn, body: "raw", attributes: { kind: { DataType: "String", StringValue: "é & <1>" } } });
});

it("sends each protocol and platform its own text", async () => {
  const topic = await createTopic();
  await subscribe(topic, "sqs", queueArn, { RawMessageDelivery: "true" });
  const android = await on.endpoint(on.application("GCM"), androidToken);
  const iphone = await on.endpoint(on.application("APNS"), iosToken);
  await subscribe(topic, "application", android);
  await subscribe(topic, "application", iphone);
  await on.disable(android);
  const texts = { default: "for all", sqs: "for queues", APNS: JSON.stringify({ aps: { alert: "for iPhones" } }) };
  await publish(topic, { Message: JSON.stringify(texts), MessageStructure: "json" });
  await on.simulator.control.settled();
  expect(on.queued.map(({ body }) => body)).toContain("for queues");
  expect(on.simulator.control.phones.list()).toMatchObject([
    { platform: "APNS", payload: { aps: { alert: "for iPhones" } } },
  ]);
});

it("lists its topics and subscriptions", async () => {
  const topic = await createTopic();
  expect(topic).toBe(`arn:aws:sns:${region}:${account}:topic`);
  expect(await createTopic()).toBe(topic);
  await on.sns.send(new SetTopicAttributesCommand({ TopicArn: topic, AttributeName: "Policy", AttributeValue: "{}" }));
  const { Attributes } = await on.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
  expect(Attributes).toEqual({ TopicArn: topic, Owner: account, Policy: "{}" });
  const SubscriptionArn = await subscribe(topic, "sqs", queueArn);
  expect(await subscribe(topic, "sqs", queueArn)).toBe(SubscriptionArn);
  const list = async () => (await on.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }))).Subscriptions;
  const entry = { SubscriptionArn, Owner: account, Protocol: "sqs", Endpoint: queueArn, TopicArn: topic };
  expect(await list()).toEqual([entry]);
  const known = await on.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  expect(known.Attributes).toEqual({ ...entry, RawMessageDelivery: "false" });
  await on.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  expect(await list()).toEqual([]);
  await on.sns.send(new DeleteTopicCommand({ TopicArn: topic }));
  await expect(list()).rejects.toMatchObject({ Code: "NotFound", message: "Topic does not exist" });
  await expect(publish(topic, { Message: "x" })).rejects.toMatchObject({ Code: "NotFound" });
});

it("refuses what it does not support instead of appearing to accept it", async () => {
  const topic = await createTopic();
  const error = { Code: "InvalidParameter" };
  await expect(subscribe(topic, "email", "someone@example.com")).rejects.toMatchObject(error);
  await expect(subscribe(topic, "sqs", queueArn, { FilterPolicy: "{}" })).rejects.toMatchObject(error);
  await expect(createTopic("no topic!")).rejects.toMatchObject(error);
  await expect(publish(topic, { Message: "{}", MessageStructure: "json" })).rejects.toMatchObject(error);
});

it("passes application events to a host that handles them itself", async () => {
  await on.close();
  const told: unknown[] = [];
  on = await stage({
    publishEvent: (topicArn, message, subject) =>
      void told.push({ topicArn, event: JSON.parse(message) as unknown, subject }),
  });
  const EndpointArn = await on.endpoint(on.application("GCM", "android"), androidToken);
  await on.simulator.control.settled();
  expect(told).toMatchObject([
    {
      topicArn: `arn:aws:sns:${region}:${account}:sns-events`,
      event: { EventType: "EndpointCreated", EndpointArn },
      subject: "EndpointCreated event for app android (GCM)",
    },
  ]);
  expect(on.queued).toEqual([]);
});
