import { Presets, SingleBar } from "cli-progress";
import { Command, InvalidArgumentError, Option } from "commander";
import { join } from "node:path";
import { awsCredentials } from "../shared/credentials.ts";
import { jsonOption, numberFrom } from "../shared/options.ts";
import { stageNamed } from "../shared/stage.ts";
import { complain, EXIT, interrupted, say, table } from "../shared/terminal.ts";
import { awsPorts } from "./aws-ports.ts";
import { fates, type Counts, type Fate } from "./device.ts";
import { findPlace, regionOf } from "./place.ts";
import { nothing, rebuild, type Progress } from "./rebuild.ts";
import { stateFile } from "./state.ts";

interface Options {
  readonly rate: number;
  readonly dryRun?: true;
  readonly resume?: true;
  readonly key?: string;
  readonly state?: string;
  readonly json?: true;
}

function keyArn(text: string): string {
  if (regionOf(text) !== undefined) return text;
  throw new InvalidArgumentError("must be the ARN of a KMS key: arn:aws:kms:REGION:ACCOUNT:key/ID");
}

/** Creates new SNS endpoints for the phones of a stage that has moved. */
export function rebuildProgram(): Command {
  return new Command("npm run rebuild-endpoints --")
    .description(
      "Makes the SNS endpoints of all known phones again, from their sealed tokens: after a move to another Region.",
    )
    .argument(
      "<stage>",
      "name of the stage they are to live in; table, key and applications are read from its stacks' outputs",
    )
    .addOption(
      new Option("--rate <n>", "new endpoints per second; Frankfurt allows 150, posts need their share")
        .argParser(numberFrom(0.1, 1_000))
        .default(20),
    )
    .addOption(
      new Option(
        "--key <arn>",
        "KMS key that opens the tokens, if not the stage's own: the old Region's, or a replica of it",
      ).argParser(keyArn),
    )
    .option("--dry-run", "only count")
    .option("--resume", "go on where the last run ended")
    .option("--state <file>", "where that is kept; default .local/rebuild/STAGE.json")
    .addOption(jsonOption("the outcome as JSON, for programs"))
    .addHelpText(
      "after",
      `
It can be repeated, and run beside the service. Rights: cloudformation:DescribeStacks, dynamodb:Scan and UpdateItem on
the core table, sns:CreatePlatformEndpoint, kms:GetPublicKey, kms:Decrypt. Tokens are never shown.

Examples:
  $ npm run rebuild-endpoints -- prod2 --dry-run
  $ npm run rebuild-endpoints -- prod2 --key arn:aws:kms:eu-west-1:123456789012:key/mrk-… --rate 50

Exit code: 0 done, 1 some could not be done (run it again) or it failed, 2 wrong usage, 130 interrupted (--resume goes on).`,
    )
    .action(async (name: string, options: Options) => {
      const stage = stageNamed(name);
      await awsCredentials();
      const place = await findPlace(stage, options.key);
      const state = stateFile(options.state ?? join(".local", "rebuild", `${name}.json`), place.table);
      const from = options.resume ? state.read() : undefined;
      if (options.resume && from === undefined) complain("No saved progress found; starting from the beginning.");
      const [signal, dryRun] = [interrupted(), options.dryRun ?? false];
      const bar = progressBar(from?.counts ?? nothing);
      let progress: Progress;
      try {
        progress = await rebuild(await awsPorts(place), {
          place,
          rate: options.rate,
          dryRun,
          from,
          signal,
          onPage: (page) => {
            bar.show(page.counts);
            if (!dryRun) state.write(page);
          },
        });
      } finally {
        bar.stop();
      }
      tell(progress, dryRun, options.json ?? false);
      process.exitCode = exitCode(progress);
    });
}

/** On stderr, if that is a terminal. It only counts, since DynamoDB's number of rows is hours old. */
function progressBar(counts: Counts) {
  const bar = new SingleBar(
    {
      format: "{value} devices seen | {rebuilt} rebuilt, {failed} failed",
      hideCursor: true,
      clearOnComplete: true,
      fps: 4,
    },
    Presets.shades_classic,
  );
  const fields = ({ rebuilt, failed, unreadable }: Counts) => ({ rebuilt, failed: failed + unreadable });
  bar.start(0, seen(counts), fields(counts));
  return { show: (now: Counts) => bar.update(seen(now), fields(now)), stop: () => bar.stop() };
}

const seen = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

function tell({ counts, cursor }: Progress, dryRun: boolean, json: boolean): void {
  const complete = cursor === undefined;
  if (json) return say(JSON.stringify({ dryRun, complete, counts }));
  const rows = (Object.keys(fates) as Fate[])
    .filter((fate) => counts[fate] > 0)
    .map((fate) => [String(counts[fate]), dryRun && fate === "rebuilt" ? "would get a new endpoint" : fates[fate]]);
  say(rows.length === 0 ? "No device has an endpoint yet." : table(["DEVICES", ""], rows));
  if (!complete) say("Interrupted: --resume goes on.");
}

function exitCode({ counts, cursor }: Progress): number {
  if (cursor !== undefined) return EXIT.interrupted;
  return counts.failed + counts.unreadable > 0 ? EXIT.failed : EXIT.ok;
}
