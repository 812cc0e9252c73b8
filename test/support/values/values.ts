import { createHash } from "node:crypto";
import type { App } from "../../../lambdas/core/push/apps.ts";
import { parseFrame, type Frame } from "../../../lambdas/core/pbx/frame.ts";
import type { Limits } from "../../../lambdas/core/shared/limits.ts";

/** Valid values of the core for tests; each test overrides by name what it is about. */

/** Apple's and Google's platforms with the largest message that each accepts, in bytes. */
export const MAX_PAYLOAD = {
  APNS: 4_096,
  APNS_SANDBOX: 4_096,
  APNS_VOIP: 5_120,
  APNS_VOIP_SANDBOX: 5_120,
  GCM: 4_096,
} as const;
export type VendorPlatform = keyof typeof MAX_PAYLOAD;
export const PLATFORMS = Object.keys(MAX_PAYLOAD) as VendorPlatform[];

export const anApp = (platform: VendorPlatform, changes: Partial<App> = {}): App => ({
  id: platform.toLowerCase().replaceAll("_", "-"),
  platform,
  bundle: "com.example.phone",
  applicationArn: `arn:aws:sns:eu-central-1:111111111111:app/${platform}/phone`,
  default: false,
  callTtl: 8,
  notificationTtl: 86_400,
  maxPayload: MAX_PAYLOAD[platform],
  ...changes,
});

/** The local host's apps: calls and notifications on iOS, Android. */
export const voipApp = anApp("APNS_VOIP", { id: "ios-call", default: true });
export const alertApp = anApp("APNS", { id: "ios" });
export const fcmApp = anApp("GCM", { id: "android", default: true });
export const apps: readonly App[] = [voipApp, alertApp, fcmApp];

export const iosToken = "ab".repeat(32);
export const androidToken = "fcmInstance01:APA91bExampleRegistrationToken";

export const limits: Limits = {
  mailsPerAddressPerHour: 5,
  mailsPerAddressPerDay: 10,
  mailsPerDomainPerHour: 5,
  mailsPerDomainPerDay: 10,
  mailsPerDay: 2_000,
  memberMailsPerAddressPerDay: 30,
  noticesPerAddressPerDay: 200,
  requestsPerSourcePerHour: 30,
  proofsPerAddressPerHour: 60,
  activityPerAddressPerHour: 60,
  testPushesPerDomainPerHour: 5,
  wrongCodesPerRegistration: 5,
  failedLoginsPerSourceAndAccountPerMinute: 10,
  postsPerDomainPerSecond: 50,
  newTokensPerDomainInFirstHour: 2_000,
  newTokensPerDomainPerHour: 100,
  postsPerTokenAtOnce: 20,
  disabledTokensPerMinute: 20,
};

/** A frame from the text or the value of its object. */
export function aFrame(content: string | object): Frame {
  const parsed = parseFrame(typeof content === "string" ? content : JSON.stringify(content));
  if (!parsed.ok) throw new Error(`no frame: ${parsed.error}`);
  return parsed.value;
}

interface LoginValues {
  readonly domain: string;
  readonly challenge: string;
  readonly password: string;
  /** Text of `info` in the frame; none by default. */
  readonly info?: string;
  readonly src?: string;
}

/** Text of an AppLogin as a PBX sends it; the digest is computed here, apart from the code under test. */
export function loginText({ domain, challenge, password, info, src }: LoginValues): string {
  const segments = ["ws", domain, "push", "00ff", "Push", ...(info === undefined ? [] : [info]), challenge, password];
  const digest = createHash("sha256").update(segments.join(":")).digest("hex");
  const head = JSON.stringify({
    mt: "AppLogin",
    src,
    sip: "push",
    guid: "00ff",
    dn: "Push",
    digest,
    domain,
    app: "ws",
  });
  return info === undefined ? head : `${head.slice(0, -1)},"info":${info}}`;
}
