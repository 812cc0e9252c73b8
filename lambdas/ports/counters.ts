import type { Allowance } from "../core/shared/limits.ts";

/** The limit that is used up, if one is. */
interface Taken {
  readonly exceeded: Allowance | undefined;
}

/** Counts that all execution environments share. Throws DependencyError. */
export interface Counters {
  /** Counts one against all of them; if one is used up, counts none and returns it. */
  take(allowances: readonly Allowance[], now: number): Promise<Taken>;
}
