import { Command, Option } from "commander";
import type { StageConfig } from "../../lib/config.ts";
import { address, secretOption } from "../pbx/options.ts";
import { awsCredentials } from "../shared/credentials.ts";
import { Failure } from "../shared/failure.ts";
import { jsonOption } from "../shared/options.ts";
import { secretFrom } from "../shared/secret.ts";
import { stageNamed } from "../shared/stage.ts";
import { complain, EXIT, print, say, table } from "../shared/terminal.ts";
import { exitCode, prove } from "./run.ts";
import { findTarget, type Target } from "./target.ts";

interface Options {
  readonly url?: string;
  readonly account?: string;
  readonly secret?: string;
  readonly slow?: true;
  readonly json?: true;
}

/** API Gateway's idle timeout, in ms. */
const IDLE = 600_000;

/** Tries on a running stage what docs/unproven.md only assumes. */
export function proveProgram(): Command {
  return new Command("npm run prove --")
    .description("Tries on a running stage what docs/unproven.md only assumes, row by row.")
    .argument("<stage>", "name of a stage in stages.ts; its addresses are read from its stacks' outputs")
    .addOption(
      new Option("--url <url>", "the Push object's URL instead, of a stage whose stacks cannot be read").argParser(
        address,
      ),
    )
    .option(
      "--account <account>",
      "who logs in; without one, the operator's API sets up an account for the time of the proofs",
    )
    .addOption(secretOption())
    .option("--slow", "also what takes 11 minutes")
    .addOption(jsonOption("the outcome as JSON, for programs"))
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
    .action(async (name: string, { url, account, secret, slow, json }: Options) => {
      const stage = stageNamed(name);
      const target = await targetOf(stage, url);
      const login =
        account === undefined ? undefined : { account, secret: await secretFrom(secret, `Password of ${account}`) };
      const { outcomes, story, problems } = await prove({
        target,
        ...(login && { login }),
        ...(slow && { idleMs: IDLE }),
      });
      for (const problem of problems) complain(problem);
      if (json) print({ stage: name, target, outcomes, story, problems });
      else {
        const rows = outcomes.map(({ id, verdict, why }) => [id, verdict, why]);
        const steps = story.map(({ step, verdict, why }) => [step, verdict, why]);
        say(
          `${table(["ASSUMPTION", "VERDICT", "WHY"], rows)}\n\n${table(["STEP OF THE STORY", "VERDICT", "WHY"], steps)}`,
        );
      }
      process.exitCode = exitCode([...outcomes, ...story]);
    });
}

/** Throws a Failure: nothing can be tried on a stage that is not found. */
async function targetOf(stage: StageConfig, url: string | undefined): Promise<Target> {
  try {
    if (url === undefined) await awsCredentials();
    return await findTarget(stage, url);
  } catch (error) {
    throw new Failure("target", (error as Error).message, EXIT.unreachable);
  }
}
