import { createHash } from "node:crypto";
import { loginDigest } from "../pbx/digest.ts";

/** How far a run has come, in this order. */
export type CanaryStep = "account" | "connect" | "challenge" | "login" | "keepalive" | "post" | "arrival" | "rights";
/** The steps up to a working connection. */
export const CONNECTING = ["connect", "challenge", "login", "keepalive"] as const satisfies readonly CanaryStep[];

/** The canary's account: one label, so that it cannot be registered by email. */
export const CANARY_ACCOUNT = "canary";
/** The app that is reserved for it. */
export const CANARY_APP = "canary";
/** The token of its phone: the app, then digits in the form of Apple's. */
const TOKEN = `${CANARY_APP}:${"ca".repeat(32)}`;

/** The frames that the canary sends, as a PBX would (docs/protocol.md). */
export const frames = {
  challenge: () => ({ mt: "AppChallenge" }),
  login: (challenge: string, secret: string) => {
    const fields = { app: "ws", domain: CANARY_ACCOUNT, sip: "canary", guid: "", dn: "Canary", info: undefined };
    const { info: _, ...sent } = fields;
    return { mt: "AppLogin", ...sent, digest: loginDigest(fields, challenge, secret).toString("hex") };
  },
  keepAlive: () => ({ mt: "KeepAlive" }),
  /** @param run tells this wake-up from all others */
  post: (run: string) => ({ mt: "PushNotifyPost", src: run, token: TOKEN, run }),
} as const;

/**
 * Device token of an app's disabled endpoint: 64 hex digits, which SNS takes for APNs and FCM. Nobody else knows it, so
 * no post enables the endpoint.
 */
export const probeToken = (secret: string, appId: string): string =>
  createHash("sha256").update(`${appId}:${secret}`).digest("hex");

/** Whether the phone's message is the wake-up of this run. */
export function isWakeUp(message: string, run: string): boolean {
  try {
    const { payload } = JSON.parse(message) as Readonly<Record<string, unknown>>;
    return typeof payload === "string" && (JSON.parse(payload) as Readonly<Record<string, unknown>>)["run"] === run;
  } catch {
    return false; // no JSON, or null
  }
}
