import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { Command, InvalidArgumentError, Option } from "commander";
import { stages } from "../../stages.ts";
import { awsCredentials } from "../shared/credentials.ts";
import { jsonOption } from "../shared/options.ts";
import { Failure } from "../shared/failure.ts";
import { stageNamed } from "../shared/stage.ts";
import { EXIT } from "../shared/terminal.ts";
import { check, type CheckOptions } from "./check.ts";

interface Options extends CheckOptions {
  readonly check?: true;
}

/** Options of the CDK CLI that bring credentials of their own, or need none. */
const OTHER_CREDENTIALS = /^(--profile|--plugin|--help|-h|--version)(=|$)/u;

/** Checks a stage, then deploys all its stacks with the pinned CDK CLI. @param cdk arguments after `--` */
export function deployProgram(cdk: readonly string[] = []): Command {
  return new Command("npm run deploy --")
    .description("Deploys all stacks of a stage, or checks what the AWS account allows it.")
    .usage("[options] <stage> [-- options of cdk deploy]")
    .argument("<stage>", `one of stages.ts: ${Object.keys(stages).join(", ")}`)
    .option("--check", "deploy nothing: compare what the account and the stage allow with what the load needs")
    .addOption(new Option("--pbxes <n>", "with --check: PBXes, instead of the stage's").argParser(whole))
    .addOption(
      new Option("--pushes <n>", "with --check: pushes per PBX and day, instead of the stage's").argParser(whole),
    )
    .addOption(jsonOption("with --check: the outcome as JSON, for programs"))
    .addHelpText(
      "after",
      `
What stands behind a second -- goes to cdk deploy as it is.

Examples:
  $ npm run deploy -- prod --check --pbxes 1000
  $ npm run deploy -- prod
  $ npm run deploy -- prod -- --require-approval never

Exit code: 0 deployed or enough, 1 failed or too little, 2 wrong usage, 3 with --check: some could not be read.`,
    )
    .action(async (name: string, { check: checks, ...options }: Options, command: Command) => {
      const taken = ["check", "pbxes", "pushes"].find((option) => process.env[`npm_config_${option}`] !== undefined);
      if (taken !== undefined)
        command.error(`error: npm took --${taken} for itself: npm run deploy -- ${name} --${taken}`);
      const stage = stageNamed(name);
      const [idle] = Object.keys(options);
      if (!checks && idle !== undefined) command.error(`error: --${idle} needs --check`);
      if (checks && cdk.length > 0) command.error(`error: --check takes no options of cdk deploy`);
      process.exitCode = await (checks ? check(stage, stages[name]?.quotas ?? {}, options) : deploy(name, cdk));
    });
}

/** The command's own arguments, and what goes to the CDK CLI. */
export function splitArguments(args: readonly string[]): readonly [own: readonly string[], cdk: readonly string[]] {
  const at = args.indexOf("--");
  return at < 0 ? [args, []] : [args.slice(0, at), args.slice(at + 1)];
}

function whole(text: string): number {
  if (/^[1-9]\d{0,6}$/u.test(text)) return Number(text);
  throw new InvalidArgumentError("must be a number from 1 to 9,999,999");
}

async function deploy(stage: string, options: readonly string[]): Promise<number> {
  if (!options.some((option) => OTHER_CREDENTIALS.test(option))) await awsCredentials();
  const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");
  const { status, error } = spawnSync(process.execPath, [cdk, "deploy", "--all", "-c", `stage=${stage}`, ...options], {
    stdio: "inherit",
  });
  if (error !== undefined) throw new Failure("cdk", `cannot start the CDK CLI: ${error.message}`);
  return status ?? EXIT.failed;
}
