import { Command } from "commander";

const program = (name: string, description: string, more: string) =>
  new Command(`npm run ${name} --`).description(description).addHelpText("after", `\n${more}`);
const CODES = "Exit code: 0 all passed, 1 something failed, 2 wrong usage.";

/** Test commands outside vitest, by the name of their npm script; each loads its code when it runs. */
export const testPrograms: Readonly<Record<string, () => Command>> = {
  "rights:mutate": () =>
    program(
      "rights:mutate",
      "Removes one right after another from the policies of roles, queues, topics, keys and functions. The story of a day runs once; without the right, one of its calls must be refused.",
      `Examples:
  $ npm run rights:mutate
  $ npm run rights:mutate -- --only Push

Exit code: 0 every missing right was noticed, 1 one was not, or the story fails with every right, 2 wrong usage.`,
    )
      .option("--only <text>", "only those whose policy's name contains the text", "")
      .action(async (options: { readonly only: string }) => {
        process.exitCode = await (await import("./rights/mutate.ts")).mutateRights(options);
      }),
  "test:deploy": () =>
    program(
      "test:deploy",
      "Deploys the stacks by the real CDK CLI to an emulator of AWS on loopback and runs the story there. Takes five minutes, and needs Python 3.",
      `The emulator comes from the Python package index at the first run; logs are in .local/deploy.\n\n${CODES}`,
    ).action(async () => void (await import("./deploy/run.ts"))),
  "test:moto": () =>
    program(
      "test:moto",
      "Runs the adapters' contract tests against moto, an emulator of AWS written by others. Needs Python 3.",
      `moto comes from the Python package index at the first run; logs are in .local/moto-run.\n\n${CODES}`,
    ).action(async () => void (await import("./opinions/moto.ts"))),
  "lint:templates": () =>
    program(
      "lint:templates",
      "Lints all templates of five stages in three Regions with cfn-lint. Needs Python 3.",
      `cfn-lint comes from the Python package index at the first run; its log is in .local/lint-templates.\n\n${CODES}`,
    ).action(async () => void (await import("./opinions/lint-templates.ts"))),
};
