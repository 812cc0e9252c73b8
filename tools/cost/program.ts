import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { unpriced } from "./model/bill.ts";
import { MEASURED_FILE, readMeasured } from "./measured.ts";
import { items, pricesOf, regions, type Item, type Region } from "./model/prices.ts";
import { costPicture } from "./picture.ts";
import { costReport, costText, pricesText } from "./report.ts";
import { usageOf, type Fleet } from "./model/usage.ts";
import { beginMeasurement, keep } from "../shared/keep.ts";
import { machineLine } from "../shared/machine.ts";
import { integerFrom, numberFrom } from "../../bin/shared/options.ts";
import { EXIT } from "../../bin/shared/terminal.ts";
import { Failure } from "../../bin/shared/failure.ts";

type Given = Readonly<Partial<Record<Item, number>>>;

interface Options {
  readonly pbxes: number;
  readonly pushes: number;
  readonly keepalive: number;
  readonly keepaliveBy: "mock" | "lambda";
  readonly region: Region;
  readonly hostName: boolean;
  readonly price: Given;
  readonly json: boolean;
  readonly prices: boolean;
  readonly measure: boolean;
}

function price(text: string, before: Given): Given {
  const [, name = "", value = ""] = /^(\w+)=(\d+(?:\.\d+)?)$/u.exec(text) ?? [];
  const item = items.find((each) => each === name);
  if (item === undefined) throw new InvalidArgumentError("must be ITEM=USD; --prices shows the items");
  return { ...before, [item]: Number(value) };
}

/** What the service costs on AWS in a month. */
export const costProgram = (): Command =>
  new Command("npm run cost --")
    .description(
      "What the service costs on AWS in a month, from measured counts per operation and a dated price table. Writes JSON and a picture to .local/cost.",
    )
    .option("--pbxes <n>", "PBXes, always connected", integerFrom(1, 1_000_000), 1_000)
    .option("--pushes <n>", "pushes per PBX and day", numberFrom(0, 1_000_000), 500)
    .option("--keepalive <s>", "between two KeepAlives of a PBX", numberFrom(5, 600), 60)
    .addOption(new Option("--keepalive-by <who>", "what answers them").choices(["mock", "lambda"]).default("mock"))
    .addOption(new Option("--region <region>").choices(regions).default("us-east-1"))
    .option("--host-name", "behind a host name of its own: CloudFront and a firewall", false)
    .addOption(
      new Option("--price <ITEM=USD>", "replaces the table's price; can be repeated")
        .argParser(price)
        .default({}, "none"),
    )
    .option("--json", "everything, assumptions too, as JSON", false)
    .option("--prices", "show the Region's price table with its sources, and end", false)
    .option("--measure", "measure the counts per operation again (two minutes, local host), and end", false)
    .addHelpText(
      "after",
      `
Only us-east-1 has all its prices. For eu-west-1 and eu-central-1 no dated source of some could be read, WebSocket prices
among them: the command ends with exit code 2 and names them, rather than guess two thirds of a bill. Look them up at
aws.amazon.com/api-gateway/pricing and give them:
  $ npm run cost -- --region eu-central-1 --price webSocketMessage=USD --price webSocketMinute=USD
  (and from some 8,000 PBXes on --price webSocketMessageOverBillion=USD)

Examples:
  $ npm run cost -- --pbxes 10000 --pushes 500 --keepalive 60
  $ npm run cost -- --pbxes 300 --host-name --json

Exit code: 0 done, 1 failed, 2 wrong usage or a price that is missing.`,
    )
    .action(run);

async function measureAnew(): Promise<void> {
  const { measure } = await import("./measure/measure.ts"); // only this needs the local host
  const { startedAt, commit } = beginMeasurement();
  const measured = { date: startedAt.slice(0, 10), commit, ...(await measure()) };
  writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, null, 2)}\n`);
  console.log(MEASURED_FILE);
}

async function run(options: Options): Promise<void> {
  const prices = pricesOf(options.region, options.price);
  if (options.measure) await measureAnew();
  else if (options.prices) console.log(pricesText(prices));
  else {
    const { pbxes, pushes, keepalive, keepaliveBy, region, hostName, json } = options;
    const fleet: Fleet = { pbxes, pushesPerDay: pushes, keepAliveSeconds: keepalive, keepAlive: keepaliveBy, hostName };
    const measured = readMeasured();
    const missing = unpriced(usageOf(fleet, measured), prices);
    if (missing.length > 0) {
      const flags = missing.map((item) => `--price ${item}=USD`).join(" ");
      throw new Failure(
        "price",
        `${region}: no price with a source for ${missing.join(", ")}. Look them up and repeat the command with ${flags}; us-east-1 has them all.`,
        EXIT.usage,
      );
    }
    const report = costReport(fleet, region, prices, measured);
    const measurement = beginMeasurement();
    console.error(machineLine(measurement.machine));
    console.log(json ? JSON.stringify(report, null, 2) : costText(report));
    for (const file of keep("cost", { ...measurement, ...report }, costPicture(report))) console.error(file);
  }
}
