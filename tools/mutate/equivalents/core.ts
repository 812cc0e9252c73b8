import type { Equivalent } from "./equivalent.ts";

export const IN_CORE: readonly Equivalent[] = [
  {
    file: "lambdas/core/shared/retry/retry-budget.ts",
    original: "failingSince !== undefined",
    replacement: "true",
    because: "a number less undefined is NaN, and NaN >= 5,000 is false",
  },
  {
    file: "lambdas/core/shared/retry/retry-budget.ts",
    original: "-1",
    replacement: "+1",
    because: "another slot of the same 100 ms is made: the sums are the same, only memory is larger",
  },
  {
    file: "lambdas/core/shared/retry/retry-budget.ts",
    original: "last?.number === number",
    replacement: "false",
    because: "as above: more slots, the same sums",
  },
  {
    file: "lambdas/core/domains/expiry.ts",
    original: "domain.claim?.claimant",
    replacement: "domain.claim.claimant",
    because: "only a domain with a claim lapses",
  },
  {
    file: "lambdas/core/domains/ownership.ts",
    original: "domain === undefined",
    replacement: "false",
    because: "of a move: nobody's domain has none, and nobody's address is undefined",
  },
  {
    file: "lambdas/core/domains/secrets.ts",
    original: "length < SHORTEST_CHOSEN",
    replacement: "length <= SHORTEST_CHOSEN",
    because: "twelve characters have been taken before",
  },
  {
    file: "lambdas/core/domains/ownership.ts",
    original: '"claimed"',
    replacement: '""',
    because: "of claimHeld's creation: the claim's own action takes its place",
  },
  {
    file: "lambdas/core/domains/ownership.ts",
    original: '"claimant"',
    replacement: '""',
    because: "as above, of the actor",
  },
  {
    file: "lambdas/core/domains/proof/name-rights.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "no provider has that name either",
  },
  {
    file: "lambdas/core/pbx/digest.ts",
    original: '"utf8"',
    replacement: '""',
    because: "a hash takes text as UTF-8 where no encoding is named",
  },
  {
    file: "lambdas/core/pbx/login.ts",
    original: '"\\0no such account"',
    replacement: '""',
    because: "who proves the stand-in is refused, whatever it is",
  },
  {
    file: "lambdas/core/pbx/login.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "nobody sees the id of the stand-in",
  },
  {
    file: "lambdas/core/pbx/login.ts",
    original: '{ id: "", secret: "\\0no such account", issuedAt: 0 }',
    replacement: "{}",
    because: "a digest over undefined is that over an empty text",
  },
  {
    file: "lambdas/core/domains/change.ts",
    original: "move?.language",
    replacement: "move.language",
    because: "a reader who is asked to follow has a move to follow",
  },
  {
    file: "lambdas/core/domains/change.ts",
    original: "claim?.language",
    replacement: "claim.language",
    because: "as above: a claimant has a claim",
  },
  {
    file: "lambdas/core/domains/recent-posts.ts",
    original: "one.id < other.id",
    replacement: "one.id <= other.id",
    because: "no two posts have the same id",
  },
  {
    file: "lambdas/core/mail/mail-event.ts",
    original: "default: return undefined;",
    replacement: "default:",
    because: "the function ends then, and returns undefined too",
  },
  {
    file: "lambdas/core/mail/mail-event.ts",
    original: "/^.*<(.*)>\\s*$/su",
    replacement: "/.*<(.*)>\\s*$/su",
    because: "the first try, at the text's start, finds whatever there is to find",
  },
];
