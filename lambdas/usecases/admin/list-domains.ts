import type { SeenDomain } from "../../core/admin/views.ts";
import type { Domain } from "../../core/domains/domain.ts";
import { partsOf, type Wanted } from "../../core/domains/lists.ts";
import { lastPostOf, viewPosts } from "../../core/domains/recent-posts.ts";
import { accountKey } from "../../core/shared/names.ts";
import type { DomainLists, Presence } from "../../ports/admin.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Page, RecentPostsLists } from "../../ports/domains.ts";

export interface ListDomainsPorts {
  readonly lists: DomainLists;
  readonly presence: Presence;
  readonly recentPosts: RecentPostsLists;
  readonly clock: Pick<Clock, "now">;
}

/** Domains of one page: each takes one item, and one more for whether it is connected or when it last posted. */
const PAGE = 50;

/** Pages of domains as the console shows them, each from at most 100 items. All throw DependencyError. */
export interface ListDomains {
  /** `connected`: all domains, 50 at a time, without those that are certainly not connected. */
  page(wanted: Wanted | "connected", after?: string): Promise<Page<SeenDomain>>;
  /** Claimed domains. */
  claims(after?: string): Promise<Page<Domain>>;
}

export function listDomains({ lists, presence, recentPosts, clock }: ListDomainsPorts): ListDomains {
  /** When each of these last posted, by account; the query for connections has left one item per domain to read. */
  async function lastPosts(domains: readonly Domain[]): Promise<ReadonlyMap<string, number | undefined>> {
    const covering = new Set(domains.map(({ account }) => accountKey(account).domain));
    const found = await recentPosts.findAll([...covering]);
    const byDomain = new Map(found.map((posts) => [posts.domain, posts]));
    return new Map(
      domains.map(({ account, secrets }) => {
        const posts = byDomain.get(accountKey(account).domain);
        return [account, posts && lastPostOf(viewPosts(posts, account, secrets, clock.now()))];
      }),
    );
  }

  return {
    async page(wanted, after) {
      const parts = partsOf(wanted === "connected" ? { search: "" } : wanted);
      const { items, next } = await lists.page(parts, PAGE, after);
      // A domain that has never logged in is not connected: no need to look.
      const used = items.filter(({ firstLoginAt }) => firstLoginAt !== undefined);
      const connected = await presence.connected(used.map(({ account }) => accountKey(account)));
      const offline = used.filter(({ account }) => connected.get(account) === false);
      const posted = wanted === "connected" ? undefined : await lastPosts(offline);
      const listed = items.map((domain): SeenDomain => {
        const { account, firstLoginAt } = domain;
        const lastPostAt = posted?.get(account);
        return {
          domain,
          connected: firstLoginAt === undefined ? false : connected.get(account),
          ...(lastPostAt !== undefined && { lastPostAt }),
        };
      });
      const shown = wanted === "connected" ? listed.filter((each) => each.connected !== false) : listed;
      return { items: shown, next };
    },

    claims: (after) => lists.page(partsOf({ list: "claimed" }), PAGE, after),
  };
}
