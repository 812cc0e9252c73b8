import type { MessageAttributeValue, PublishInput } from "@aws-sdk/client-sns";
import type { ApnsMessage, Message } from "../../../core/push/message.ts";

type Published = Pick<PublishInput, "MessageStructure" | "Message" | "MessageAttributes">;

/** A vendor's message as SNS takes it, to an endpoint or to the canary's topic (docs/sns.md, rule 2–5). */
export function snsMessage(message: Message): Published {
  switch (message.platform) {
    case "CANARY":
      return published({ default: message.payload }, {});
    case "GCM": {
      const fcm = JSON.stringify({ fcmV1Message: { message: message.message } });
      return published({ default: "", GCM: fcm }, { "FCM.TTL": String(message.ttl) });
    }
    default:
      return published({ default: "", [message.platform]: message.payload }, apnsAttributes(message));
  }
}

const apnsAttributes = ({ platform, pushType, priority, topic, collapseId, ttl }: ApnsMessage) => ({
  "APNS.PUSH_TYPE": pushType,
  "APNS.PRIORITY": String(priority),
  "APNS.TOPIC": topic,
  "APNS.COLLAPSE_ID": collapseId,
  [`${platform}.TTL`]: String(ttl),
});

/** @param attributes by name, without `AWS.SNS.MOBILE.` */
function published(texts: Readonly<Record<string, string>>, attributes: Readonly<Record<string, string>>): Published {
  const MessageAttributes: Record<string, MessageAttributeValue> = {};
  for (const [name, value] of Object.entries(attributes)) {
    MessageAttributes[`AWS.SNS.MOBILE.${name}`] = { DataType: "String", StringValue: value };
  }
  return { MessageStructure: "json", Message: JSON.stringify(texts), MessageAttributes };
}
