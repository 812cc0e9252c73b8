/**
 * A mutant that behaves like the line it replaces, so that no test can notice it. It is set aside in the score. One that a
 * test notices, or whose line has gone, fails the run: take it off the list.
 */
export interface Equivalent {
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
  readonly because: string;
}
