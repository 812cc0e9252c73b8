import { parseLoggedEvent } from "../../core/domains/recent-posts.ts";
import type { LogEvent } from "../../middleware/logs.ts";
import type { PostRecorder } from "../../usecases/domains/record-posts.ts";

/** Log events of the push and the registration function; lines that say nothing about a domain's posts are skipped. */
export const recentPostsHandler = ({ take, flush }: PostRecorder) => ({
  flush,
  take: (events: readonly LogEvent[]): Promise<void> =>
    take(events.flatMap(({ id, message }) => parseLoggedEvent(id, message) ?? [])),
});
