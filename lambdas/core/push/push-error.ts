import { type App, type Platform, vendorOf } from "./apps.ts";

/** The published `err` names that this service answers with (docs/protocol.md, err names; spelt as published). */
export type PushErr =
  | "UnknownApp"
  | "Malformed"
  | "Uninstalled"
  | "DatabaseErr"
  | "ApnError"
  | "ApnServiceDown"
  | "ApnInvalidToken"
  | "ApnPayloadSize"
  | "ApnProcessingErr"
  | "GcmServerError"
  | "GcmAuthentication"
  | "GcmInvalidReg"
  | "GcmNotRegistered"
  | "GcmMessageTooBig"
  | "GcmDeviceRate"
  | "GcmBadRequest";

/** Why a wake-up was not accepted, in our words; `errOf` has the published name for each. */
export type PushErrorReason =
  /** The vendor no longer knows the token. */
  | "gone"
  /** The token is not one of the vendor's. */
  | "bad-token"
  /** The vendor's credential is refused, or the application is switched off. */
  | "application-down"
  | "too-big"
  /** Too many requests, even after retries. */
  | "throttled"
  /** A limit of ours holds this sender back. */
  | "limited"
  /** The vendor keeps refusing what this account sends to this token. */
  | "bad-message"
  /** 5xx, lost connection or time-out, even after retries. */
  | "failed";

const names: Readonly<Record<PushErrorReason, { readonly apns: PushErr; readonly fcm: PushErr }>> = {
  gone: { apns: "Uninstalled", fcm: "GcmNotRegistered" },
  "bad-token": { apns: "ApnInvalidToken", fcm: "GcmInvalidReg" },
  "application-down": { apns: "ApnServiceDown", fcm: "GcmAuthentication" },
  "too-big": { apns: "ApnPayloadSize", fcm: "GcmMessageTooBig" },
  throttled: { apns: "ApnServiceDown", fcm: "GcmDeviceRate" },
  limited: { apns: "ApnProcessingErr", fcm: "GcmDeviceRate" },
  "bad-message": { apns: "ApnProcessingErr", fcm: "GcmBadRequest" },
  failed: { apns: "ApnError", fcm: "GcmServerError" },
};

/** Source: docs/sns.md, Errors of Publish. */
export const errOf = (platform: Platform, reason: PushErrorReason): PushErr => names[reason][vendorOf(platform)];

/** Errors that neither the sender nor the token caused: something is wrong with us, AWS or a vendor. */
const TROUBLE: ReadonlySet<PushErr> = new Set([
  "DatabaseErr",
  "ApnError",
  "ApnServiceDown",
  "GcmServerError",
  "GcmAuthentication",
  "GcmDeviceRate",
]);
export const isTrouble = ({ err, ours }: PushError): boolean => ours !== true && TROUBLE.has(err);

/** What a PBX gets when a wake-up was not accepted: `err` by name, `info` in words for a person. */
export interface PushError {
  readonly err: PushErr;
  readonly info: string;
  /** A limit of ours refused it, which the PBX learns only from `info`. */
  readonly ours?: true;
}

export const pushError = (app: App, reason: PushErrorReason, info: string): PushError => ({
  err: errOf(app.platform, reason),
  info,
});

/** A limit of ours holds one sender back, which needs nobody's attention. */
export const limitError = (app: App, info: string): PushError => ({
  ...pushError(app, "limited", `limit of this service: ${info}, nothing was sent`),
  ours: true,
});
