import { fileURLToPath } from "node:url";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/**
 * Adds `completion SHELL`, for a program with a command name of its own. Call it last, as it reads all other commands.
 */
export function withCompletion(program: Command): Command {
  tab(program, { completionCommandName: "completion" });
  const completion = program.commands.find((command) => command.name() === "completion");
  completion?.summary("completes commands and options by TAB: prints what your shell has to read").addHelpText(
    "after",
    `
bash needs the package bash-completion. Where ${program.name()} is no command of your shell's:
alias ${program.name()}=${fileURLToPath(new URL(`../${program.name()}.js`, import.meta.url))}

Examples:
  $ source <(npx ${program.name()} completion bash) 2>/dev/null
  $ source <(npx ${program.name()} completion zsh)`,
  );
  return program;
}
