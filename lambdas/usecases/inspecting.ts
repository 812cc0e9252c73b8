import type { AuditEntry } from "../core/audit.ts";
import type { Refusal } from "../core/change.ts";
import type { Domain } from "../core/domain.ts";
import { accountKey } from "../core/names.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { Suppression } from "../core/suppression.ts";
import type { Domains, Page, Sought } from "../ports/domains.ts";
import type { LoggedInConnection, RefusedLogin, SocketActivity, Sockets } from "../ports/sockets.ts";
import type { Suppressions } from "../ports/suppressions.ts";
import { concerns } from "./watching.ts";

export interface InspectingPorts {
  readonly domains: Domains;
  readonly sockets: Sockets & SocketActivity;
  readonly suppressions: Suppressions;
}

/** A connection; `lastActiveAt` (Unix ms) where it was asked for and the socket is still there. */
export type ShownConnection = LoggedInConnection & { readonly lastActiveAt?: number };

export interface Shown {
  readonly domain: Domain;
  readonly connections: readonly ShownConnection[];
  /** The last refused login of each of its accounts, for a week. */
  readonly refusedLogins: readonly RefusedLogin[];
  /** Why its owner gets no mail. */
  readonly suppression?: Suppression;
  /** Newest first. */
  readonly history: readonly AuditEntry[];
}

/** What an operator looks at. All throw DependencyError. */
export interface Inspecting {
  list(limit: number, after?: string, only?: Sought): Promise<Page<Domain>>;
  /** @param activity asks API Gateway when each socket was last heard of, keepalives included */
  show(key: string, activity: boolean): Promise<Result<Shown, Refusal>>;
  /** Newest first; of a domain that is gone, too. */
  history(key: string, limit: number): Promise<readonly AuditEntry[]>;
  suppressions(limit: number, after?: string): Promise<Page<Suppression>>;
}

/** Entries of the history that `show` tells. */
const HISTORY = 50;
/** Sockets whose activity is asked for: one call each, drawn from the account's own bucket. */
const ASKED = 50;

export function inspecting({ domains, sockets, suppressions }: InspectingPorts): Inspecting {
  async function withActivity(connections: readonly LoggedInConnection[]): Promise<readonly ShownConnection[]> {
    const asked = connections.slice(0, ASKED).map(async (connection) => {
      const lastActiveAt = await sockets.lastActiveAt(connection.connectionId);
      return { ...connection, ...(lastActiveAt !== undefined && { lastActiveAt }) };
    });
    return [...(await Promise.all(asked)), ...connections.slice(ASKED)];
  }

  return {
    list: (limit, after, only) => domains.list(limit, after, only),

    async show(key, activity) {
      const domain = await domains.find(key);
      if (domain === undefined) return fail("unknown");
      const { domain: covering } = accountKey(key);
      const [connections, refusedLogins, history, suppression] = await Promise.all([
        sockets.ofDomain(covering),
        sockets.refusedLogins(covering),
        domains.history(key, HISTORY),
        domain.owner === undefined ? undefined : suppressions.find(domain.owner),
      ]);
      const own = connections.filter(({ login }) => concerns(login, key));
      return ok({
        domain,
        connections: activity ? await withActivity(own) : own,
        refusedLogins: refusedLogins.filter(({ account }) => key === covering || account === key),
        history,
        ...(suppression && { suppression }),
      });
    },

    history: (key, limit) => domains.history(key, limit),
    suppressions: (limit, after) => suppressions.list(limit, after),
  };
}
