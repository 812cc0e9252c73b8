import { parseFrame, replyText } from "../../core/pbx/frame.ts";
import { REFUSED, type SocketRequest } from "../../middleware/socket.ts";
import type { PbxSession } from "../../usecases/pbx/session.ts";

/** Everything that a socket does except posts. */
export const sessionHandler =
  (session: PbxSession) =>
  async ({ kind, connectionId, source, text }: SocketRequest): Promise<string | typeof REFUSED | undefined> => {
    if (kind === "connect") return (await session.opened(connectionId, source)) ? undefined : REFUSED;
    if (kind === "disconnect") await session.closed(connectionId);
    else return session.received(connectionId, text);
    return undefined;
  };

/** Last resort, after an unexpected error. */
export function sessionFailure(text: string): string {
  const frame = parseFrame(text);
  const reply = { mt: "Error", error: "InternalError", errorText: "this message could not be handled" };
  return replyText(reply, frame.ok ? frame.value : undefined);
}
