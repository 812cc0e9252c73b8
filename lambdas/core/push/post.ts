import { type App, type EventKind, isVoip, vendorOf } from "./apps.ts";
import { stringOf, type Frame } from "../pbx/frame.ts";
import type { PushError } from "./push-error.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/** A PushNotifyPost as it stood in the frame. */
export interface Post {
  readonly token: string;
  /** `type`, if it is a string; the only passed-on member that is read. */
  readonly type: string | undefined;
  /** The passed-on members as one JSON text, each exactly as the PBX sent it; undefined if there were none. */
  readonly payload: string | undefined;
}

const OURS = new Set(["mt", "api", "src", "token"]);

/** Fails with `Malformed` if the token is not a non-empty string. */
export function parsePost(frame: Frame): Result<Post, PushError> {
  const token = stringOf(frame, "token");
  if (token === undefined || token === "") return fail({ err: "Malformed", info: "token must be a non-empty string" });
  const passedOn = frame.members.filter(({ name }) => !OURS.has(name));
  const payload = passedOn.length === 0 ? undefined : `{${passedOn.map(({ text }) => text).join(",")}}`;
  return ok({ token, type: stringOf(frame, "type"), payload });
}

/**
 * What kind of event a post is. `type` decides if it says so, else the token's app (docs/protocol.md, What the phone
 * receives). A `type` that contradicts the app is `Malformed`: a notification must never reach a VoIP token.
 */
export function kindOf(type: string | undefined, app: App): Result<EventKind, PushError> {
  const kind = type === "call" || type === "notification" ? type : undefined;
  if (vendorOf(app.platform) === "fcm") return ok(kind ?? "call");
  const fitting = isVoip(app.platform) ? "call" : "notification";
  if (kind === undefined || kind === fitting) return ok(fitting);
  return fail({ err: "Malformed", info: `app ${app.id} takes type ${fitting} only, not ${kind}` });
}
