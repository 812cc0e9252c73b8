import type { SocketRequest } from "../../middleware/socket.ts";
import type { PostRequest } from "../../usecases/push/post.ts";

/** One PushNotifyPost. The route only matches a JSON object with that `mt`, but another host may be less strict. */
export const pushHandler =
  (post: (request: PostRequest) => Promise<string>) =>
  ({ connectionId, text, arrivedAt }: SocketRequest): Promise<string> =>
    post({ connectionId, text, arrivedAt });
