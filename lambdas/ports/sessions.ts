import type { AccountKey } from "../core/shared/names.ts";
import type { PbxInfo } from "../core/pbx/pbx-info.ts";
import type { RefusedLogin } from "../core/pbx/refused-logins.ts";

/** Who is at the other end of a connection that has logged in. */
export interface LoggedIn extends AccountKey {
  /** Which secret was proven (never the secret). */
  readonly secretId: string;
}

/** Connections and what is known of them. All throw DependencyError. Times in Unix ms. */
export interface Sessions {
  open(connectionId: string, connection: { readonly source: string; readonly connectedAt: number }): Promise<void>;
  /** Forgets a connection, by its own id only: `$disconnect` may come late. What it was, or undefined if it was not known. */
  close(connectionId: string): Promise<{ readonly connectedAt: number; readonly account: string | undefined } | undefined>;
  /** Replaces any earlier challenge. False if the connection is unknown. */
  setChallenge(connectionId: string, challenge: string, until: number): Promise<boolean>;
  /** Takes the challenge away and ends any earlier login; undefined if there was none. One caller only gets it. */
  takeChallenge(
    connectionId: string,
  ): Promise<{ readonly challenge: string; readonly until: number; readonly source: string } | undefined>;
  /** False if the connection is gone. */
  logIn(
    connectionId: string,
    login: LoggedIn & { readonly spelling: string; readonly at: number; readonly sip: string; readonly dn: string },
  ): Promise<boolean>;
  /**
   * Keeps a refused login for owner and operator, for a week, in the place of what was there (core/refusals.ts). Of a domain
   * that nobody has nothing is kept, by the same call: how long we take must not tell who is registered.
   */
  noteRefusal(refusal: RefusedLogin): Promise<void>;
  /** Keeps what a PBX tells of itself; nothing happens if the connection is not logged in. */
  keepPbxInfo(connectionId: string, info: PbxInfo): Promise<void>;
}

/** What a socket leaves to others, by the check queue. All throw DependencyError. */
export interface Checks {
  /** A look at a connection later: who has not logged in by then is closed. */
  checkLogin(connectionId: string, afterSeconds: number): Promise<void>;
  /** Nobody had logged in to this account before. */
  firstLogin(account: string): Promise<void>;
}
