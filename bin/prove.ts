import { Command, CommanderError, Option } from "commander";
import { ConfigError, readStage } from "../lib/config.ts";
import { stages } from "../stages.ts";
import { complain, EXIT, say, table } from "./admin/terminal.ts";
import { secretOption } from "./pbx/options.ts";
import { exitCode, prove } from "./prove/run.ts";
import { findTarget } from "./prove/target.ts";

interface Options {
  readonly url?: string;
  readonly account?: string;
  readonly secret?: string;
  readonly slow?: true;
  readonly json?: true;
}

/** API Gateway's idle time-out, in ms. */
const IDLE = 600_000;

/** Tries on a running stage what docs/unproven.md only assumes. */
const program = new Command("prove")
  .description("Tries on a running stage what docs/unproven.md only assumes, row by row.")
  .argument("<stage>", "name of a stage in stages.ts; its addresses are read from its stacks' outputs")
  .option("--url <url>", "the Push object's URL instead, of a stage whose stacks cannot be read")
  .option(
    "--account <account>",
    "who logs in; without one, the operator's API sets up an account for the time of the proofs",
  )
  .addOption(secretOption())
  .option("--slow", "also what takes 11 minutes")
  .addOption(new Option("--json", "the outcome as JSON, for programs"))
  .showHelpAfterError("(--help tells more)")
  .addHelpText(
    "after",
    `
It pushes to one made-up token of each app, which Apple and Google refuse, and asks for one registration whose email bounces
at SES's mailbox simulator. Both are cleaned up; SNS keeps the endpoint of each token.

Rights on AWS: cloudformation:DescribeStacks and ListStackResources, cloudwatch:DescribeAlarms, logs:DescribeLogGroups and
DescribeLogStreams, servicequotas:ListServiceQuotas, execute-api:Invoke on the operator's API, execute-api:ManageConnections.

Examples:
  $ npm run prove -- prod --slow
  $ PBX_SECRET=… npm run prove -- prod --url https://push.example.com/push/ws --account pbx.example.com
  $ npm run prove -- local --url http://127.0.0.1:8080

Exit code: 0 something is proven and nothing refuted, 1 something is refuted, 2 wrong usage, 3 nothing could be tried.`,
  )
  .action(async (name: string, { url, account, secret, slow, json }: Options, command: Command) => {
    if (account !== undefined && secret === undefined) command.error("error: --account needs --secret, or PBX_SECRET");
    const target = await findTarget(readStage(name, stages), url);
    const { outcomes, problems } = await prove({
      target,
      ...(account !== undefined && secret !== undefined && { login: { account, secret } }),
      ...(slow && { idleMs: IDLE }),
    });
    for (const problem of problems) complain(problem);
    if (json) say(JSON.stringify({ stage: name, target, outcomes, problems }, undefined, 2));
    else
      say(
        table(
          ["ASSUMPTION", "VERDICT", "WHY"],
          outcomes.map(({ id, verdict, why }) => [id, verdict, why]),
        ),
      );
    process.exitCode = exitCode(outcomes);
  });

try {
  await program.exitOverride().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    complain((error as Error).message);
    process.exitCode = error instanceof ConfigError || error instanceof TypeError ? EXIT.usage : 3;
  }
}
