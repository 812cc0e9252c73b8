import type { PbxInfo } from "../core/pbx-info.ts";
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

/** The last time that somebody failed to log in as an account. */
export interface RefusedLogin {
  readonly account: string;
  readonly source: string;
  /** Unix ms. */
  readonly at: number;
  /** How often in the last week or so. */
  readonly refusals: number;
}

/** Open sockets, seen from behind: by those who may end them, not by those who talk on them. Throws DependencyError. */
export interface Sockets {
  find(connectionId: string): Promise<Connection | undefined>;
  /** Logged in under a domain; one that has just logged in may be missing for a moment. */
  ofDomain(domain: string): Promise<readonly LoggedInConnection[]>;
  /** Of the accounts under a domain; at most 100. */
  refusedLogins(domain: string): Promise<readonly RefusedLogin[]>;
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
