import type { AuditEntry } from "../../core/domains/audit.ts";
import type { Refusal } from "../../core/domains/change.ts";
import type { Domain } from "../../core/domains/domain.ts";
import { accountKey } from "../../core/shared/names.ts";
import { MOST_REFUSALS } from "../../core/pbx/refused-logins.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import type { Suppression } from "../../core/mail/suppression.ts";
import type { Domains, Page, Sought } from "../../ports/domains.ts";
import type { KeptRefusal, SocketActivity, Sockets } from "../../ports/pbx.ts";
import type { Suppressions } from "../../ports/mail.ts";
import { recordOf, type RecordNow, type RecordPorts } from "../domains/check-claim-record.ts";
import { refusalsOf, withActivity, type ShownConnection } from "../pbx/connection-details.ts";
import { concerns } from "../domains/close-connections.ts";

export interface InspectingPorts extends RecordPorts {
  readonly domains: Domains;
  readonly sockets: Sockets & SocketActivity;
  readonly suppressions: Suppressions;
}

export interface Shown {
  readonly domain: Domain;
  readonly connections: readonly ShownConnection[];
  /** The last refused logins, for a week, newest first: all that is kept (core/pbx/refused-logins.ts). */
  readonly refusedLogins: readonly KeptRefusal[];
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
  /** Looks now for the TXT record of the claim to a domain: `nothing` where nobody claims it. */
  record(key: string): Promise<Result<RecordNow, Refusal>>;
  /** Newest first; of a domain that is gone, too. */
  history(key: string, limit: number): Promise<readonly AuditEntry[]>;
  suppressions(limit: number, after?: string): Promise<Page<Suppression>>;
}

/** Entries of the history that `show` tells. */
const HISTORY = 50;
export function inspecting(ports: InspectingPorts): Inspecting {
  const { domains, sockets, suppressions } = ports;
  return {
    list: (limit, after, only) => domains.list(limit, after, only),

    async show(key, activity) {
      const domain = await domains.find(key);
      if (domain === undefined) return fail("unknown");
      const { domain: covering } = accountKey(key);
      const [connections, refusedLogins, history, suppression] = await Promise.all([
        sockets.ofDomain(covering),
        refusalsOf(sockets, key, MOST_REFUSALS),
        domains.history(key, HISTORY),
        domain.owner === undefined ? undefined : suppressions.find(domain.owner),
      ]);
      const own = connections.filter(({ login }) => concerns(login, key));
      return ok({
        domain,
        connections: activity ? await withActivity(sockets, own) : own,
        refusedLogins,
        history,
        ...(suppression && { suppression }),
      });
    },

    async record(key) {
      const domain = await domains.find(key);
      if (domain === undefined) return fail("unknown");
      return domain.claim === undefined ? fail("nothing") : ok(await recordOf(ports, domain));
    },

    history: (key, limit) => domains.history(key, limit),
    suppressions: (limit, after) => suppressions.list(limit, after),
  };
}
