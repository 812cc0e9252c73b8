import { isApple, isVoip, type Push } from "../types.ts";

/** What a phone does with a push, and why, in words for people. */
export interface Reaction {
  readonly does: "rings" | "shows" | "drops" | "kills the app";
  readonly why: string;
}

type Kind = "call" | "notification";

/**
 * What the app on the phone would do with a push that arrives at `now` (Unix ms), following docs/app-contract.md.
 * `seen`: ids of the pushes that this phone had before.
 */
export function phoneReaction(push: Push, now: number, seen: ReadonlySet<string> = new Set()): Reaction {
  const voip = isVoip(push.platform);
  const kind = kindOf(push);
  if (voip && kind !== "call") {
    return { does: "kills the app", why: `a VoIP push must be a call, this one is of type ${kind ?? "unknown"}` };
  }
  if (kind === undefined) return { does: "drops", why: "the type is unknown to the app" };
  // iOS requires each VoIP push to be reported, so the app reports such a call and ends it immediately.
  const quietly = voip ? "; reported to iOS and ended at once" : "";
  const id = idOf(push);
  if (id !== undefined && seen.has(id)) return { does: "drops", why: `a double: id ${id} was here before${quietly}` };
  const late = lateBy(push, now);
  if (late !== undefined) return { does: "drops", why: `stale by ${(late / 1000).toFixed(1)} s${quietly}` };
  if (kind === "call" && (voip || push.platform === "GCM")) return { does: "rings", why: "a call, in time" };
  return {
    does: "shows",
    why: kind === "call" ? "a call, but this app can only show an alert" : "a notification, in time",
  };
}

/** The stable id in the clear part of a payload. */
export const idOf = (push: Push): string | undefined => text(push.payload["id"]);

/** `type`, or by the app's platform if absent; undefined for an unknown type. */
function kindOf(push: Push): Kind | undefined {
  const type = text(push.payload["type"]);
  if (type === "call" || type === "notification") return type;
  if (type !== undefined) return undefined;
  return isApple(push.platform) && !isVoip(push.platform) ? "notification" : "call";
}

/** By how many ms the push arrived after its expiry, from `sentAt` (Unix ms) and `ttl` (s) in the clear part. */
function lateBy(push: Push, now: number): number | undefined {
  const [sentAt, ttl] = [number(push.payload["sentAt"]), number(push.payload["ttl"])];
  if (sentAt === undefined || ttl === undefined) return undefined;
  const late = now - (sentAt + ttl * 1000);
  return late > 0 ? late : undefined;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** A number, or a string of one: all values of an FCM message are strings. */
function number(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d{1,16}$/u.test(value) ? Number(value) : undefined;
}
