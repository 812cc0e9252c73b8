/** Phrases we have given up, each with what to write instead (CONTRIBUTING.md, Style). Matched without regard to case. */
const phrases: readonly (readonly [pattern: string, instead: string])[] = [
  ["\\bwhoever\\b", "anyone who, or name who does it"],
  ["\\bshall\\b", "will, must, or the plain present"],
  ["\\b(is|are) due\\b", "must be …"],
  ["\\bin vain\\b", "say what does not happen"],
  ["\\bsave for\\b", "except for"],
  ["\\bfor ever\\b", "forever, or say how long"],
  ["\\bat once and alone\\b", "immediately"],
  ["\\bis so already\\b", "already …"],
  ["\\bcounts? no more\\b", "is no longer valid"],
  ["\\bcommands? (the|its|a) (dns|domain)\\b", "controls the domain's DNS"],
  ["\\bas was asked for\\b", "as you requested"],
  ["\\bnobody is here\\b", "not a terminal"],
  ["\\bknocks?\\b", "connects"],
  ["\\bsmartphone\\b", "phone"],
  ["\\bwarm sandboxes\\b", "warm execution environments"],
  ["\\brings nothing\\b", "fires no alarm"],
  ["\\b(are|is|was|were) told\\b", "is reported, gets, knows"],
  ["\\bsomebody\\b", "someone, or name who it is"],
  ["\\banew\\b", "again; starts over"],
  ["\\balarms? (rings?|rang)\\b", "the alarm fires"],
  ["\\bsave (those|that)\\b", "except those"],
  ["\\be-mails?\\b", "email"],
];

export interface Finding {
  /** From 1. */
  readonly line: number;
  readonly found: string;
  readonly instead: string;
}

/** Where a text uses a phrase that we have given up, in order. */
export function findPhrases(text: string): Finding[] {
  const patterns = phrases.map(([pattern, instead]) => ({ pattern: new RegExp(pattern, "iu"), instead }));
  return text.split("\n").flatMap((line, index) =>
    patterns.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [{ line: index + 1, found, instead }];
    }),
  );
}
