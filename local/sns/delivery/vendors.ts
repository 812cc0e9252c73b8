import { asObject, type JsonObject, jsonObject, member } from "../../aws/json.ts";
import { bodyLimit, dataBytes } from "./message.ts";
import { isApple, isVoip, type SnsPlatform, type VendorRequest } from "../types.ts";

/** A vendor's own name for a refusal. */
export type Refusal = string;

/**
 * Why Apple or Google would refuse a request, in their own words; undefined if they would accept it. `bundle`: the
 * app's bundle id, if known.
 */
export function refusalOf(request: VendorRequest, bundle: string | undefined): Refusal | undefined {
  if (isApple(request.platform)) return appleRefusal(request, bundle);
  return request.platform === "GCM" ? googleRefusal(request) : undefined;
}

/** An app's topic at Apple. A VoIP application at SNS holds the bundle id with Apple's suffix or without. */
export const topicOf = (platform: SnsPlatform, bundle: string): string =>
  isVoip(platform) && !bundle.endsWith(".voip") ? `${bundle}.voip` : bundle;

const pushTypes = new Set([
  "alert",
  "background",
  "complication",
  "controls",
  "fileprovider",
  "liveactivity",
  "location",
  "mdm",
  "pushtotalk",
  "voip",
  "widgets",
]);

/** Rules of Apple's "Sending notification requests to APNs". */
function appleRefusal(request: VendorRequest, bundle: string | undefined): Refusal | undefined {
  const { topic, pushType = "", priority = "", collapseId = "", platform } = request;
  const voip = isVoip(platform);
  if (!/^[\da-f]{64,400}$/u.test(request.token)) return "BadDeviceToken";
  if (topic === undefined) return "MissingTopic";
  if (bundle !== undefined && topic !== topicOf(platform, bundle)) return "DeviceTokenNotForTopic";
  if (topic.endsWith(".voip") !== voip) return "DeviceTokenNotForTopic";
  if (!pushTypes.has(pushType) || (pushType === "voip") !== voip) return "InvalidPushType";
  if (!["1", "5", "10"].includes(priority) || (pushType === "background" && priority === "10")) return "BadPriority";
  if (Buffer.byteLength(collapseId) > 64) return "BadCollapseId";
  if (Buffer.byteLength(request.body) > bodyLimit(platform)) return "PayloadTooLarge";
  const payload = jsonObject(request.body);
  if (payload === undefined) return "PayloadEmpty";
  return asObject(member(payload, "aps")) === undefined && !voip ? "PayloadEmpty" : undefined;
}

const androidPriorities: ReadonlySet<unknown> = new Set(["high", "normal", "HIGH", "NORMAL"]);

/** Rules of Google's FCM HTTP v1 `projects.messages`; each violation is an INVALID_ARGUMENT there. */
function googleRefusal(request: VendorRequest): Refusal | undefined {
  const message = jsonObject(request.body);
  if (message === undefined) return "INVALID_ARGUMENT: message";
  const data = member(message, "data");
  if (data !== undefined && !isStringMap(data)) return "INVALID_ARGUMENT: data values must be strings";
  const reserved = Object.keys(asObject(data) ?? {}).find((key) => /^(?:from$|message_type$|gcm|google)/u.test(key));
  if (reserved !== undefined) return `INVALID_ARGUMENT: reserved key ${reserved}`;
  if (dataBytes(message) > bodyLimit("GCM")) return "INVALID_ARGUMENT: message is too big";
  return androidRefusal(member(message, "android"));
}

function androidRefusal(android: unknown): Refusal | undefined {
  if (android === undefined) return undefined;
  const options = asObject(android);
  if (options === undefined) return "INVALID_ARGUMENT: android";
  const [priority, ttl] = [member(options, "priority"), member(options, "ttl")];
  if (priority !== undefined && !androidPriorities.has(priority)) return "INVALID_ARGUMENT: android.priority";
  const validTtl = ttl === undefined || (typeof ttl === "string" && /^\d+(\.\d{1,9})?s$/u.test(ttl));
  return validTtl ? undefined : "INVALID_ARGUMENT: android.ttl";
}

const isStringMap = (value: unknown): boolean =>
  asObject(value) !== undefined && Object.values(value as JsonObject).every((item) => typeof item === "string");
