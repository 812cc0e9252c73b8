import { Command, CommanderError } from "commander";
import { connectCommand } from "./pbx/commands/connect.ts";
import { fleetCommand } from "./pbx/commands/fleet.ts";
import { pushCommand } from "./pbx/commands/push.ts";
import { registerCommand } from "./pbx/commands/register.ts";
import { EXIT } from "./pbx/terminal.ts";

/** A PBX on the command line. It speaks docs/protocol.md from its own implementation of the client side. */
const program = new Command("pbx")
  .description("A PBX on the command line, speaking to a push service on this machine or anywhere.")
  .showHelpAfterError("(--help tells more)");

for (const command of [registerCommand(), connectCommand(), pushCommand(), fleetCommand()]) {
  program.addCommand(command.copyInheritedSettings(program).exitOverride());
}

try {
  await program.exitOverride().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
