import { hash } from "node:crypto";
import { type App, vendorOf } from "./apps.ts";
import { pushError, type PushError } from "./push-error.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/** A push token taken apart: the app it names and the vendor's device token, normalized. */
export interface PushToken {
  readonly app: App;
  /** APNs: hex in lower case. FCM: unchanged. */
  readonly device: string;
}

const APNS_TOKEN = /^(?:[0-9a-f]{2}){32,200}$/iu;
const BARE_APNS = /^[0-9a-f]{64,}$/iu;
const BARE_FCM = /^[\w-]+:APA91[\w-]*$/u;
/** FCM documents no form; a real token is far longer than 20 of its URL-safe characters. */
const FCM_TOKEN = /^[\w.~:%-]{20,8192}$/u;

/**
 * Reads `<app>:<device token>`, or a bare token of a default app (docs/protocol.md, Push tokens).
 * Fails with `UnknownApp`, `ApnInvalidToken` or `GcmInvalidReg`.
 */
export function parseToken(text: string, apps: readonly App[]): Result<PushToken, PushError> {
  const found = namedApp(text, apps) ?? bareToken(text, apps);
  if (found === undefined) return fail({ err: "UnknownApp", info: "the token names no app that this service knows" });
  const { app, device } = found;
  if (vendorOf(app.platform) === "fcm") {
    return FCM_TOKEN.test(device) ? ok(found) : fail(pushError(app, "bad-token", "this is no FCM registration token"));
  }
  return APNS_TOKEN.test(device)
    ? ok({ app, device: device.toLowerCase() })
    : fail(pushError(app, "bad-token", "an APNs device token has 64 to 400 hex digits"));
}

function namedApp(text: string, apps: readonly App[]): PushToken | undefined {
  const app = apps.find(({ id }) => text.startsWith(`${id}:`));
  return app && { app, device: text.slice(app.id.length + 1) };
}

function bareToken(text: string, apps: readonly App[]): PushToken | undefined {
  const vendor = BARE_APNS.test(text) ? "apns" : BARE_FCM.test(text) ? "fcm" : undefined;
  const app = apps.find((candidate) => candidate.default && vendorOf(candidate.platform) === vendor);
  return app && { app, device: text };
}

/** Key of a device row: SHA-256 over app and token in base64url, so that no table key reveals a token. */
export const deviceKey = ({ app, device }: PushToken): string => hash("sha256", `${app.id}:${device}`, "base64url");
