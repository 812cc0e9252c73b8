import type { PbxSecrets } from "../core/pbx/login.ts";
import type { AccountKey } from "../core/shared/names.ts";
import type { PbxInfo } from "../core/pbx/pbx-info.ts";
import type { NetworkRecord } from "../core/pbx/flood.ts";
import type { Challenged, Connection, LoggedIn, LoggedInConnection, Opened } from "../core/pbx/connection.ts";
import type { KeptRefusedLogin, RefusedLogin } from "../core/pbx/refused-logins.ts";

/** What a login is checked against. Does the same work for every account, known or not. Throws DependencyError. */
export interface PbxSecretsStore {
  find(key: AccountKey): Promise<PbxSecrets>;
}

/** Connections and what is known about them. All throw DependencyError. Times in Unix ms. */
export interface Sessions {
  open(connectionId: string, connection: Opened): Promise<void>;
  /** Forgets a connection, by its id only, as `$disconnect` may be late. Returns what it was; undefined if unknown. */
  readonly close: (
    connectionId: string,
  ) => Promise<{ readonly connectedAt: number; readonly account: string | undefined } | undefined>;
  /** Replaces any earlier challenge. False if the connection is unknown. */
  setChallenge(connectionId: string, challenge: string, until: number): Promise<boolean>;
  /** Removes the challenge; undefined if there was none. Only one caller gets it. An earlier login stays. */
  takeChallenge(connectionId: string): Promise<Challenged | undefined>;
  /** Ends the login, if there is one; if `secretId` is given, only one with that secret. */
  readonly logOut: (connectionId: string, secretId?: string) => Promise<void>;
  /** Marks a connection without a login as flooding; true for one caller only, false if it has logged in or is gone. */
  readonly markFlooding: (connectionId: string) => Promise<boolean>;
  /** False if the connection is gone. */
  logIn(
    connectionId: string,
    login: LoggedIn & { readonly spelling: string; readonly at: number; readonly sip: string; readonly dn: string },
  ): Promise<boolean>;
  /**
   * Keeps a refused login for owner and operator, for a week, replacing what was in its place
   * (core/pbx/refused-logins.ts). For an unregistered domain the same call keeps nothing: the time it takes must not
   * reveal who is registered.
   */
  keepRefusedLogin(refusal: RefusedLogin): Promise<void>;
  /** Keeps what a PBX reports about itself; does nothing if the connection is not logged in. */
  keepPbxInfo(connectionId: string, info: PbxInfo): Promise<void>;
}

/** Networks that sockets come from; a source is an IP address. All throw DependencyError. Times in Unix ms. */
export interface Networks {
  recordOf(source: string, now: number): Promise<NetworkRecord>;
  loggedIn(source: string, at: number): Promise<void>;
  /** A socket from it was closed for flooding. */
  closed(source: string, at: number): Promise<void>;
}

/** Work that a socket leaves to the check queue. All throw DependencyError. */
export interface Checks {
  /** Checks a connection later, and closes it if it has not logged in by then. */
  checkLogin(connectionId: string, afterSeconds: number): Promise<void>;
  /** Closes a connection that keeps posting without a login. */
  flooding(connectionId: string): Promise<void>;
  /** Reports the first login with this secret of an account. */
  firstLogin(account: string, secretId: string): Promise<void>;
}

/** Open sockets, for those who look at them or close them. Throws DependencyError. */
export interface Sockets {
  find(connectionId: string): Promise<Connection | undefined>;
  /** Those logged in under a domain; one that has just logged in may be missing for a moment. */
  ofDomain(domain: string): Promise<readonly LoggedInConnection[]>;
  /** All that are kept for a domain and the accounts under it, in no particular order, at most MAX_REFUSED_LOGINS. */
  refusedLogins(domain: string): Promise<readonly KeptRefusedLogin[]>;
}

export interface SocketActivity {
  /** When the socket last sent or got anything, keepalives included, in Unix ms; undefined: it is gone. */
  lastActiveAt(connectionId: string): Promise<number | undefined>;
}

/** Ends or marks connections from outside; see Sessions. */
export type LogOut = Pick<Sessions, "logOut" | "markFlooding">;

export interface SocketCloser {
  /** Closes the socket; does nothing if it is already gone. Throws DependencyError. */
  readonly close: (connectionId: string) => Promise<void>;
}

/** Checks a domain's connections again later, for a login that was under way. Throws DependencyError. */
export interface Sweeps {
  sweep(domain: string, afterSeconds: number): Promise<void>;
}
