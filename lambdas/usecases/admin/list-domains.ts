import type { Domain } from "../../core/domains/domain.ts";
import { partsOf, type Wanted } from "../../core/domains/lists.ts";
import { accountKey } from "../../core/shared/names.ts";
import type { DomainLists, Presence } from "../../ports/admin.ts";
import type { Page } from "../../ports/domains.ts";

export interface ListDomainsPorts {
  readonly lists: DomainLists;
  readonly presence: Presence;
}

export interface DomainWithPresence {
  readonly domain: Domain;
  /** Undefined: not known (ports/admin.ts). */
  readonly connected: boolean | undefined;
}

/** Domains of one page: each costs one item, and one more that tells whether it is connected. */
const PAGE = 50;

/** Pages of domains as the console shows them: 100 items are read for one at most. All throw DependencyError. */
export interface ListDomains {
  /** `connected`: all domains, 50 at a time, without those that are certainly not connected. */
  page(wanted: Wanted | "connected", after?: string): Promise<Page<DomainWithPresence>>;
  /** Those that somebody claims. */
  claims(after?: string): Promise<Page<Domain>>;
}

export function listDomains({ lists, presence }: ListDomainsPorts): ListDomains {
  return {
    async page(wanted, after) {
      const parts = partsOf(wanted === "connected" ? { search: "" } : wanted);
      const { items, next } = await lists.page(parts, PAGE, after);
      // Who never logged in is not connected: nobody has to look.
      const used = items.filter(({ firstLoginAt }) => firstLoginAt !== undefined);
      const connected = await presence.connected(used.map(({ account }) => accountKey(account)));
      const isConnected = ({ account, firstLoginAt }: Domain) =>
        firstLoginAt === undefined ? false : connected.get(account);
      const listed = items.map((domain) => ({ domain, connected: isConnected(domain) }));
      const shown = wanted === "connected" ? listed.filter((each) => each.connected !== false) : listed;
      return { items: shown, next };
    },

    claims: (after) => lists.page(partsOf({ list: "claimed" }), PAGE, after),
  };
}
