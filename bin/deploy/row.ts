/** One line of the pre-flight. What could not be read is `unknown`, never `ok`. */
export interface Row {
  readonly what: string;
  readonly have: string;
  readonly need: string;
  readonly verdict: "ok" | "below" | "unknown";
  /** Empty if there is nothing to do. */
  readonly todo: string;
}
