import type { Api } from "../admin/api.ts";
import type { Login, Target } from "./target.ts";
import type { Verdict } from "./verdict.ts";

/** What proofs may use; what is undefined is not there. */
export interface Means {
  readonly target: Target;
  readonly login?: Login;
  /** Why there is none. */
  readonly noLogin?: string;
  readonly operator?: Api;
  /** API Gateway's idle time-out in ms, 10 minutes; only `--slow` has time for it. */
  readonly idleMs?: number;
}

/** One assumption of docs/unproven.md that a program can try. Rejects when it could not be tried. */
export type Proof = (means: Means) => Promise<Verdict>;
