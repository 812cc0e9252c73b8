import * as v from "valibot";
import type { Provider } from "../../cloudformation/deploy.ts";
import { read } from "../../cloudformation/read.ts";
import type { SnsControl } from "../control.ts";

const subscription = v.object({
  TopicArn: v.string(),
  Protocol: v.string(),
  Endpoint: v.string(),
  RawMessageDelivery: v.optional(v.boolean(), false),
  FilterPolicy: v.optional(v.undefined("filters are not applied here")),
});

/** Topics and subscriptions of the template, kept by the SNS simulator. */
export const topicResources = (sns: SnsControl): Readonly<Record<string, Provider>> => ({
  "AWS::SNS::Topic"(request) {
    const { TopicName } = read(v.object({ TopicName: v.optional(v.string()) }), request);
    const name = TopicName ?? request.generatedName;
    const topicArn = sns.addTopic(name);
    return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: name } };
  },

  "AWS::SNS::Subscription"(request) {
    const { TopicArn, Protocol, Endpoint, RawMessageDelivery } = read(subscription, request);
    const attributes = { RawMessageDelivery: String(RawMessageDelivery) };
    const subscriptionArn = sns.subscribe({ topicArn: TopicArn, protocol: Protocol, endpoint: Endpoint, attributes });
    return { ref: subscriptionArn };
  },
});
