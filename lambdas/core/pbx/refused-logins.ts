import type { LoginProblem } from "./login-error.ts";
import { networkOf } from "../shared/network.ts";
import { sha256 } from "../shared/random-text.ts";

/** A login that was refused. */
export interface RefusedLogin {
  /** Account key, as someone claimed it. */
  readonly account: string;
  /** Address that it came from. */
  readonly source: string;
  /** Unix ms. */
  readonly at: number;
  readonly reason: LoginProblem;
}

/** A refused login, as it was kept. */
export interface KeptRefusedLogin extends RefusedLogin {
  /** How often in about a week, others that share its place included. */
  readonly refusals: number;
}

/**
 * What is kept of a domain's refused logins is a table of so many places, by hashes of network and account; each holds the
 * last that fell there. So nobody fills it, whatever accounts they invent, and one network never has more than its own row
 * of places: it cannot drive out what others wrote, unless it shares their row (1 of NETWORKS).
 */
const NETWORKS = 32;
const ACCOUNTS = 8;
/** Most that is kept of one domain. */
export const MAX_REFUSED_LOGINS = NETWORKS * ACCOUNTS;

const part = (text: string, parts: number): number => Number.parseInt(sha256(text).slice(0, 8), 16) % parts;

const rowOf = (source: string): number => part(networkOf(source), NETWORKS);

/** Name of the place of a domain's table where a refused login is kept. */
export const slotOf = ({ account, source }: Pick<RefusedLogin, "account" | "source">): string =>
  `${rowOf(source)}.${part(account, ACCOUNTS)}`;

/**
 * The newest `most` of them, newest first, but the newest of every network before the second of any: who comes from few
 * networks cannot push others out of sight.
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
