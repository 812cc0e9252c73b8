import type { AccountKey } from "../shared/names.ts";
import type { PbxInfo } from "./pbx-info.ts";

/** Who is at the other end of a connection that has logged in. */
export interface LoggedIn extends AccountKey {
  /** Which secret was proven (never the secret). */
  readonly secretId: string;
}

/** A connection as an operator sees it. Times in Unix ms. */
export interface Connection {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly source: string;
  /** What it logged in as; undefined before. */
  readonly login?: LoggedIn & { readonly at: number; readonly sip?: string; readonly dn?: string };
  /** What the PBX reported about itself. */
  readonly pbx?: PbxInfo;
}

export type LoggedInConnection = Connection & Required<Pick<Connection, "login">>;

/** `lastActiveAt` (Unix ms) if it was looked up and the socket is still open. */
export type ConnectionDetails = LoggedInConnection & { readonly lastActiveAt?: number };
