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
