import type { Api } from "../admin/api.ts";
import type { Login } from "../story/world.ts";
import type { Target } from "./target.ts";

/** What came of a proof, and what was seen or why it was not tried. */
export interface Verdict {
  readonly verdict: "proven" | "refuted" | "not tried";
  readonly why: string;
}

export const proven = (why: string): Verdict => ({ verdict: "proven", why });
export const refuted = (why: string): Verdict => ({ verdict: "refuted", why });
export const notTried = (why: string): Verdict => ({ verdict: "not tried", why });

/** What proofs may use; what is undefined is not there. */
export interface Means {
  readonly target: Target;
  readonly login?: Login;
  /** Why there is none. */
  readonly noLogin?: string;
  readonly operator?: Api;
  /** API Gateway's idle time-out in ms, 10 minutes; only `--slow` has time for it. */
  readonly idleMs?: number;
  /** How long events and logs of AWS are waited for, in ms. */
  readonly patienceMs: number;
}

/** One assumption of docs/unproven.md that a program can try. Rejects when it could not be tried. */
export type Proof = (means: Means) => Promise<Verdict>;

/** The same for all rows that one try settles: the first asks, the others get its verdict. */
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
