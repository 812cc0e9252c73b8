import { asObject, jsonObject, member } from "../../aws/json.ts";
import { apnsHeader } from "./message.ts";
import { type Endpoint, isApple, type MessageAttributes, type VendorRequest } from "../types.ts";
import { topicOf } from "./vendors.ts";

const optional = <K extends string>(name: K, value: unknown): Partial<Record<K, string>> =>
  typeof value === "string" ? ({ [name]: value } as Record<K, string>) : {};

/** What SNS sends to Apple or Google for an endpoint. `ttl`: seconds left. */
export function vendorRequest(
  endpoint: Endpoint,
  attributes: MessageAttributes,
  body: string,
  ttl: number,
): VendorRequest {
  const { platform } = endpoint.application;
  const common = { platform, token: endpoint.attributes.get("Token") ?? "", ttl, body };
  if (!isApple(platform)) {
    const android = asObject(member(jsonObject(body), "android"));
    return {
      ...common,
      ...optional("priority", member(android, "priority")),
      ...optional("collapseId", member(android, "collapse_key")),
    };
  }
  const pushType = apnsHeader(attributes, "PUSH_TYPE") ?? inferredPushType(body);
  const bundle = endpoint.application.attributes.get("ApplePlatformBundleID");
  const ownTopic = bundle === undefined ? undefined : topicOf(platform, bundle);
  return {
    ...common,
    ...optional("topic", apnsHeader(attributes, "TOPIC") ?? ownTopic),
    pushType,
    priority: apnsHeader(attributes, "PRIORITY") ?? (pushType === "background" ? "5" : "10"),
    ...optional("collapseId", apnsHeader(attributes, "COLLAPSE_ID")),
  };
}

/** SNS infers alert and background, nothing else: a VoIP push without PUSH_TYPE reaches Apple with the wrong type. */
function inferredPushType(body: string): "alert" | "background" {
  const aps = asObject(member(jsonObject(body), "aps"));
  const visible = ["alert", "badge", "sound"].some((name) => member(aps, name) !== undefined);
  return member(aps, "content-available") === 1 && !visible ? "background" : "alert";
}
