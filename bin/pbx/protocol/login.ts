import { pbxError, type PbxFailure } from "../errors.ts";
import { loginFrame, type LoginOptions } from "./frames.ts";
import type { Message, Wire } from "./wire.ts";

/**
 * AppChallenge and AppLogin over an open wire (docs/protocol.md, Messages). Rejects with a PbxError: `refused`,
 * `unreachable` (silence for `timeoutMs`, or the connection ended) or `protocol`.
 */
export async function logIn(wire: Wire, url: URL, options: LoginOptions, timeoutMs: number): Promise<void> {
  const challenge = challengeOf(await ask(wire, '{"mt":"AppChallenge"}', "AppChallengeResult", timeoutMs));
  const { body, text } = await ask(wire, loginFrame(url, options, challenge), "AppLoginResult", timeoutMs);
  if (body.ok === true) return;
  const { error, errorText } = body;
  if (body.ok !== false || typeof error !== "string") {
    throw pbxError(`an AppLoginResult without a string error: ${text}`, { kind: "protocol" });
  }
  const words = typeof errorText === "string" ? errorText : "";
  throw pbxError(`login refused: ${error}${words && ` (${words})`}`, { kind: "refused", error, errorText: words });
}

function challengeOf({ body, text }: Message): string {
  const { challenge } = body;
  if ("sysClient" in body) throw pbxError("sysClient makes clients use an empty password", { kind: "protocol" });
  if (typeof challenge === "string" && /^[\x20-\x7e]{1,16}$/u.test(challenge)) return challenge;
  throw pbxError(`a challenge of 1 to 16 printable ASCII characters was due: ${text.slice(0, 200)}`, {
    kind: "protocol",
  });
}

/** Sends a request and waits for the message named `mt`; others in between are ignored. */
function ask(wire: Wire, request: string, mt: string, timeoutMs: number): Promise<Message> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, failure: PbxFailure) => {
      clearTimeout(timer);
      reject(pbxError(`${why} instead of ${mt}`, failure));
    };
    const timer = setTimeout(() => fail(`${timeoutMs} ms of silence`, { kind: "unreachable" }), timeoutMs);
    wire.hear({
      message: (message) => {
        if (message.mt !== mt) return;
        clearTimeout(timer);
        resolve(message);
      },
      violation: (what) => fail(what, { kind: "protocol" }),
    });
    void wire.closed.then(({ code, reason }) => fail(`end of connection (${code} ${reason})`, { kind: "unreachable" }));
    wire.send(request);
  });
}
