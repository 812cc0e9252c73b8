import type { Change } from "../../core/domains/change.ts";
import { announcementOf, overdue, type Announced } from "../../core/domains/expiry.ts";
import { usedBy, type Domain } from "../../core/domains/domain.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Domains, NoticeQueue, Notices } from "../../ports/domains.ts";
import type { Sweeps } from "../../ports/pbx.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { ATTEMPTS, commitChange } from "./commit-change.ts";

export interface DomainUpkeepPorts {
  readonly domains: Domains;
  readonly notices: Pick<Notices, "find">;
  readonly noticeQueue: NoticeQueue;
  readonly sweeps: Sweeps;
  /** Continues with the next page, in a message of its own. */
  readonly goOn: (after: string) => Promise<void>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Changes to domains by time and by PBXes. All throw DependencyError. */
export interface DomainUpkeep {
  /** A PBX has logged in with a secret for the first time; the account may have been deleted or changed since. */
  loggedIn(account: string, secretId: string): Promise<void>;
  /** Once a day: goes through a page of all domains and takes each one's next step. */
  tidy(after?: string): Promise<void>;
}

/** Domains of one page: each may need a change, and a function has only seconds. */
const PAGE = 100;

export function domainUpkeep(ports: DomainUpkeepPorts): DomainUpkeep {
  const { domains, notices, clock, telemetry, goOn } = ports;
  const commit = commitChange(ports);

  /** Lost the race; the next daily run retries. */
  async function take(change: Change | undefined): Promise<void> {
    if (change === undefined || (await commit(change)) === "conflict") return;
    telemetry.metric("Ownership", 1, { outcome: change.action });
    telemetry.log("info", "ownership", { account: change.account, action: change.action });
  }

  /** Undefined: its email has not been sent, or that is no longer known. */
  async function announced(domain: Domain): Promise<Announced | undefined> {
    const { mail, mailAt: at } = (await notices.find(announcementOf(domain))) ?? {};
    if (mail === "sent" && at !== undefined) return { mail, at };
    return mail === "suppressed" ? { mail } : undefined;
  }

  async function checkOne(listed: Domain): Promise<void> {
    if (overdue(listed, clock.now()) === undefined) return;
    // A list may lag behind.
    const domain = await domains.find(listed.account);
    if (domain === undefined) return;
    const notice = domain.endsAt === undefined ? undefined : await announced(domain);
    await take(overdue(domain, clock.now(), notice));
  }

  return {
    async loggedIn(account, secretId) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const domain = await domains.find(account);
        if (domain === undefined) return;
        const after = usedBy(domain, secretId, clock.now());
        if (after === undefined || (await domains.saveUse(domain, after)) === "stored") return;
      }
      // The next login reports it again.
      telemetry.log("warn", "first login with a secret not stored", { account });
    },

    async tidy(after) {
      const { items, next } = await domains.list(PAGE, after);
      await domains.relist(items.map(({ account }) => account));
      for (const domain of items) await checkOne(domain);
      if (next !== undefined) await goOn(next);
    },
  };
}
