import type { Domain } from "../core/domains/domain.ts";
import type { ListPart } from "../core/domains/lists.ts";
import type { AccountKey } from "../core/shared/names.ts";
import type { Page } from "./domains.ts";

/** Domains in the order of their lists. Throws DependencyError. */
export interface DomainLists {
  /** Reads `limit` items at most, and shows as many unless some are left out. @param after `next` of the page before; any other text begins anew */
  page(parts: readonly ListPart[], limit: number, after?: string): Promise<Page<Domain>>;
}

/** Who is connected. Throws DependencyError. */
export interface Presence {
  /**
   * For each of these accounts, by key, whether it or an account that it covers is connected; undefined where a look at as
   * many connections as there are accounts does not tell. Reads no more items than there are accounts.
   */
  connected(accounts: readonly AccountKey[]): Promise<ReadonlyMap<string, boolean | undefined>>;
}
