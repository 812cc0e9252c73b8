import type { AuditEntry } from "../../core/domains/audit.ts";
import type { RuleViolation } from "../../core/domains/change.ts";
import type { Domain } from "../../core/domains/domain.ts";
import { accountKey } from "../../core/shared/names.ts";
import { MAX_REFUSED_LOGINS } from "../../core/pbx/refused-logins.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import { isSuppressed, suppressedUntil, type Suppression } from "../../core/mail/suppression.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Domains, Page, ListFilter } from "../../ports/domains.ts";
import type { KeptRefusedLogin, LoggedInConnection, SocketActivity, Sockets } from "../../ports/pbx.ts";
import type { Suppressions } from "../../ports/mail.ts";
import { recordOf, type RecordNow, type RecordPorts } from "../domains/check-claim-record.ts";
import { refusedLoginsOf, withActivity, type ConnectionDetails } from "../pbx/connection-details.ts";
import { isCoveredBy } from "../domains/close-connections.ts";

export interface QueryPorts extends RecordPorts {
  readonly domains: Domains;
  readonly sockets: Sockets & SocketActivity;
  readonly suppressions: Suppressions;
  readonly clock: Clock;
}

/** `until` in Unix ms; without, until an operator allows the address again. */
export type SuppressionView = Suppression & { readonly until?: number };

export interface DomainDetails {
  readonly domain: Domain;
  readonly connections: readonly ConnectionDetails[];
  /** The last refused logins, for a week, newest first: all that is kept (core/pbx/refused-logins.ts). */
  readonly refusedLogins: readonly KeptRefusedLogin[];
  /** Why its owner gets no mail. */
  readonly suppression?: SuppressionView;
  /** Newest first. */
  readonly history: readonly AuditEntry[];
}

/** What an operator looks at. All throw DependencyError. */
export interface OperatorQueries {
  list(limit: number, after?: string, only?: ListFilter): Promise<Page<Domain>>;
  /** How many PBXes are connected as each of some domains or accounts, in their order. */
  connected(domains: readonly Domain[]): Promise<readonly number[]>;
  /** @param activity asks API Gateway when each socket was last heard of, keepalives included */
  show(account: string, activity: boolean): Promise<Result<DomainDetails, RuleViolation>>;
  /** Looks now for the TXT record of the claim to a domain: `nothing` where nobody claims it. */
  record(account: string): Promise<Result<RecordNow, RuleViolation>>;
  /** Newest first; of a domain that is gone, too. `unknown` where there never was one, as far as is kept. */
  history(account: string, limit: number): Promise<Result<readonly AuditEntry[], RuleViolation>>;
  /** A page may hold fewer than there are, even none. */
  suppressions(limit: number, after?: string): Promise<Page<SuppressionView>>;
}

/** Entries of the history that `show` returns. */
const HISTORY = 50;
/** Domains whose connections are read at the same time. */
const AT_ONCE = 20;

export function operatorQueries(ports: QueryPorts): OperatorQueries {
  const { domains, sockets, suppressions, clock } = ports;

  function suppressionView(suppression: Suppression | undefined): readonly SuppressionView[] {
    if (!isSuppressed(suppression, clock.now())) return [];
    const until = suppressedUntil(suppression);
    return [{ ...suppression, ...(until !== undefined && { until }) }];
  }

  return {
    list: (limit, after, only) => domains.list(limit, after, only),

    async connected(all) {
      const covering = [...new Set(all.map(({ account }) => accountKey(account).domain))];
      const connections = new Map<string, readonly LoggedInConnection[]>();
      for (let start = 0; start < covering.length; start += AT_ONCE) {
        const some = covering.slice(start, start + AT_ONCE);
        const found = await Promise.all(some.map((domain) => sockets.ofDomain(domain)));
        for (const [index, domain] of some.entries()) connections.set(domain, found[index] ?? []);
      }
      return all.map(({ account }) => {
        const own = connections.get(accountKey(account).domain) ?? [];
        return own.filter(({ login }) => isCoveredBy(login, account)).length;
      });
    },

    async show(account, activity) {
      const domain = await domains.find(account);
      if (domain === undefined) return fail("unknown");
      const { domain: covering } = accountKey(account);
      const [connections, refusedLogins, history, stored] = await Promise.all([
        sockets.ofDomain(covering),
        refusedLoginsOf(sockets, account, MAX_REFUSED_LOGINS),
        domains.history(account, HISTORY),
        domain.owner === undefined ? undefined : suppressions.find(domain.owner),
      ]);
      const [suppression] = suppressionView(stored);
      const own = connections.filter(({ login }) => isCoveredBy(login, account));
      return ok({
        domain,
        connections: activity ? await withActivity(sockets, own) : own,
        refusedLogins,
        history,
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
