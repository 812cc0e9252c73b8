import { endWithDomain, hasOutlived, lastEnd } from "../../core/domains/accounts.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Domains } from "../../ports/domains.ts";
import { deciding, type ChangingPorts } from "./commit-change.ts";

export interface EndingPorts extends ChangingPorts {
  readonly domains: Domains;
  readonly clock: Clock;
}

/** Of a history, so much is looked at: what lies further back had its own look. */
const RECENT = 100;

/**
 * Ends the accounts under a domain that were there when it last ended or changed hands. Its history tells, which is stored
 * together with every change. Their connections are left to the sweep that this is part of. Throws DependencyError.
 */
export function endingAccounts(ports: EndingPorts): (domain: string) => Promise<void> {
  const { domains, clock, telemetry } = ports;
  const step = deciding(ports, () => Promise.resolve());

  return async (domain) => {
    const accounts = await domains.accountsOf(domain);
    if (accounts.length === 0) return;
    const [history, now] = await Promise.all([domains.history(domain, RECENT), domains.find(domain)]);
    const end = lastEnd(history);
    if (end === undefined) return;
    for (const { key } of accounts.filter((account) => hasOutlived(account, now, end))) {
      const ended = await step(key, (account) => endWithDomain(account, now, end, clock.now()), (change) => change);
      if (ended.ok) telemetry.log("info", "ownership", { account: key, action: ended.value.action });
    }
  };
}
