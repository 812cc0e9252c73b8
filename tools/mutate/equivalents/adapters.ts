import type { Equivalent } from "./equivalent.ts";

export const IN_ADAPTERS: readonly Equivalent[] = [
  {
    file: "lambdas/adapters/aws/shared/counters.ts",
    original: "{ exceeded: undefined }",
    replacement: "{}",
    because: "a member that is missing is undefined",
  },
  {
    file: "lambdas/adapters/aws/shared/dynamo-table.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "the empty expression it replaces is only searched for names after #",
  },
  {
    file: "lambdas/adapters/aws/shared/dynamo-table.ts",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "a string has no Code either",
  },
  {
    file: "lambdas/adapters/aws/push/sns-dispatcher.ts",
    original: 'EXISTS.exec(cause.message)?.groups?.["arn"]',
    replacement: 'EXISTS.exec(cause.message)?.groups["arn"]',
    because: "a match of an expression with a named group always has groups",
  },
  {
    file: "lambdas/adapters/aws/push/device-row.ts",
    original: "row === undefined",
    replacement: "false",
    because: "a missing row has no endpoint either",
  },
  {
    file: "lambdas/adapters/aws/pbx/connections-api.ts",
    original: "$metadata?.httpStatusCode",
    replacement: "$metadata.httpStatusCode",
    because: "an error without it is rethrown as unavailable either way",
  },
  {
    file: "lambdas/adapters/aws/pbx/sessions.ts",
    original: "true",
    replacement: "false",
    because: "only whether a socket has the mark matters, not its value",
  },
  {
    file: "lambdas/adapters/aws/monitoring/platform-credentials.ts",
    original: '""',
    replacement: '"Stryker was here!"',
    because: "that is not a date either",
  },
  {
    file: "lambdas/adapters/aws/monitoring/platform-credentials.ts",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "a string has no Key either",
  },
  {
    file: "lambdas/adapters/aws/monitoring/push-rights.ts",
    original: 'EXISTS.exec(causeOf(error)?.message ?? "")?.groups?.["arn"]',
    replacement: 'EXISTS.exec(causeOf(error)?.message ?? "")?.groups["arn"]',
    because: "a match of an expression with a named group always has groups",
  },
];
