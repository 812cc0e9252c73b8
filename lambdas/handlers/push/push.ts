import { parseFrame } from "../../core/pbx/frame.ts";
import type { SocketRequest } from "../../middleware/socket.ts";
import { postFailure, type PostRequest } from "../../usecases/push/post.ts";

/** One PushNotifyPost. The route only matches a JSON object with that `mt`, but another host may be less strict. */
export const pushHandler =
  (post: (request: PostRequest) => Promise<string>) =>
  async ({ connectionId, text, arrivedAt }: SocketRequest): Promise<string> => {
    const frame = parseFrame(text);
    return frame.ok ? post({ connectionId, frame: frame.value, arrivedAt }) : pushFailure(text);
  };

/** Last resort: a result all the same, so that the PBX does not wait in vain. */
export function pushFailure(text: string): string {
  const frame = parseFrame(text);
  return postFailure(frame.ok ? frame.value : undefined);
}
