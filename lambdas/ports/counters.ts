import type { Allowance } from "../core/shared/limits.ts";

/** The limit that is used up, if one is. */
interface Taken {
  readonly exceeded: Allowance | undefined;
}

/** Counts that hold over all execution environments. Throws DependencyError. */
export interface Counters {
  /** Counts one against all of them, or against none and names the one that is used up. */
  take(allowances: readonly Allowance[], now: number): Promise<Taken>;
}
