/** A room of the house that is mutated: with which tests, and how many of its mutants they must notice. */
export interface Room {
  readonly folder: string;
  /** Patterns of the tests of a wing: those that mirror it, and what else is about it. */
  readonly tests: (wing: string) => readonly string[];
  /** Least share of mutants that are noticed, in percent; equivalents are set aside. */
  readonly least: number;
}

const testsIn = (folder: string) => `test/${folder}/**/*.test.ts`;

/** The rights in lib are not here: `npm run rights:mutate` takes each of them away (test/rights). */
export const ROOMS: readonly Room[] = [
  { folder: "lambdas/core", tests: (wing) => [testsIn(`core/${wing}`), "test/core/*.test.ts"], least: 97 },
  { folder: "lambdas/usecases", tests: (wing) => [testsIn(`usecases/${wing}`)], least: 95 },
  {
    folder: "lambdas/adapters/aws",
    tests: (wing) => [
      testsIn(`adapters/aws/${wing}`),
      // One suite holds sessions and devices of memory and DynamoDB equal.
      ...(wing === "pbx" ? ["test/adapters/aws/push/push-stores.test.ts"] : []),
      // Lists are written with a domain, and read by the console.
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

/** Where nothing may survive: who may have a domain, the login, retry and deadline, how long secrets and claims live. */
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
