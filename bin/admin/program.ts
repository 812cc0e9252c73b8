import { Command, InvalidArgumentError, Option } from "commander";
import { adminApi } from "./api.ts";
import { withCompletion } from "../shared/completion.ts";
import { doctorCommand, whoamiCommand } from "./commands/doctor.ts";
import { domainsCommand } from "./commands/domains.ts";
import { appsCommand, mailCommand, pushCommand, tokensCommand } from "./commands/service.ts";

const WANTED = "must be a URL such as https://HOST";
const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol);

function address(text: string): string {
  if (isAddress(text)) return text;
  throw new InvalidArgumentError(WANTED);
}

/** The operator's command line over the operator's HTTP API. */
export function adminProgram(): Command {
  const program = new Command("push-admin")
    .description(
      "The operator of a push service: domains with their owners, secrets, connections and history; email; apps; test pushes; tokens.",
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
    .addHelpText(
      "after",
      `
Away from this machine requests are signed with your AWS credentials (environment, profile, SSO, …).

Examples:
  $ npx push-admin domains add pbx.example.com/master
  $ npx push-admin domains delete pbx.example.com --yes
  $ npx push-admin push ios-call:ab12… --account pbx.example.com
  $ npx push-admin domains export > domains.ndjson
  $ ADMIN_URL=https://ID.execute-api.eu-central-1.amazonaws.com npx push-admin domains list --json

Exit code: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted.`,
    );
  const api = () => {
    const { ADMIN_URL = "" } = process.env;
    const url =
      ADMIN_URL === "" || program.getOptionValueSource("url") === "cli"
        ? program.opts<{ url: string }>().url
        : ADMIN_URL;
    if (!isAddress(url)) program.error(`error: ADMIN_URL ${WANTED}, not ${JSON.stringify(url)}`);
    return adminApi(url, process.env);
  };
  for (const make of [
    domainsCommand,
    doctorCommand,
    mailCommand,
    pushCommand,
    tokensCommand,
    appsCommand,
    whoamiCommand,
  ])
    program.addCommand(make(api));
  return withCompletion(program);
}
