import fc from "fast-check";

/** The first failing example is enough to notice a mutant; shrinking it would take seconds for no reader. */
fc.configureGlobal({ endOnFailure: true });
