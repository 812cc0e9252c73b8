/** Who runs the service, as the foot of every page says it. What is missing is not shown. */
export interface Operator {
  /** In the place of "Push service". */
  readonly name?: string | undefined;
  /** Email address, or https URL of a page. */
  readonly contact?: string | undefined;
  /** https URLs of pages of the operator's own; `{language}` in them stands for `en` or `de`. */
  readonly help?: string | undefined;
  readonly privacy?: string | undefined;
}
