import { type App, type EventKind, isVoip, vendorOf } from "./apps.ts";
import { refusal, type PostError } from "./push-error.ts";
import { fail, ok, type Result } from "./result.ts";

/** The PBX gives a phone this long to come back, from the frame on, in ms. */
const PBX_PATIENCE = 10_000; // 10 seconds
/** Kept back so that a call wake-up ends before the PBX gives up, in ms. */
const MARGIN = 1_000; // 1 second
const MIN_CALL_TTL = 2; // seconds

/** A wake-up on its way to a phone: one post, whatever its number of attempts. */
export interface Wake {
  /** Stable over attempts, so that an app can drop a double; 22 characters of base64url. */
  readonly id: string;
  readonly kind: EventKind;
  readonly payload: string | undefined;
  /** When the post's frame reached us, Unix ms. */
  readonly arrivedAt: number;
}

/** One SNS Publish: its message and message attributes. */
export interface Message {
  /** Value of `Message` with MessageStructure `json`. */
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Life of the wake-up in s. */
  readonly ttl: number;
}

/**
 * Life of a wake-up sent now, in s. A call lives until the PBX gives up less a margin, at least 2 and at most the app's
 * `callTtl`; 0 would mean "never sent" on VoIP (sns-mobile-push, rule 2).
 */
export function ttlOf(app: App, wake: Wake, now: number): number {
  if (wake.kind === "notification") return app.notificationTtl;
  const left = Math.floor((PBX_PATIENCE - MARGIN - Math.max(0, now - wake.arrivedAt)) / 1000);
  return Math.max(MIN_CALL_TTL, Math.min(app.callTtl, left));
}

/**
 * The message for one attempt at a wake-up (docs/app-contract.md; sns-mobile-push, rules 2–5 and 7).
 * Fails with `ApnPayloadSize` or `GcmMessageTooBig` when it is larger than the vendor takes, byte for byte.
 */
export function composeMessage(app: App, wake: Wake, now: number): Result<Message, PostError> {
  const ttl = ttlOf(app, wake, now);
  const clear = { id: wake.id, type: wake.kind, sentAt: now, ttl, payload: wake.payload };
  if (app.platform === "CANARY") return canaryMessage(app, clear);
  return vendorOf(app.platform) === "fcm" ? fcmMessage(app, clear) : apnsMessage(app, clear);
}

interface Clear {
  readonly id: string;
  readonly type: EventKind;
  readonly sentAt: number;
  readonly ttl: number;
  readonly payload: string | undefined;
}

function apnsMessage(app: App, clear: Clear): Result<Message, PostError> {
  const payload = JSON.stringify({ aps: apsOf(app), ...clear });
  const size = Buffer.byteLength(payload);
  if (size > app.maxPayload) return tooBig(app, size);
  return ok({
    body: JSON.stringify({ default: "", [app.platform]: payload }),
    ttl: clear.ttl,
    attributes: {
      "AWS.SNS.MOBILE.APNS.PUSH_TYPE": isVoip(app.platform) ? "voip" : "alert",
      "AWS.SNS.MOBILE.APNS.PRIORITY": "10",
      "AWS.SNS.MOBILE.APNS.TOPIC": isVoip(app.platform) ? `${app.bundle}.voip` : app.bundle,
      "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": clear.id,
      [`AWS.SNS.MOBILE.${app.platform}.TTL`]: String(clear.ttl),
    },
  });
}

/** VoIP: nothing for the system to show. Alert: words for a phone whose app cannot decrypt. */
function apsOf(app: App): object {
  if (isVoip(app.platform)) return {};
  const { titleLocKey, locKey } = app.alert ?? { locKey: "PUSH_NOTIFICATION" };
  return { alert: { "title-loc-key": titleLocKey, "loc-key": locKey }, "mutable-content": 1, sound: "default" };
}

function fcmMessage(app: App, { id, type, sentAt, ttl, payload }: Clear): Result<Message, PostError> {
  const data = {
    id,
    type,
    sentAt: String(sentAt),
    ttl: String(ttl),
    ...(payload === undefined ? {} : { payload }),
  };
  const size = Object.entries(data).reduce((sum, entry) => sum + Buffer.byteLength(entry.join("")), 0);
  if (size > app.maxPayload) return tooBig(app, size);
  const message = { data, android: { priority: "high", ttl: `${String(ttl)}s` } };
  return ok({
    body: JSON.stringify({ default: "", GCM: JSON.stringify({ fcmV1Message: { message } }) }),
    ttl,
    attributes: { "AWS.SNS.MOBILE.FCM.TTL": String(ttl) },
  });
}

/** For a topic: every subscriber gets the clear part as JSON. */
function canaryMessage(app: App, clear: Clear): Result<Message, PostError> {
  const text = JSON.stringify(clear);
  const size = Buffer.byteLength(text);
  if (size > app.maxPayload) return tooBig(app, size);
  return ok({ body: JSON.stringify({ default: text }), ttl: clear.ttl, attributes: {} });
}

const tooBig = (app: App, size: number) =>
  fail(refusal(app, "too-big", `${String(size)} bytes, ${app.platform} takes ${String(app.maxPayload)}`));
