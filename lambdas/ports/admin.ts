import type { ConsoleSession, SignInAttempt } from "../core/admin/console-session.ts";
import type { Domain } from "../core/domains/domain.ts";
import type { ListPart } from "../core/domains/lists.ts";
import type { AccountKey } from "../core/shared/names.ts";
import type { Result } from "../core/shared/result.ts";
import type { Page } from "./domains.ts";

/** Domains in the order of their lists. Throws DependencyError. */
export interface DomainLists {
  /** Reads `limit` items at most, and shows as many unless some are left out. @param after `next` of the page before; any other text starts over */
  page(parts: readonly ListPart[], limit: number, after?: string): Promise<Page<Domain>>;
}

/** Who is connected. Throws DependencyError. */
export interface Presence {
  /**
   * For each of these accounts, by key, whether it or an account that it covers is connected; undefined where a look at as
   * many connections as there are accounts does not tell. Reads no more items than there are accounts, and one less for a
   * domain with an account that is not connected.
   */
  connected(accounts: readonly AccountKey[]): Promise<ReadonlyMap<string, boolean | undefined>>;
}

/** Who someone is, as an identity provider has vouched for it. */
export interface Identity {
  readonly subject: string;
  /** For people to read. */
  readonly name: string;
  readonly groups: readonly string[];
  readonly idToken: string;
}

/** An OpenID Connect provider. All throw DependencyError where it does not answer in time, or refuses us. */
export interface IdentityProvider {
  /** Where a browser is sent to sign in. */
  begin(): Promise<{ readonly url: string; readonly attempt: SignInAttempt }>;
  /**
   * What came back with the browser, exchanged and checked. `denied`: the provider says that they did not sign in; `invalid`:
   * the answer is not for this attempt, for us, from this provider, in time, or has been used.
   *
   * @param query of the address that the browser came back to
   */
  finish(query: string, attempt: SignInAttempt): Promise<Result<Identity, "denied" | "invalid">>;
  /** Where a browser is sent to end the provider's own session; undefined where it has no such page. */
  logoutUrl(idToken: string | undefined): Promise<string | undefined>;
}

/** Sign-ins under way and sessions, by the hash of what the browser's cookie holds. What is past `until` (Unix ms) is not there. All throw DependencyError. */
export interface ConsoleSessions {
  addAttempt(hash: string, attempt: SignInAttempt, until: number): Promise<void>;
  /** Takes it away: one caller only gets it. */
  takeAttempt(hash: string, now: number): Promise<SignInAttempt | undefined>;
  add(hash: string, session: ConsoleSession): Promise<void>;
  find(hash: string, now: number): Promise<ConsoleSession | undefined>;
  /** What it was. */
  end(hash: string, now: number): Promise<ConsoleSession | undefined>;
}
