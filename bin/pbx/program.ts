import { Command } from "commander";
import { withCompletion } from "../shared/completion.ts";
import { connectCommand } from "./commands/connect.ts";
import { fleetCommand } from "./commands/fleet.ts";
import { pushCommand } from "./commands/push.ts";
import { registerCommand } from "./commands/register.ts";

/** A PBX on the command line. It speaks docs/protocol.md from its own implementation of the client side. */
export function pbxProgram(): Command {
  const program = new Command("push-pbx").description(
    "A PBX on the command line, speaking to a push service on this machine or anywhere.",
  );
  for (const command of [registerCommand(), connectCommand(), pushCommand(), fleetCommand()])
    program.addCommand(command);
  return withCompletion(program);
}
