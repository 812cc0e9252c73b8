import fc from "fast-check";

/** A mutant is noticed by the first example that fails: nobody reads a smaller one, and finding it takes seconds. */
fc.configureGlobal({ endOnFailure: true });
