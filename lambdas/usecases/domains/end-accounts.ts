import { endWithDomain, hasOutlived, lastEnd } from "../../core/domains/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Domains } from "../../ports/domains.ts";
import { decideAndCommit, type CommitPorts } from "./commit-change.ts";

export interface EndAccountsPorts extends CommitPorts {
  readonly domains: Domains;
  readonly clock: Clock;
}

/** Most entries of a history that are read: older ones were dealt with in their time. */
const RECENT = 100;

/**
 * Ends the accounts under a domain that were there when it last ended or changed hands, according to its history, which
 * is stored with every change. Their connections are left to the sweep that this is part of. Throws DependencyError.
 */
export function endAccountsOf(ports: EndAccountsPorts): (domain: string) => Promise<void> {
  const { domains, clock, telemetry } = ports;
  const step = decideAndCommit(ports, () => Promise.resolve());

  return async (domain) => {
    const accounts = await domains.accountsOf(domain);
    if (accounts.length === 0) return;
    const [history, now] = await Promise.all([domains.history(domain, RECENT), domains.find(domain)]);
    const end = lastEnd(history);
    if (end === undefined) return;
    for (const { account } of accounts.filter((each) => hasOutlived(each, now))) {
      const ended = await step(
        account,
        (stored) => endWithDomain(stored, now, end, clock.now()),
        (change) => change,
      );
      if (ended.ok) telemetry.log("info", "ownership", { account, action: ended.value.action });
    }
  };
}
