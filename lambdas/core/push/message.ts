import { type App, type EventKind, isVoip, type Platform } from "./apps.ts";
import { pushError, type PushError } from "./push-error.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/** How long the PBX waits for a phone, from its frame on, in ms. */
const PBX_PATIENCE_MS = 10_000; // 10 seconds
/** Margin that lets a call wake-up expire before the PBX gives up, in ms. */
const MARGIN_MS = 1_000; // 1 second
const MIN_CALL_TTL_S = 2; // seconds

/** A wake-up on its way to a phone: one post, whatever its number of attempts. */
export interface Wake {
  /** The same for all attempts, so that an app can drop duplicates; 22 characters of base64url. */
  readonly id: string;
  readonly kind: EventKind;
  readonly payload: string | undefined;
  /** When the post's frame reached us, Unix ms. */
  readonly arrivedAt: number;
}

/** A wake-up's id from a UUID. */
export const wakeId = (uuid: string): string => Buffer.from(uuid.replaceAll("-", ""), "hex").toString("base64url");

/** What a vendor gets for one attempt at a wake-up, in the vendor's terms; the dispatcher picks the channel. */
export type Message = ApnsMessage | FcmMessage | CanaryMessage;

interface Lasting {
  /** Life of the wake-up in s. */
  readonly ttl: number;
}

/** One request to APNs: its body and what its headers say. */
export interface ApnsMessage extends Lasting {
  readonly platform: Exclude<Platform, "GCM" | "CANARY">;
  /** JSON text. */
  readonly payload: string;
  readonly pushType: "alert" | "voip";
  readonly priority: 10;
  readonly topic: string;
  readonly collapseId: string;
}

/** One `message` of FCM v1, without its `token`. */
interface FcmMessage extends Lasting {
  readonly platform: "GCM";
  readonly message: {
    readonly data: Readonly<Record<string, string>>;
    readonly android: { readonly priority: "high"; readonly ttl: string };
  };
}

/** For the canary: the text that every subscriber of its topic gets. */
interface CanaryMessage extends Lasting {
  readonly platform: "CANARY";
  readonly payload: string;
}

/**
 * Life of a wake-up sent now, in s. A call lives until just before the PBX gives up, at least 2 and at most the app's
 * `callTtl`; 0 would mean "never sent" on VoIP (docs/sns.md, rule 2).
 */
export function ttlOf(app: App, wake: Wake, now: number): number {
  if (wake.kind === "notification") return app.notificationTtl;
  const left = Math.floor((PBX_PATIENCE_MS - MARGIN_MS - Math.max(0, now - wake.arrivedAt)) / 1000);
  return Math.max(MIN_CALL_TTL_S, Math.min(app.callTtl, left));
}

/**
 * The message for one attempt at a wake-up (docs/app-contract.md; docs/sns.md, rule 2–5 and 7). Fails with
 * `ApnPayloadSize` or `GcmMessageTooBig` when it has more bytes than the vendor takes.
 */
export function composeMessage(app: App, wake: Wake, now: number): Result<Message, PushError> {
  const { platform } = app;
  const ttl = ttlOf(app, wake, now);
  const clear = { id: wake.id, type: wake.kind, sentAt: now, ttl, payload: wake.payload };
  if (platform === "CANARY") return canaryMessage(app, clear);
  return platform === "GCM" ? fcmMessage(app, clear) : apnsMessage(app, platform, clear);
}

interface Clear {
  readonly id: string;
  readonly type: EventKind;
  readonly sentAt: number;
  readonly ttl: number;
  readonly payload: string | undefined;
}

function apnsMessage(app: App, platform: ApnsMessage["platform"], clear: Clear): Result<ApnsMessage, PushError> {
  const voip = isVoip(platform);
  const payload = JSON.stringify({ aps: apsOf(app), ...clear });
  const size = Buffer.byteLength(payload);
  if (size > app.maxPayload) return tooBig(app, size);
  return ok({
    platform,
    payload,
    pushType: voip ? "voip" : "alert",
    priority: 10,
    topic: voip ? `${app.bundle}.voip` : app.bundle,
    collapseId: clear.id,
    ttl: clear.ttl,
  });
}

/** VoIP: nothing for the system to show. Alert: words for a phone whose app cannot decrypt. */
function apsOf(app: App): object {
  if (isVoip(app.platform)) return {};
  const { titleLocKey, locKey } = app.alert ?? { locKey: "PUSH_NOTIFICATION" };
  return { alert: { "title-loc-key": titleLocKey, "loc-key": locKey }, "mutable-content": 1, sound: "default" };
}

function fcmMessage(app: App, { id, type, sentAt, ttl, payload }: Clear): Result<FcmMessage, PushError> {
  const data = { id, type, sentAt: String(sentAt), ttl: String(ttl), ...(payload === undefined ? {} : { payload }) };
  const size = Object.entries(data).reduce((sum, entry) => sum + Buffer.byteLength(entry.join("")), 0);
  if (size > app.maxPayload) return tooBig(app, size);
  return ok({ platform: "GCM", message: { data, android: { priority: "high", ttl: `${String(ttl)}s` } }, ttl });
}

function canaryMessage(app: App, clear: Clear): Result<CanaryMessage, PushError> {
  const payload = JSON.stringify(clear);
  const size = Buffer.byteLength(payload);
  return size > app.maxPayload ? tooBig(app, size) : ok({ platform: "CANARY", payload, ttl: clear.ttl });
}

const tooBig = (app: App, size: number) =>
  fail(pushError(app, "too-big", `${String(size)} bytes, ${app.platform} takes ${String(app.maxPayload)}`));
