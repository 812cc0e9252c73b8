import { DependencyError } from "../../../ports/errors.ts";
import type { RecentPostsReader, RecentPostsStore } from "../../../ports/domains.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";
import { dynamoTable, type Row } from "../shared/dynamo-table.ts";
import { pack, type Packed, unpack } from "./packed-posts.ts";

const keyOf = (domain: string) => ({ pk: `POSTS#${domain}`, sk: "POSTS" });
/** After the last post, in s. */
const LIFE_S = 30 * 86_400;

/** Recent posts in the core table, a row for each domain (docs/architecture.md, Tables). */
export function dynamoRecentPosts(client: FullDynamo, table: string): RecentPostsStore & RecentPostsReader {
  const core = dynamoTable(client, table);
  return {
    async find(domain) {
      const row = await core.get(keyOf(domain));
      if (row === undefined) return undefined;
      const { since, written, watched } = row as Row & Record<"since" | "written" | "watched", number>;
      return { domain, since, writtenAt: written, watchedUntil: watched, ...unpack(domain, row as unknown as Packed) };
    },

    async replace(posts, before) {
      const { domain, since, writtenAt, watchedUntil } = posts;
      const row = {
        ...keyOf(domain),
        since,
        written: writtenAt,
        watched: watchedUntil,
        ttl: toSeconds(writtenAt) + LIFE_S,
        ...pack(domain, posts),
      };
      const unchanged =
        before === undefined
          ? { when: "attribute_not_exists(pk)" }
          : { when: "written = :written", values: { written: before.writtenAt } };
      try {
        return (await core.put(row, unchanged)) === undefined;
      } catch (error) {
        // The row is gone: expired since it was read.
        if (error instanceof DependencyError && error.kind === "conflict") return false;
        throw error;
      }
    },
  };
}
