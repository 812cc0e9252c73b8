import type { RecentPosts } from "../../../core/domains/recent-posts.ts";
import { DependencyError } from "../../../ports/errors.ts";
import type { RecentPostsLists, RecentPostsReader, RecentPostsStore } from "../../../ports/domains.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";
import { batchGet, dynamoTable, type Row } from "../shared/dynamo-table.ts";
import { pack, type Packed, unpack } from "./packed-posts.ts";

const PREFIX = "POSTS#";
const keyOf = (domain: string) => ({ pk: PREFIX + domain, sk: "POSTS" });
/** How long a row is kept after the last post, in s. */
const LIFE_S = 30 * 86_400;

/** Recent posts in the core table, a row for each domain (docs/architecture.md, Tables). */
export function dynamoRecentPosts(
  client: FullDynamo,
  table: string,
): RecentPostsStore & RecentPostsReader & RecentPostsLists {
  const core = dynamoTable(client, table);
  return {
    async find(domain) {
      const row = await core.get(keyOf(domain));
      return row && toPosts(domain, row);
    },

    async findAll(domains) {
      if (domains.length === 0) return [];
      const rows = await batchGet(client, { [table]: domains.map(keyOf) });
      return rows(table).map((row) => toPosts(String(row["pk"]).slice(PREFIX.length), row));
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

function toPosts(domain: string, row: Row): RecentPosts {
  const { since, written, watched } = row as Row & Record<"since" | "written" | "watched", number>;
  return { domain, since, writtenAt: written, watchedUntil: watched, ...unpack(domain, row as unknown as Packed) };
}
