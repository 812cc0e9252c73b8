import { randomUUID } from "node:crypto";
import type { Accepted } from "../delivery/delivery.ts";
import { AwsError } from "../../aws/protocols.ts";
import { textFor } from "../delivery/message.ts";
import { toEndpoint } from "../delivery/publish.ts";
import type { Store } from "../store.ts";
import type { MessageAttribute } from "../../sqs/queue.ts";
import type { Message, Subscription, Topic } from "../types.ts";

/** Puts a message of a topic into a queue; `attributes` are SQS message attributes (raw delivery only). */
export type DeliverToQueue = (
  queueArn: string,
  body: string,
  attributes: Readonly<Record<string, MessageAttribute>>,
  topicArn: string,
) => void | Promise<void>;

export interface FanOutOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly accept: (accepted: Accepted) => void;
  readonly deliverToQueue: DeliverToQueue;
}

/** Delivers a topic's message to its subscribers: to queues immediately, to phones like any other push. */
export function fanOut(
  { store, now, accept, deliverToQueue }: FanOutOptions,
  topic: Topic,
  message: Message,
): Promise<void>[] {
  const subscribers = [...store.subscriptions.values()].filter(({ topicArn }) => topicArn === topic.arn);
  return subscribers.map(async (subscription) => {
    if (subscription.protocol === "application") return toPhone(subscription);
    const raw = subscription.attributes.get("RawMessageDelivery") === "true";
    const body = raw ? textFor(message, "sqs") : envelope(topic, message, subscription, now());
    await deliverToQueue(subscription.endpoint, body, raw ? Object.fromEntries(message.attributes) : {}, topic.arn);
  });

  function toPhone(subscription: Subscription): void {
    const endpoint = store.endpoints.get(subscription.endpoint);
    if (endpoint === undefined) return;
    try {
      accept(toEndpoint(endpoint, { ...message, id: randomUUID() }));
    } catch (error) {
      // As on AWS, no caller learns that one subscriber cannot take it.
      if (!(error instanceof AwsError)) throw error;
    }
  }
}

/** What an SQS subscriber without raw delivery gets. The simulator signs nothing. */
function envelope(topic: Topic, message: Message, subscription: Subscription, now: number): string {
  const attributes = [...message.attributes].map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue },
  ]);
  return JSON.stringify({
    Type: "Notification",
    MessageId: message.id,
    TopicArn: topic.arn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: textFor(message, "sqs"),
    Timestamp: new Date(now).toISOString(),
    SignatureVersion: "1",
    Signature: "bm90IHNpZ25lZA==",
    SigningCertURL: "https://sns.invalid/certificate.pem",
    UnsubscribeURL: `https://sns.invalid/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) as unknown }),
  });
}
