/** A limit to count against, e.g. mails of one address in this hour. */
export interface Allowance {
  /** Names the limit in metrics and rows. */
  readonly name: string;
  /** Whose; it is stored as a hash. */
  readonly subject: string;
  /** Most in one window. */
  readonly most: number;
  /** Length of a window in ms; windows are fixed to the clock. */
  readonly window: number;
}

/** The limit that is used up, by name, if one is. */
export interface Taken {
  readonly exceeded: string | undefined;
}

/** Counts that hold over all sandboxes. Throws DependencyError. */
export interface Counters {
  /** Counts one against all of them, or against none and names the one that is used up. */
  take(allowances: readonly Allowance[], now: number): Promise<Taken>;
}
