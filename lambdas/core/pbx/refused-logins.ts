import type { LoginProblem } from "./login-error.ts";
import { networkOf } from "../shared/network.ts";
import { sha256 } from "../shared/random-text.ts";

/** A login that was refused. */
export interface RefusedLogin {
  /** Account key that was to log in. */
  readonly account: string;
  /** Address that it came from. */
  readonly source: string;
  /** Unix ms. */
  readonly at: number;
  readonly reason: LoginProblem;
}

/** A refused login as it is kept. */
export interface KeptRefusedLogin extends RefusedLogin {
  /** How many in about a week, including others that share its place. */
  readonly refusals: number;
}

/**
 * A domain's refused logins are kept in a fixed number of places, by hashes of network and account; each place holds
 * the latest one. So invented accounts take no more room, and a network has only its own row of places: it displaces
 * others only if they share that row (1 in NETWORKS).
 */
const NETWORKS = 32;
const ACCOUNTS = 8;
/** Most that are kept for one domain. */
export const MAX_REFUSED_LOGINS = NETWORKS * ACCOUNTS;

const part = (text: string, parts: number): number => Number.parseInt(sha256(text).slice(0, 8), 16) % parts;

const rowOf = (source: string): number => part(networkOf(source), NETWORKS);

/** Name of the place where a refused login is kept. */
export const slotOf = ({ account, source }: Pick<RefusedLogin, "account" | "source">): string =>
  `${rowOf(source)}.${part(account, ACCOUNTS)}`;

/**
 * The `most` most telling ones, newest first: the newest of every network is chosen before the second of any, so that a
 * few networks cannot push others out of sight.
 */
export function mostTelling<T extends RefusedLogin>(refusals: readonly T[], most: number): readonly T[] {
  const seen = new Map<number, number>();
  const ranked = newestFirst(refusals).map((refusal) => {
    const row = rowOf(refusal.source);
    const rank = seen.get(row) ?? 0;
    seen.set(row, rank + 1);
    return { refusal, rank };
  });
  const chosen = ranked.toSorted((one, other) => one.rank - other.rank).slice(0, most);
  return newestFirst(chosen.map(({ refusal }) => refusal));
}

const newestFirst = <T extends RefusedLogin>(refusals: readonly T[]): readonly T[] =>
  refusals.toSorted((one, other) => other.at - one.at);
