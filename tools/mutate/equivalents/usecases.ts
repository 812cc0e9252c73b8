import type { Equivalent } from "./equivalent.ts";

export const IN_USECASES: readonly Equivalent[] = [
  {
    file: "lambdas/usecases/pbx/session.ts",
    original: "[]",
    replacement: '["Stryker was here"]',
    because: "nobody looks at what the reports of a login come to",
  },
];
