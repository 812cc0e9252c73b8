import type { MessageAttribute } from "../sqs/queue.ts";

/** What the parts of the simulator share. Times are Unix ms, TTLs s. */

export const platforms = [
  "ADM",
  "APNS",
  "APNS_SANDBOX",
  "APNS_VOIP",
  "APNS_VOIP_SANDBOX",
  "BAIDU",
  "GCM",
  "MACOS",
  "MACOS_SANDBOX",
  "MPNS",
  "WNS",
] as const;

export type SnsPlatform = (typeof platforms)[number];

export const isApple = (platform: SnsPlatform): boolean => platform.startsWith("APNS") || platform.startsWith("MACOS");
export const isVoip = (platform: SnsPlatform): boolean => platform.startsWith("APNS_VOIP");

export interface Application {
  readonly arn: string;
  readonly name: string;
  readonly platform: SnsPlatform;
  /** As set, secrets included; `Enabled` always there. */
  readonly attributes: Map<string, string>;
}

export interface Endpoint {
  readonly arn: string;
  readonly application: Application;
  /** `Enabled` and `Token` always there, `CustomUserData` where given. */
  readonly attributes: Map<string, string>;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly attributes: Map<string, string>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: "sqs" | "application";
  readonly endpoint: string;
  readonly attributes: Map<string, string>;
}

/** As Publish takes them and raw delivery passes them to SQS. */
export type MessageAttributes = ReadonlyMap<string, MessageAttribute>;

export interface Message {
  readonly id: string;
  readonly text: string;
  readonly subject: string | undefined;
  /** `Message` is a JSON object with one text per protocol. */
  readonly structured: boolean;
  readonly attributes: MessageAttributes;
}

/** FailureType of an EventDeliveryFailure event. */
export type FailureType =
  | "DeliveryFailedPerm"
  | "EndpointDisabled"
  | "EndpointNotFound"
  | "InvalidNotification"
  | "InvalidPlatformToken"
  | "NotificationTTLExpired";

/** SNS's request to Apple or Google. */
export interface VendorRequest {
  readonly platform: SnsPlatform;
  readonly token: string;
  /** APNs: apns-topic. */
  readonly topic?: string;
  readonly pushType?: string;
  /** APNs: 10, 5, 1; FCM: high, normal. */
  readonly priority?: string;
  /** Seconds left when SNS sends it. */
  readonly ttl: number;
  readonly collapseId?: string;
  /** APNs: the JSON text of the payload; FCM: the JSON text of the v1 message. */
  readonly body: string;
}

/** A push as a phone received it: one element of `GET /_local/pushes`. */
export interface Push extends Omit<VendorRequest, "body" | "ttl"> {
  readonly app: string;
  readonly ttl?: number;
  /** APNs: `aps` and the members beside it; FCM: the data object. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** How an accepted push ended. */
export interface LedgerEntry {
  readonly messageId: string;
  readonly endpointArn: string;
  readonly outcome: "delivered" | FailureType;
  /** What Apple or Google would have said, e.g. `BadTopic`. */
  readonly reason?: string;
  readonly acceptedAt: number;
  readonly at: number;
}

export interface Dwell {
  /** Time between Publish and the vendor, drawn evenly from this range. */
  readonly minMs: number;
  readonly maxMs: number;
  /** This share of messages (0–1) takes `ms` instead. */
  readonly slow?: { readonly share: number; readonly ms: number };
}

/** Calls per second; absent: unlimited. */
export interface Throttle {
  readonly publish?: number;
  /** CreatePlatformEndpoint, Delete-, Get- and SetEndpointAttributes together. */
  readonly endpoints?: number;
}

export interface SnsSettings {
  readonly dwell: Dwell;
  readonly throttle: Throttle;
  /** Attribute changes are eventually consistent: SetEndpointAttributes takes effect after this time. */
  readonly attributeLagMs: number;
  /**
   * Publish's error code for a deleted endpoint. Sources differ; the message "No endpoint found for the target arn
   * specified" is the same in both.
   */
  readonly missingEndpoint: "NotFound" | "InvalidParameter";
}

export const defaultSettings: SnsSettings = {
  dwell: { minMs: 2, maxMs: 10 },
  throttle: {},
  attributeLagMs: 0,
  missingEndpoint: "NotFound",
};
