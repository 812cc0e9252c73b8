import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { adminApi, ApiError } from "./admin/api.ts";
import { domainsCommand } from "./admin/commands/domains.ts";
import { appsCommand, mailCommand, pushCommand, tokensCommand } from "./admin/commands/service.ts";
import { complain, EXIT } from "./admin/terminal.ts";

function address(text: string): string {
  if (URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError("must be a URL such as https://HOST");
}

/** The operator's command line over the operator's HTTP API. */
const program = new Command("admin")
  .description(
    "The operator of a push service: domains with their owners, secrets, connections and history; mail; apps; test pushes; tokens.",
  )
  .addOption(
    new Option(
      "--url <url>",
      "the local host, or the operator's API at its execute-api address (ADMIN_URL wins over PUSH_URL)",
    )
      .env("PUSH_URL")
      .argParser(address)
      .default("http://127.0.0.1:8080"),
  )
  .showHelpAfterError("(--help tells more)")
  .addHelpText(
    "after",
    `
Away from this machine requests are signed with your AWS credentials (environment, profile, SSO, …).

Examples:
  $ npm run admin -- domains add pbx.example.com/master
  $ npm run admin -- domains delete pbx.example.com --yes
  $ npm run admin -- push ios-call:ab12… --account pbx.example.com
  $ npm run admin -- domains export > domains.ndjson
  $ ADMIN_URL=https://ID.execute-api.eu-central-1.amazonaws.com npm run admin -- domains list --json

Exit code: 0 done, 1 refused or failed, 2 wrong usage.`,
  );

const api = () => {
  const told = program.getOptionValueSource("url") === "cli" ? undefined : process.env["ADMIN_URL"];
  return adminApi(told === undefined ? program.opts<{ url: string }>().url : address(told), process.env);
};

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];
for (const make of [domainsCommand, mailCommand, pushCommand, tokensCommand, appsCommand])
  program.addCommand(make(api));
for (const command of everyCommand(program)) command.exitOverride().showHelpAfterError("(--help tells more)");

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else if (error instanceof ApiError) {
    complain(error.message);
    process.exitCode = EXIT.failed;
  } else throw error;
}
