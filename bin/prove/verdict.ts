/** What came of a proof, and what was seen or why it was not tried. */
export interface Verdict {
  readonly verdict: "proven" | "refuted" | "not tried";
  readonly why: string;
}

export const proven = (why: string): Verdict => ({ verdict: "proven", why });
export const refuted = (why: string): Verdict => ({ verdict: "refuted", why });
export const notTried = (why: string): Verdict => ({ verdict: "not tried", why });
