import { Command, Option } from "commander";
import { peakOf, SHAPES, type Shape } from "../../../tools/fleet/arrivals.ts";
import { ownDomains, sharedSecret } from "../../../tools/fleet/accounts.ts";
import { integerFrom, numberFrom } from "../../shared/options.ts";
import { EXIT } from "../../shared/terminal.ts";
import { failureFrom } from "../errors.ts";
import { accountOption, passwordOf, secretOption, urlOption, type TargetOptions } from "../options.ts";
import { isLoopback } from "../url.ts";

interface FleetCommandOptions extends TargetOptions {
  readonly account?: string;
  readonly secret?: string;
  readonly pbxes: number;
  readonly perDomain: number;
  readonly ramp: number;
  readonly settle: number;
  readonly duration: number;
  readonly rate: number;
  readonly shape: Shape;
  readonly devices: number;
  readonly token?: readonly string[];
  readonly payloadBytes: number;
  readonly keepalive: number;
  readonly timeout: number;
  readonly drops: number;
  readonly seed: number;
  readonly maxP99?: number;
  readonly maxErrRate?: number;
  readonly out: string;
  readonly json?: true;
  readonly yesThisIsMine?: true;
}

const number = (flags: string, text: string, least: number, most: number, standard?: number) =>
  new Option(flags, `${text} (${least} to ${most})`).default(standard).argParser(numberFrom(least, most));
const integer = (flags: string, text: string, least: number, most: number, standard: number) =>
  number(flags, text, least, most, standard).argParser(integerFrom(least, most));

export const fleetCommand = () =>
  new Command("fleet")
    .summary("many PBXes at once, measured")
    .description(
      "Runs a fleet of PBXes: ramped connects, logins, KeepAlives, posts at a rate, reconnects; reports latencies and every lost post.",
    )
    .addOption(urlOption())
    .addOption(accountOption())
    .addOption(secretOption())
    .addOption(integer("--pbxes <n>", "connections", 1, 5_000, 50))
    .addOption(
      integer(
        "--per-domain <n>",
        "PBXes that share a domain, without --account: fewer domains are made sooner; the service limits posts and new phones by domain",
        1,
        1_000,
        1,
      ),
    )
    .addOption(number("--ramp <n>", "connects begun per second", 1, 500, 50))
    .addOption(
      number(
        "--settle <seconds>",
        "from the last login until the first post; the service looks at every login again after 15 s",
        0,
        3_600,
        0,
      ),
    )
    .addOption(number("--duration <seconds>", "of posting, after the ramp", 1, 3_600, 30))
    .addOption(number("--rate <n>", "posts per second, on average over the run", 0, 1_000, 10))
    .addOption(
      new Option(
        "--shape <shape>",
        `a working day in compressed time (peak ${peakOf("day").toFixed(1)} × the average), or flat`,
      )
        .choices(SHAPES)
        .default("day"),
    )
    .addOption(
      integer("--devices <n>", "phones per PBX, with made-up tokens for the apps ios-call, ios, android", 1, 1_000, 5),
    )
    .addOption(new Option("--token <token...>", "push tokens to use instead of made-up ones"))
    .addOption(integer("--payload-bytes <n>", "of every post", 0, 4_000, 300))
    .addOption(number("--keepalive <seconds>", "between two KeepAlives", 0.1, 3_600, 60))
    .addOption(number("--timeout <seconds>", "after which a post counts as lost", 0.1, 120, 10))
    .addOption(number("--drops <n>", "connections per minute that the fleet drops, to reconnect", 0, 6_000, 0))
    .addOption(
      integer(
        "--seed <n>",
        "repeats who posts when; random by default",
        0,
        2 ** 32 - 1,
        Math.floor(Math.random() * 2 ** 32),
      ),
    )
    .addOption(number("--max-p99 <ms>", "fail above this 99th percentile", 0, 120_000))
    .addOption(number("--max-err-rate <share>", "fail above this share of answers with err", 0, 1))
    .addOption(new Option("--out <directory>", "of the JSON and HTML reports").default(".local/fleet"))
    .addOption(new Option("--json", "print the report as JSON instead of a table"))
    .addOption(new Option("--yes-this-is-mine", "needed for a service that is not on this machine"))
    .addHelpText(
      "after",
      `
Without --account, every PBX gets a domain of its own from the operator of the local host, deleted at the end; with
--per-domain 20, every 20 are accounts of one domain, as a customer's PBXes are.
A service elsewhere needs --account and --token: your own.
With --account, all log in with --secret; {n} in the account becomes the number of the PBX.

Examples:
  $ npx push-pbx fleet --pbxes 500 --per-domain 20 --ramp 100 --rate 200 --shape flat --max-p99 1000
  $ npx push-pbx fleet --url https://push.example.com/push/ws --yes-this-is-mine --account load.example/{n} --token android:APA91…

Exit code: 0 good, 1 a post without result, a PBX that never logged in, a breach of the protocol or a threshold broken,
2 wrong usage, 3 no PBX could log in.`,
    )
    .action(async (options: FleetCommandOptions, command: Command) => {
      if (!isLoopback(options.url) && options.yesThisIsMine !== true) {
        command.error(
          `error: ${options.url} is not on this machine. A fleet is a load test: add --yes-this-is-mine if you may do that.`,
        );
      }
      if (!isLoopback(options.url) && (options.account === undefined || options.token === undefined)) {
        command.error(
          "error: a service that is not on this machine needs --account and --token: it knows no domain made up here, and made-up tokens would spoil its endpoints at SNS.",
        );
      }
      process.exitCode = await run(options);
    });

async function run(options: FleetCommandOptions): Promise<number> {
  const { url, account, secret, pbxes, perDomain } = options;
  const source =
    account === undefined
      ? ownDomains(url, pbxes, perDomain)
      : sharedSecret(account, await passwordOf({ account, secret }), pbxes);
  const { fleet } = await import("../../../tools/fleet/main.ts"); // load charts and tables only if needed
  try {
    return await fleet({
      url,
      source,
      pbxes,
      rampPerSecond: options.ramp,
      settleMs: options.settle * 1_000,
      durationMs: options.duration * 1_000,
      rate: options.rate,
      shape: options.shape,
      devices: options.devices,
      tokens: options.token ?? [],
      payloadBytes: options.payloadBytes,
      keepAliveMs: options.keepalive * 1_000,
      resultMs: options.timeout * 1_000,
      dropsPerMinute: options.drops,
      seed: options.seed,
      thresholds: {
        ...(options.maxP99 !== undefined && { maxP99: options.maxP99 }),
        ...(options.maxErrRate !== undefined && { maxErrRate: options.maxErrRate }),
      },
      out: options.out,
      json: options.json ?? false,
    });
  } catch (error) {
    throw failureFrom(error, EXIT.unreachable);
  }
}
