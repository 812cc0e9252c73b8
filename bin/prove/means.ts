import type { Api } from "../admin/api.ts";
import type { Login } from "../story/world.ts";
import type { Target } from "./target.ts";

/** The result of a proof, and what was seen or why it was not tried. */
export interface Verdict {
  readonly verdict: "proven" | "refuted" | "not tried";
  readonly why: string;
}

export const proven = (why: string): Verdict => ({ verdict: "proven", why });
export const refuted = (why: string): Verdict => ({ verdict: "refuted", why });
export const notTried = (why: string): Verdict => ({ verdict: "not tried", why });

/** What proofs may use; undefined members are not available. */
export interface Means {
  readonly target: Target;
  readonly login?: Login;
  /** Why there is none. */
  readonly noLogin?: string;
  readonly operator?: Api;
  /** API Gateway's idle timeout in ms, 10 minutes; only with `--slow`. */
  readonly idleMs?: number;
  /** How long to wait for events and logs of AWS, in ms. */
  readonly patienceMs: number;
}

/** One assumption of docs/unproven.md that a program can try. Rejects when it could not be tried. */
export type Proof = (means: Means) => Promise<Verdict>;

/** Shares one try among all rows that it settles: the first runs it, the others get its verdict. */
export function once(proof: Proof): Proof {
  const tried = new WeakMap<Means, Promise<Verdict>>();
  return (means) => {
    const verdict = tried.get(means) ?? proof(means);
    tried.set(means, verdict);
    return verdict;
  };
}

export const needsLogin = (why = "no operator's API to set up an account"): Verdict =>
  notTried(`needs a login, --account and --secret: ${why}`);
