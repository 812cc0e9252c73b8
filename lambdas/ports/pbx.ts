import type { PbxSecrets } from "../core/pbx/login.ts";
import type { AccountKey } from "../core/shared/names.ts";
import type { PbxInfo } from "../core/pbx/pbx-info.ts";
import type { NetworkRecord } from "../core/pbx/flood.ts";
import type { Challenged, Connection, LoggedIn, LoggedInConnection, Opened } from "../core/pbx/connection.ts";
import type { KeptRefusedLogin, RefusedLogin } from "../core/pbx/refused-logins.ts";

/** What a login is checked against. The same work for every account, known or not. Throws DependencyError. */
export interface PbxSecretsStore {
  find(key: AccountKey): Promise<PbxSecrets>;
}

/** Connections and what is known of them. All throw DependencyError. Times in Unix ms. */
export interface Sessions {
  open(connectionId: string, connection: Opened): Promise<void>;
  /** Forgets a connection, by its own id only: `$disconnect` may come late. What it was, or undefined if it was not known. */
  readonly close: (
    connectionId: string,
  ) => Promise<{ readonly connectedAt: number; readonly account: string | undefined } | undefined>;
  /** Replaces any earlier challenge. False if the connection is unknown. */
  setChallenge(connectionId: string, challenge: string, until: number): Promise<boolean>;
  /** Takes the challenge away; undefined if there was none. One caller only gets it. Any earlier login stays. */
  takeChallenge(connectionId: string): Promise<Challenged | undefined>;
  /** Ends the login, if there is one; if `secretId` is given, only one by that secret. */
  readonly logOut: (connectionId: string, secretId?: string) => Promise<void>;
  /** Marks a connection without a login as flooding; true for one caller only, and false for one that has logged in or is gone. */
  readonly markFlooding: (connectionId: string) => Promise<boolean>;
  /** False if the connection is gone. */
  logIn(
    connectionId: string,
    login: LoggedIn & { readonly spelling: string; readonly at: number; readonly sip: string; readonly dn: string },
  ): Promise<boolean>;
  /**
   * Keeps a refused login for owner and operator, for a week, in the place of what was there (core/pbx/refused-logins.ts). Of a domain
   * that nobody has nothing is kept, by the same call: how long we take must not reveal who is registered.
   */
  keepRefusedLogin(refusal: RefusedLogin): Promise<void>;
  /** Keeps what a PBX reports of itself; nothing happens if the connection is not logged in. */
  keepPbxInfo(connectionId: string, info: PbxInfo): Promise<void>;
}

/** What the networks that sockets come from did; a source is an address. All throw DependencyError. Times in Unix ms. */
export interface Networks {
  recordOf(source: string, now: number): Promise<NetworkRecord>;
  loggedIn(source: string, at: number): Promise<void>;
  /** A socket from it was closed for flooding. */
  closed(source: string, at: number): Promise<void>;
}

/** What a socket leaves to others, by the check queue. All throw DependencyError. */
export interface Checks {
  /** A look at a connection later: who has not logged in by then is closed. */
  checkLogin(connectionId: string, afterSeconds: number): Promise<void>;
  /** A connection keeps posting without a login: it is closed, at once. */
  flooding(connectionId: string): Promise<void>;
  /** Nobody had logged in with this secret of an account before. */
  firstLogin(account: string, secretId: string): Promise<void>;
}

/** Open sockets, seen from behind: by those who may end them, not by those who talk on them. Throws DependencyError. */
export interface Sockets {
  find(connectionId: string): Promise<Connection | undefined>;
  /** Logged in under a domain; one that has just logged in may be missing for a moment. */
  ofDomain(domain: string): Promise<readonly LoggedInConnection[]>;
  /** Of a domain and all accounts under it, in no particular order: all that is kept, at most MOST_REFUSALS. */
  refusedLogins(domain: string): Promise<readonly KeptRefusedLogin[]>;
}

export interface SocketActivity {
  /** When the socket last sent or got anything, keepalives included, in Unix ms; undefined: it is gone. */
  lastActiveAt(connectionId: string): Promise<number | undefined>;
}

/** Changes connections from behind; as Sessions. */
export type LogOut = Pick<Sessions, "logOut" | "markFlooding">;

export interface SocketCloser {
  /** Ends the socket; one that is gone already is fine. Throws DependencyError. */
  readonly close: (connectionId: string) => Promise<void>;
}

/** Looks at a domain's connections again later, for a login that was under way. Throws DependencyError. */
export interface Sweeps {
  sweep(domain: string, afterSeconds: number): Promise<void>;
}
