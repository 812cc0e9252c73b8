import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/** Adds `completion SHELL`, for a program that people type by its own name. Last, as it reads all other commands. */
export function withCompletion(program: Command): Command {
  tab(program, { completionCommandName: "completion" });
  const completion = program.commands.find((command) => command.name() === "completion");
  completion?.summary("completes commands and options by TAB: prints what your shell has to read").addHelpText(
    "after",
    `
Where ${program.name()} is no command of its own: alias ${program.name()}='npx ${program.name()}'

Examples:
  $ source <(npx ${program.name()} completion bash)
  $ source <(npx ${program.name()} completion zsh)`,
  );
  return program;
}
