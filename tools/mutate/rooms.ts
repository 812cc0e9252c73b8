/** A room whose code is mutated, its tests, and the share of mutants that they must notice. */
export interface Room {
  readonly folder: string;
  /** Patterns of the tests of a wing: those that mirror it, and others that cover it. */
  readonly tests: (wing: string) => readonly string[];
  /** Minimum share of mutants that tests notice, in percent, without equivalents. */
  readonly least: number;
}

const testsIn = (folder: string) => `test/${folder}/**/*.test.ts`;

/** Without the rights in lib: `npm run rights:mutate` removes each of them (test/rights). */
export const ROOMS: readonly Room[] = [
  { folder: "lambdas/core", tests: (wing) => [testsIn(`core/${wing}`), "test/core/*.test.ts"], least: 97 },
  { folder: "lambdas/usecases", tests: (wing) => [testsIn(`usecases/${wing}`)], least: 95 },
  {
    folder: "lambdas/adapters/aws",
    tests: (wing) => [
      testsIn(`adapters/aws/${wing}`),
      // One suite checks that sessions and devices behave the same in memory and DynamoDB.
      ...(wing === "pbx" ? ["test/adapters/aws/push/push-stores.test.ts"] : []),
      // Lists are written with a domain and read by the console.
      ...(wing === "domains" ? ["test/adapters/aws/admin/domain-lists.test.ts"] : []),
      "test/adapters/aws/*.test.ts",
      testsIn(`adapters/aws/${wing === "wire" ? "client" : "shared"}`),
    ],
    least: 92,
  },
  { folder: "lambdas/adapters", tests: () => ["test/adapters/*.test.ts"], least: 92 },
  { folder: "lambdas/handlers", tests: (wing) => [testsIn(`handlers/${wing}`), testsIn("middleware")], least: 92 },
];

export const roomOf = (file: string): Room | undefined => ROOMS.find(({ folder }) => file.startsWith(`${folder}/`));

/** The folder of a room that a file is in: `domains` of `lambdas/core/domains/proof/txt-proof.ts`; "" right in the room. */
export function wingOf(file: string, { folder }: Room): string {
  const [wing = "", ...rest] = file.slice(folder.length + 1).split("/");
  return rest.length === 0 ? "" : wing;
}

/** Where no mutant may survive: rights to a domain, the login, retries and deadlines, lifetimes of secrets and claims. */
export const NO_SURVIVOR: readonly string[] = [
  "lambdas/core/domains/domains.ts",
  "lambdas/core/domains/ownership.ts",
  "lambdas/core/domains/proof/",
  "lambdas/core/domains/secrets.ts",
  "lambdas/core/domains/expiry.ts",
  "lambdas/core/pbx/digest.ts",
  "lambdas/core/pbx/login.ts",
  "lambdas/core/registration/",
  "lambdas/core/shared/retry/",
  "lambdas/usecases/shared/",
];
