import type { DomainDetails, SuppressionView } from "../../core/admin/views.ts";
import type { AuditEntry } from "../../core/domains/audit.ts";
import type { RuleViolation } from "../../core/domains/change.ts";
import type { Domain } from "../../core/domains/domain.ts";
import { lastPostOf, viewPosts, type PostsView } from "../../core/domains/recent-posts.ts";
import { accountKey } from "../../core/shared/names.ts";
import { MAX_REFUSED_LOGINS } from "../../core/pbx/refused-logins.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import { isSuppressed, suppressedUntil, type Suppression } from "../../core/mail/suppression.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Domains, Page, ListFilter, RecentPostsReader } from "../../ports/domains.ts";
import type { SocketActivity, Sockets } from "../../ports/pbx.ts";
import type { Suppressions } from "../../ports/mail.ts";
import type { RecordNow } from "../../core/domains/proof/txt-proof.ts";
import { recordOf, type RecordPorts } from "../domains/look-up-record.ts";
import { refusedLoginsOf, withActivity } from "../pbx/connection-details.ts";
import { isCoveredBy } from "../domains/close-connections.ts";

export interface QueryPorts extends RecordPorts {
  readonly domains: Domains;
  readonly sockets: Sockets & SocketActivity;
  readonly suppressions: Suppressions;
  readonly recentPosts: RecentPostsReader;
  readonly clock: Clock;
}

/** A domain in a list; with `offline`, `lastPostAt` (Unix ms) if it has posted in the last 30 days. */
export type ListedDomain = Domain & { readonly lastPostAt?: number };

/** What an operator can look at. All throw DependencyError. */
export interface OperatorQueries {
  /** @param offline only those with no PBX connected; a page may hold fewer than `limit`, even none */
  list(limit: number, after?: string, only?: ListFilter, offline?: boolean): Promise<Page<ListedDomain>>;
  /** @param activity asks API Gateway when each socket was last active, keepalives included */
  show(account: string, activity: boolean): Promise<Result<DomainDetails, RuleViolation>>;
  /** Looks up the TXT record of the claim to a domain; `nothing` if nobody claims it. */
  record(account: string): Promise<Result<RecordNow, RuleViolation>>;
  /** Newest first, even of a deleted domain. `unknown` if none is known to have existed. */
  history(account: string, limit: number): Promise<Result<readonly AuditEntry[], RuleViolation>>;
  /** A page may hold fewer than `limit`, even none. */
  suppressions(limit: number, after?: string): Promise<Page<SuppressionView>>;
}

/** Entries of the history that `show` returns. */
const HISTORY = 50;
/** Domains whose connections are looked up at a time. */
const AT_ONCE = 25;

export function operatorQueries(ports: QueryPorts): OperatorQueries {
  const { domains, sockets, suppressions, recentPosts, clock } = ports;

  function suppressionView(suppression: Suppression | undefined): readonly SuppressionView[] {
    if (!isSuppressed(suppression, clock.now())) return [];
    return [{ ...suppression, until: suppressedUntil(suppression) }];
  }

  async function postsOf({ account, secrets }: Domain): Promise<PostsView | undefined> {
    const kept = await recentPosts.find(accountKey(account).domain);
    return kept && viewPosts(kept, account, secrets, clock.now());
  }

  /** Undefined: a PBX is connected. */
  async function ifOffline(domain: Domain): Promise<ListedDomain | undefined> {
    const { account } = domain;
    const connections = await sockets.ofDomain(accountKey(account).domain);
    if (connections.some(({ login }) => isCoveredBy(login, account))) return undefined;
    const posts = await postsOf(domain);
    const lastPostAt = posts && lastPostOf(posts);
    return { ...domain, ...(lastPostAt !== undefined && { lastPostAt }) };
  }

  return {
    async list(limit, after, only, offline = false) {
      const page = await domains.list(limit, after, only);
      if (!offline) return page;
      const items: ListedDomain[] = [];
      for (let i = 0; i < page.items.length; i += AT_ONCE) {
        const asked = await Promise.all(page.items.slice(i, i + AT_ONCE).map(ifOffline));
        items.push(...asked.flatMap((each) => each ?? []));
      }
      return { ...page, items };
    },

    async show(account, activity) {
      const domain = await domains.find(account);
      if (domain === undefined) return fail("unknown");
      const { domain: covering } = accountKey(account);
      const [connections, refusedLogins, history, stored, posts] = await Promise.all([
        sockets.ofDomain(covering),
        refusedLoginsOf(sockets, account, MAX_REFUSED_LOGINS),
        domains.history(account, HISTORY),
        domain.owner === undefined ? undefined : suppressions.find(domain.owner),
        postsOf(domain),
      ]);
      const [suppression] = suppressionView(stored);
      const own = connections.filter(({ login }) => isCoveredBy(login, account));
      return ok({
        domain,
        connections: activity ? await withActivity(sockets, own) : own,
        refusedLogins,
        history,
        ...(posts && { posts }),
        ...(suppression && { suppression }),
      });
    },

    async record(account) {
      const domain = await domains.find(account);
      if (domain === undefined) return fail("unknown");
      return domain.claim === undefined ? fail("nothing") : ok(await recordOf(ports, domain));
    },

    async history(account, limit) {
      const history = await domains.history(account, limit);
      return history.length > 0 || (await domains.find(account)) !== undefined ? ok(history) : fail("unknown");
    },

    async suppressions(limit, after) {
      const { items, next } = await suppressions.list(limit, after);
      return { items: items.flatMap(suppressionView), next };
    },
  };
}
