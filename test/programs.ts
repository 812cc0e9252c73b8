import { Command, Option } from "commander";
import { integerFrom } from "../bin/shared/options.ts";

const program = (name: string, description: string, more: string) =>
  new Command(`npm run ${name} --`).description(description).addHelpText("after", `\n${more}`);
const CODES = "Exit code: 0 all passed, 1 something failed, 2 wrong usage.";

/** Test commands outside vitest, by the name of their npm script; each loads its code when it runs. */
export const testPrograms: Readonly<Record<string, () => Command>> = {
  "rights:mutate": () =>
    program(
      "rights:mutate",
      "Removes one right after another from the policies of roles, queues, topics, keys and functions, and runs the story each time, which must fail.",
      `Examples:
  $ npm run rights:mutate -- --sample 4
  $ npm run rights:mutate -- --only Push

Exit code: 0 the story failed each time, 1 it did not, or fails with every right too, 2 wrong usage.`,
    )
      .addOption(
        new Option("--sample <n>", "try only n, spread evenly; others on another day").argParser(
          integerFrom(1, 10_000),
        ),
      )
      .option("--only <text>", "only those whose policy's name contains the text", "")
      .action(async (options: { readonly sample?: number; readonly only: string }) => {
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
