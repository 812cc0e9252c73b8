import { jsonObject } from "../../local/aws/json.ts";
import type { PushErr } from "../../lambdas/core/push/push-error.ts";

/** What no answer may contain: traces of where in the code it failed. */
const TRACE = /\bat \S+ \(|node:internal|\.tsx?:\d+|\bTypeError\b|\bSyntaxError\b|\bRangeError\b|\[object Object\]/u;

/** Fails if a text reveals internals. What the client itself sent may come back, so it is removed first. */
export function showsNoInsides(answer: string, sent: string): void {
  const trace = TRACE.exec(answer)?.[0];
  if (trace !== undefined && !sent.includes(trace))
    throw new Error(`the answer shows ${trace}: ${answer.slice(0, 300)}`);
}

const REPLIES: ReadonlySet<string> = new Set([
  "CheckBuildResult",
  "AppChallengeResult",
  "AppLoginResult",
  "AppInfoResult",
  "KeepAliveResult",
  "PushNotifyPostResult",
  "Error",
]);
const ERRS: ReadonlySet<string> = new Set<PushErr>([
  "UnknownApp",
  "Malformed",
  "Uninstalled",
  "DatabaseErr",
  "ApnError",
  "ApnServiceDown",
  "ApnInvalidToken",
  "ApnPayloadSize",
  "ApnProcessingErr",
  "GcmServerError",
  "GcmAuthentication",
  "GcmInvalidReg",
  "GcmNotRegistered",
  "GcmMessageTooBig",
  "GcmDeviceRate",
  "GcmBadRequest",
]);

/** Fails unless a reply is a protocol message that answers this frame. */
export function isReply(reply: string, frame: string): void {
  const message = JSON.parse(reply) as Readonly<Record<string, unknown>>;
  const fail = (why: string) => new Error(`${why}: ${reply.slice(0, 300)}`);
  if (!REPLIES.has(String(message["mt"]))) throw fail("not a message of the protocol");
  const asked = jsonObject(frame);
  for (const name of ["api", "src"]) {
    const [sent, came] = [JSON.stringify(asked?.[name]), JSON.stringify(message[name])];
    if (sent !== came) throw fail(`${name} ${String(sent)} came back as ${String(came)}`);
  }
  const { mt, err, ok, error } = message;
  if (mt === "PushNotifyPostResult" && err !== undefined && !(typeof err === "string" && ERRS.has(err)))
    throw fail("an err that no PBX knows");
  if (mt === "AppLoginResult" && typeof error !== "string" && ok !== true) throw fail("error must be a text");
  if (message["sysClient"] !== undefined) throw fail("sysClient makes a client log in without a password");
}
