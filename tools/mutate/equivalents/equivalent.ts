/**
 * A mutant that behaves like the line it replaces, so that no test can notice it. The score leaves it out. One that a
 * test notices, or whose line is gone, fails the run: remove it from the list.
 */
export interface Equivalent {
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
  readonly because: string;
}
