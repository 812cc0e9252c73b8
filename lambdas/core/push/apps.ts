/** Apps that a push token may belong to: configuration, one entry for each SNS platform application. */

/** `CANARY` belongs to no vendor: its only phone is an SNS topic of ours (usecases/monitoring/canary.ts). */
export type Platform = "APNS" | "APNS_SANDBOX" | "APNS_VOIP" | "APNS_VOIP_SANDBOX" | "GCM" | "CANARY";
export type Vendor = "apns" | "fcm";
export type EventKind = "call" | "notification";

export interface App {
  /** The part of a push token before the first colon: 1–64 of `a-z 0-9 - _`. */
  readonly id: string;
  readonly platform: Platform;
  /** Bundle id (APNs; the VoIP topic is `<bundle>.voip`) or Firebase project id (FCM). */
  readonly bundle: string;
  /** SNS platform application; for `CANARY`, the topic. */
  readonly applicationArn: string;
  /** Takes this vendor's tokens that name no app. */
  readonly default: boolean;
  /** Longest life of a call wake-up in s (2–8), of a notification in s. */
  readonly callTtl: number;
  readonly notificationTtl: number;
  /** Largest message to the vendor in bytes: APNs 4,096, VoIP 5,120, FCM 4,096. */
  readonly maxPayload: number;
  /** Localizable alert for an APNs alert app; the app's service extension replaces it after decrypting. */
  readonly alert?: { readonly titleLocKey?: string; readonly locKey: string };
  /** Account key; for every other account the app does not exist. */
  readonly reservedFor?: string;
}

export const vendorOf = (platform: Platform): Vendor => (platform === "GCM" ? "fcm" : "apns");
export const isVoip = (platform: Platform): boolean => platform === "APNS_VOIP" || platform === "APNS_VOIP_SANDBOX";
