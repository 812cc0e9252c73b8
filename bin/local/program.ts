import { Command } from "commander";

/** `npm start` runs the service on this machine until it is asked to stop; `npm run demo` plays its story once. */
export function localProgram(): Command {
  const program = new Command("npm start --")
    .description(
      "Runs the service on this machine until Ctrl-C: the CloudFormation templates and bundles that are deployed.",
    )
    .addHelpText(
      "after",
      `
Environment: PORT (8080), DYNAMODB_ENDPOINT (a DynamoDB of your own), DNS_SERVERS (address:port, by comma),
LOG=1 (the functions' log lines on standard error).

Examples:
  $ npm start
  $ PORT=9090 npm start

Exit code: 0 ended by Ctrl-C, 1 failed, 2 wrong usage.`,
    )
    .action(async () => (await import("./run.ts")).runHost(process.env));
  program
    .command("demo")
    .description("Plays the whole story once, on a host of its own, and ends.")
    .action(async () => (await import("./demo.ts")).runDemo(process.env));
  return program;
}
