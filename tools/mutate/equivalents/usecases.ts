import type { Equivalent } from "./equivalent.ts";

export const IN_USECASES: readonly Equivalent[] = [
  {
    file: "lambdas/usecases/pbx/session.ts",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "nobody looks at what the reports of a login come to",
  },
  {
    file: "lambdas/usecases/push/count-new-tokens.ts",
    original: "true",
    replacement: "false",
    because: "a token is counted or is not: what is remembered of it is never looked at",
  },
  {
    file: "lambdas/usecases/domains/record-posts.ts",
    original: "true",
    replacement: "false",
    because: "a log event is known or is not: what is remembered of it is never looked at",
  },
  {
    file: "lambdas/usecases/domains/record-posts.ts",
    original: "i < waiting.length",
    replacement: "i <= waiting.length",
    because: "one more round writes nothing",
  },
  {
    file: "lambdas/usecases/domains/owner-commands.ts",
    original: "done.value.after.move?.expiresAt",
    replacement: "done.value.after.move.expiresAt",
    because: "after a change of address was asked for, there is one",
  },
  {
    file: "lambdas/usecases/admin/commands.ts",
    original: "account === domain",
    replacement: "false",
    because:
      "a domain would cover itself: one that is added is not there yet, and one that is given away has another owner",
  },
  {
    file: "lambdas/usecases/admin/commands.ts",
    original: "domain === undefined",
    replacement: "false",
    because: "a domain that was granted is there",
  },
  {
    file: "lambdas/usecases/mail/notice-mail.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "what is not known is the same for all, whatever it is called",
  },
  {
    file: "lambdas/usecases/domains/commit-change.ts",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "what is no promise counts as kept",
  },
  {
    file: "lambdas/usecases/domains/end-accounts.ts",
    original: "() => Promise.resolve()",
    replacement: "() => undefined",
    because: "what is no promise counts as kept",
  },
];
