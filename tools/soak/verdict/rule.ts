import type { Evidence } from "../evidence.ts";

export interface Rule {
  readonly rule: string;
  readonly breaches: (evidence: Evidence) => readonly string[];
}

export const when = (broken: boolean, text: string) => (broken ? [text] : []);
/** The first three breaches of a rule, and their number. */
export const some = (what: string, found: readonly string[]) =>
  when(found.length > 0, `${found.length} ${what}: ${found.slice(0, 3).join(" | ")}`);
