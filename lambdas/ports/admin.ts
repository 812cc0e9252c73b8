import type { ConsoleSession, SignInAttempt } from "../core/admin/console-session.ts";
import type { Domain } from "../core/domains/domain.ts";
import type { ListPart } from "../core/domains/lists.ts";
import type { AccountKey } from "../core/shared/names.ts";
import type { Result } from "../core/shared/result.ts";
import type { Page } from "./domains.ts";

/** Domains in the order of their lists. Throws DependencyError. */
export interface DomainLists {
  /**
   * Reads at most `limit` items; shows fewer if some are left out. @param after `next` of the page before; other text
   * starts over
   */
  page(parts: readonly ListPart[], limit: number, after?: string): Promise<Page<Domain>>;
}

/** Who is connected. Throws DependencyError. */
export interface Presence {
  /**
   * For each of these accounts, by key, whether it or an account that it covers is connected; undefined if as many
   * connections as there are accounts do not tell. Reads no more items than there are accounts, and one fewer for a
   * domain with an account that is not connected.
   */
  connected(accounts: readonly AccountKey[]): Promise<ReadonlyMap<string, boolean | undefined>>;
}

/** Who someone is, according to their identity provider. */
export interface Identity {
  readonly subject: string;
  /** For people to read. */
  readonly name: string;
  readonly groups: readonly string[];
  readonly idToken: string;
}

/** An OpenID Connect provider. All throw DependencyError if it does not answer in time, or refuses us. */
export interface IdentityProvider {
  /** Where a browser is sent to sign in. */
  begin(): Promise<{ readonly url: string; readonly attempt: SignInAttempt }>;
  /**
   * Exchanges and checks what the browser brought back. `denied`: the provider says that they did not sign in.
   * `invalid`: the answer is for another attempt or client, from another provider, late or used already.
   *
   * @param query of the URL that the browser came back to
   */
  finish(query: string, attempt: SignInAttempt): Promise<Result<Identity, "denied" | "invalid">>;
  /** Where a browser is sent to end the provider's own session; undefined if it has no such page. */
  logoutUrl(idToken: string | undefined): Promise<string | undefined>;
}

/**
 * Sign-ins under way and sessions, by the hash of the browser's cookie. Nothing is found after its `until` (Unix ms).
 * All throw DependencyError.
 */
export interface ConsoleSessions {
  addAttempt(hash: string, attempt: SignInAttempt, until: number): Promise<void>;
  /** Removes it: only one caller gets it. */
  takeAttempt(hash: string, now: number): Promise<SignInAttempt | undefined>;
  add(hash: string, session: ConsoleSession): Promise<void>;
  find(hash: string, now: number): Promise<ConsoleSession | undefined>;
  /** Returns the session that it ended. */
  end(hash: string, now: number): Promise<ConsoleSession | undefined>;
}
