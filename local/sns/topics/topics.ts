import { randomUUID } from "node:crypto";
import { type Actions, page } from "../api/actions.ts";
import { invalidParameter, notFound } from "../api/errors.ts";
import type { Store } from "../store.ts";
import type { Subscription, Topic } from "../types.ts";

const subscriptionAttributes = new Set(["RawMessageDelivery", "RedrivePolicy", "DeliveryPolicy"]);

export function putTopic(store: Store, name: string, attributes: ReadonlyMap<string, string>): Topic {
  if (!/^[\w-]{1,256}$/u.test(name)) throw invalidParameter("Topic Name");
  const arn = store.arn(name);
  const topic = store.topics.get(arn) ?? { arn, name, attributes: new Map<string, string>() };
  for (const [key, value] of attributes) topic.attributes.set(key, value);
  store.topics.set(arn, topic);
  return topic;
}

export function putSubscription(
  store: Store,
  wanted: Omit<Subscription, "arn" | "protocol"> & { protocol: string },
): Subscription {
  const topic = store.topic(wanted.topicArn);
  const { protocol, endpoint } = wanted;
  // SNS's other kinds of subscribers do not exist on one machine.
  if (protocol !== "sqs" && protocol !== "application") {
    throw invalidParameter(`Protocol Reason: ${protocol} is not simulated here, only sqs and application`);
  }
  if (!endpoint.startsWith(`arn:aws:${protocol === "sqs" ? "sqs" : "sns"}:`)) throw invalidParameter("Endpoint");
  checkSubscriptionAttributes(wanted.attributes);
  const existing = [...store.subscriptions.values()].find(
    (each) => each.topicArn === topic.arn && each.protocol === protocol && each.endpoint === endpoint,
  );
  if (existing !== undefined) return existing;
  const subscription = { ...wanted, protocol, arn: `${topic.arn}:${randomUUID()}` } as const;
  store.subscriptions.set(subscription.arn, subscription);
  return subscription;
}

function checkSubscriptionAttributes(attributes: ReadonlyMap<string, string>): void {
  for (const name of attributes.keys()) {
    // Without the filter, messages would arrive that AWS would not deliver.
    if (!subscriptionAttributes.has(name))
      throw invalidParameter(`AttributeName Reason: ${name} is not simulated here`);
  }
}

export function topicActions(store: Store, owner: string): Actions {
  const entry = (subscription: Subscription) => ({
    SubscriptionArn: subscription.arn,
    Owner: owner,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topicArn,
  });

  return {
    CreateTopic: (query) => ({
      TopicArn: putTopic(store, query.required("Name"), query.map("Attributes") ?? new Map<string, string>()).arn,
    }),

    DeleteTopic: (query) => {
      const arn = query.required("TopicArn");
      store.topics.delete(arn);
      for (const each of [...store.subscriptions.values()])
        if (each.topicArn === arn) store.subscriptions.delete(each.arn);
      return {};
    },

    GetTopicAttributes: (query) => {
      const { arn, attributes } = store.topic(query.required("TopicArn"));
      return { Attributes: new Map([["TopicArn", arn], ["Owner", owner], ...attributes]) };
    },

    SetTopicAttributes: (query) => {
      const { attributes } = store.topic(query.required("TopicArn"));
      attributes.set(query.required("AttributeName"), query.text("AttributeValue") ?? "");
      return {};
    },

    ListTopics: (query) => {
      const { items, next } = page([...store.topics.values()], query.text("NextToken"));
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
    },

    Subscribe: (query) => {
      const { arn } = putSubscription(store, {
        topicArn: query.required("TopicArn"),
        protocol: query.required("Protocol"),
        endpoint: query.text("Endpoint") ?? "",
        attributes: query.map("Attributes") ?? new Map<string, string>(),
      });
      return { SubscriptionArn: arn };
    },

    Unsubscribe: (query) => {
      store.subscriptions.delete(query.required("SubscriptionArn"));
      return {};
    },

    GetSubscriptionAttributes: (query) => {
      const { attributes, ...subscription } = store.subscription(query.required("SubscriptionArn"));
      const fixed = Object.entries(entry({ ...subscription, attributes }));
      return { Attributes: new Map([["RawMessageDelivery", "false"], ...fixed, ...attributes]) };
    },

    SetSubscriptionAttributes: (query) => {
      const { attributes } = store.subscription(query.required("SubscriptionArn"));
      const change = new Map([[query.required("AttributeName"), query.text("AttributeValue") ?? ""]]);
      checkSubscriptionAttributes(change);
      for (const [name, value] of change) attributes.set(name, value);
      return {};
    },

    ListSubscriptions: (query) => {
      const all = [...store.subscriptions.values()];
      const { items, next } = page(all, query.text("NextToken"));
      // As recorded, AWS returns a token even if nothing follows; the next page is empty.
      return {
        Subscriptions: items.map(entry),
        NextToken: items.length > 0 ? (next ?? all.length.toString(36)) : undefined,
      };
    },

    ListSubscriptionsByTopic: (query) => {
      const topic = store.topics.get(query.required("TopicArn"));
      if (topic === undefined) throw notFound("Topic does not exist");
      const all = [...store.subscriptions.values()].filter((each) => each.topicArn === topic.arn);
      const { items, next } = page(all, query.text("NextToken"));
      return { Subscriptions: items.map(entry), NextToken: next };
    },
  };
}
