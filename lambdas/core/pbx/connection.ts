import type { AccountKey } from "../shared/names.ts";
import type { PbxInfo } from "./pbx-info.ts";

/**
 * What a connection is, step by step: opened, challenged, logged in. The steps do not exclude one another: a connection that
 * has logged in may take another challenge, and its login lasts until that one is answered.
 */
export interface Opened {
  /** Address of the PBX. */
  readonly source: string;
  /** Unix ms. */
  readonly connectedAt: number;
}

/** It asked for a challenge, and answers it now. */
export interface Challenged extends Pick<Opened, "source"> {
  readonly challenge: string;
  /** Unix ms. */
  readonly until: number;
}

/** Who is at the other end once it has logged in. */
export interface LoggedIn extends AccountKey {
  /** Which secret was proven (never the secret). */
  readonly secretId: string;
}

/** A connection as an operator sees it. Times in Unix ms. */
export interface Connection extends Opened {
  readonly connectionId: string;
  /** What it logged in as; undefined before. */
  readonly login?: LoggedIn & { readonly at: number; readonly sip?: string; readonly dn?: string };
  /** What the PBX reported about itself. */
  readonly pbx?: PbxInfo;
}

export type LoggedInConnection = Connection & Required<Pick<Connection, "login">>;

/** `lastActiveAt` (Unix ms) if it was looked up and the socket is still open. */
export type ConnectionDetails = LoggedInConnection & { readonly lastActiveAt?: number };
