import { invalidParameter } from "../api/errors.ts";
import { asObject, jsonObject, member } from "../../aws/json.ts";
import { isApple, isVoip, type Message, type MessageAttributes, type SnsPlatform } from "../types.ts";

/** TTL of a push that has none, in s (four weeks). */
const DEFAULT_TTL = 2_419_200;

/** Largest body that SNS accepts for a vendor, in bytes (docs/sns.md, rule 5). */
export const bodyLimit = (platform: SnsPlatform): number => (isVoip(platform) ? 5120 : 4096);

/**
 * The text that a message holds for a protocol: the platform's own key, else `default`, which SNS wraps for a phone.
 * @throws AwsError InvalidParameter where SNS refuses the message at Publish.
 */
export function textFor(message: Message, platform: SnsPlatform | "sqs"): string {
  if (!message.structured) return platform === "sqs" ? message.text : wrapped(message.text, platform);
  const texts = jsonObject(message.text);
  if (texts === undefined) throw invalidParameter("Message Structure - JSON message body failed to parse");
  const own = member(texts, platform);
  if (typeof own === "string") return own;
  // Values other than strings count as absent [doc].
  const fallback = member(texts, "default");
  if (typeof fallback !== "string") {
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  }
  return platform === "sqs" ? fallback : wrapped(fallback, platform);
}

const wrapped = (text: string, platform: SnsPlatform): string =>
  JSON.stringify(isApple(platform) ? { aps: { alert: text } } : { data: { default: text } });

/**
 * The vendor's body, checked as SNS does before it accepts: APNs a JSON object, FCM the `message` of `fcmV1Message` (or
 * the same members in the older form). Size: APNs in bytes of the text, FCM in bytes of the data's keys and values.
 */
export function vendorBody(text: string, platform: SnsPlatform): string {
  const refuse = (reason: string) =>
    invalidParameter(`Message Reason: Invalid notification for protocol ${platform}: ${reason}`);
  const object = jsonObject(text);
  if (object === undefined) throw refuse("Notification is malformed");
  if (platform !== "GCM") {
    if (isApple(platform) && Buffer.byteLength(text) > bodyLimit(platform)) throw refuse("Notification is too long");
    return text;
  }
  const v1 = member(object, "fcmV1Message");
  const message = v1 === undefined ? legacy(object) : asObject(member(asObject(v1), "message"));
  if (message === undefined) throw refuse("fcmV1Message must be an object that holds a message");
  if (dataBytes(message) > bodyLimit(platform)) throw refuse("Notification data is larger than allowed limit");
  return JSON.stringify(message);
}

const legacy = (object: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(["data", "notification"].flatMap((name) => (name in object ? [[name, object[name]]] : [])));

/** Bytes of all keys and values of an FCM message's data and notification. */
export function dataBytes(message: Readonly<Record<string, unknown>>): number {
  const parts = ["data", "notification"].flatMap((name) => Object.entries(asObject(member(message, name)) ?? {}));
  const size = (value: unknown): number =>
    Buffer.byteLength(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
  return parts.reduce((sum, [key, value]) => sum + size(key) + size(value), 0);
}

const attribute = (attributes: MessageAttributes, name: string): string | undefined =>
  attributes.get(`AWS.SNS.MOBILE.${name}`)?.StringValue;

/** APNs headers set by message attributes. These four are named `APNS.*` for every Apple platform. */
export const apnsHeader = (attributes: MessageAttributes, name: "PUSH_TYPE" | "PRIORITY" | "TOPIC" | "COLLAPSE_ID") =>
  attribute(attributes, `APNS.${name}`);

/**
 * Life of a push in s: the platform's TTL attribute, else the TTL in an FCM body, else four weeks.
 * @throws AwsError InvalidParameter if the attribute is no whole number of seconds.
 */
export function ttlOf(attributes: MessageAttributes, platform: SnsPlatform, body: string): number {
  const names = platform === "GCM" ? ["FCM.TTL", "GCM.TTL"] : [`${platform}.TTL`];
  const text = names.map((name) => attribute(attributes, name)).find((value) => value !== undefined);
  if (text !== undefined) {
    if (!/^\d{1,9}$/u.test(text))
      throw invalidParameter(`MessageAttributes Reason: ${names[0]} must be a number of seconds`);
    return Number(text);
  }
  const inBody = platform === "GCM" ? member(asObject(member(jsonObject(body), "android")), "ttl") : undefined;
  return typeof inBody === "string" && /^\d+(\.\d{1,9})?s$/u.test(inBody) ? Number.parseFloat(inBody) : DEFAULT_TTL;
}
