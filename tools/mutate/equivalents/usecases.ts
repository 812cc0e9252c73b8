import type { Equivalent } from "./equivalent.ts";

export const IN_USECASES: readonly Equivalent[] = [
  {
    file: "lambdas/usecases/pbx/session.ts",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "the results of a login's reports are not used",
  },
  {
    file: "lambdas/usecases/push/count-new-tokens.ts",
    original: "true",
    replacement: "false",
    because: "only whether a token is remembered matters, not the value",
  },
  {
    file: "lambdas/usecases/domains/record-posts.ts",
    original: "true",
    replacement: "false",
    because: "only whether a log event is remembered matters, not the value",
  },
  {
    file: "lambdas/usecases/domains/record-posts.ts",
    original: "i < waiting.length",
    replacement: "i <= waiting.length",
    because: "one more iteration writes nothing",
  },
  {
    file: "lambdas/usecases/domains/owner-commands.ts",
    original: "done.value.after.move?.expiresAt",
    replacement: "done.value.after.move.expiresAt",
    because: "a requested change of address always creates a move",
  },
  {
    file: "lambdas/usecases/domains/owner-commands.ts",
    original: '"conflict"',
    replacement: '""',
    because: "of exists, early and unproven: only an operator's steps fail with these",
  },
  {
    file: "lambdas/usecases/domains/owner-view.ts",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "a text is part of no domain, and so hidden",
  },
  {
    file: "lambdas/usecases/admin/queries.ts",
    original: "i < page.items.length",
    replacement: "i <= page.items.length",
    because: "one more round asks for nothing",
  },
  {
    file: "lambdas/usecases/admin/sign-in.ts",
    original: '"sign-in-source"',
    replacement: '""',
    because: "no other count has that name either",
  },
  {
    file: "lambdas/usecases/admin/sign-in.ts",
    original: '"sign-ins"',
    replacement: '""',
    because: "the count's name and the source tell it from every other",
  },
  {
    file: "lambdas/usecases/admin/test-push.ts",
    original: "false",
    replacement: "true",
    because: "a phone without a row is forgotten before anybody asks who shares it",
  },
  {
    file: "lambdas/usecases/admin/test-push.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "where there is no token, it is not used",
  },
  {
    file: "lambdas/usecases/admin/commands.ts",
    original: "account === domain",
    replacement: "false",
    because:
      "the domain itself never matters: an added one does not exist yet, and a transferred one has another owner",
  },
  {
    file: "lambdas/usecases/admin/commands.ts",
    original: "domain === undefined",
    replacement: "false",
    because: "a domain whose claim was granted exists",
  },
  {
    file: "lambdas/usecases/mail/notice-mail.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "an unknown value has one key for everyone, whatever its text",
  },
  {
    file: "lambdas/usecases/domains/commit-change.ts",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "a value that is not a promise counts as fulfilled",
  },
  {
    file: "lambdas/usecases/domains/end-accounts.ts",
    original: "() => Promise.resolve()",
    replacement: "() => undefined",
    because: "a value that is not a promise counts as fulfilled",
  },
];
