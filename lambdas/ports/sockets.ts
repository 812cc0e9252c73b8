import type { PbxInfo } from "../core/pbx/pbx-info.ts";
import type { RefusedLogin } from "../core/pbx/refused-logins.ts";
import type { LoggedIn } from "./sessions.ts";

/** A connection as an operator sees it. Times in Unix ms. */
export interface Connection {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly source: string;
  /** What it logged in as; undefined before. */
  readonly login?: LoggedIn & { readonly at: number; readonly sip?: string; readonly dn?: string };
  /** What the PBX told of itself. */
  readonly pbx?: PbxInfo;
}

export type LoggedInConnection = Connection & Required<Pick<Connection, "login">>;

/** A refused login, as it was kept. */
export interface KeptRefusal extends RefusedLogin {
  /** How often in the last week or so, whatever else fell into its place counted. */
  readonly refusals: number;
}

/** Open sockets, seen from behind: by those who may end them, not by those who talk on them. Throws DependencyError. */
export interface Sockets {
  find(connectionId: string): Promise<Connection | undefined>;
  /** Logged in under a domain; one that has just logged in may be missing for a moment. */
  ofDomain(domain: string): Promise<readonly LoggedInConnection[]>;
  /** Of a domain and all accounts under it, in no particular order: all that is kept, at most MOST_REFUSALS. */
  refusedLogins(domain: string): Promise<readonly KeptRefusal[]>;
}

export interface SocketActivity {
  /** When the socket last sent or got anything, keepalives included, in Unix ms; undefined: it is gone. */
  lastActiveAt(connectionId: string): Promise<number | undefined>;
}

export interface SocketCloser {
  /** Ends the socket; one that is gone already is fine. Throws DependencyError. */
  close(connectionId: string): Promise<void>;
}

/** Looks at a domain's connections again later, for a login that was under way. Throws DependencyError. */
export interface Sweeps {
  sweep(domain: string, afterSeconds: number): Promise<void>;
}
