import { Command, InvalidArgumentError, Option } from "commander";
import { loadavg } from "node:os";
import { measure } from "../cost/measure/measure.ts";
import { beginMeasurement, keep } from "../shared/keep.ts";
import { machineLine } from "../shared/machine.ts";
import { integerFrom } from "../../bin/shared/options.ts";
import { EXIT } from "../../bin/shared/terminal.ts";
import { bundleCosts } from "./bundles/bundles.ts";
import { coldStarts } from "./environments/cold-start.ts";
import { graphs } from "./bundles/graph.ts";
import { append } from "./history.ts";
import { broken } from "./limits.ts";
import { loadsHere, type Load } from "./load/load.ts";
import { overheads } from "./warm/overhead.ts";
import { picture } from "./picture.ts";
import { profile } from "./warm/profile.ts";
import { PARTS, type Part, type Results } from "./results.ts";
import { steady } from "./environments/steady.ts";
import { tables } from "./tables.ts";

interface Options {
  readonly only: readonly Part[];
  readonly posts: number;
  readonly connections: number;
  readonly seconds: number;
  readonly rates: readonly number[];
  readonly against?: string;
  readonly record?: string;
  readonly json?: true;
}

/** Fresh processes of each kind, in turn. */
const PROCESSES = 11;
const STEADY_ROUNDS = 4;

/** `npm run bench`. */
export const benchProgram = (): Command =>
  new Command("npm run bench --")
    .description("What a push costs in bytes, calls, time and CPU. Writes JSON and a picture to .local/bench.")
    .addOption(new Option("--only <parts>", `some of ${PARTS.join(",")}`).argParser(parts).default(PARTS, "all"))
    .option(
      "--posts <n>",
      "measured events of each operation (5,000 or more for a promise)",
      integerFrom(100, 1e6),
      5_000,
    )
    .option("--connections <n>", "PBXes online under load", integerFrom(1, 2_000), 500)
    .option("--seconds <n>", "duration of posting at each rate", integerFrom(1, 600), 20)
    .addOption(
      new Option("--rates <list>", "posts/s; then up by a quarter, or down by a fifth, to the highest rate held")
        .argParser(numbers)
        .default([50, 100, 200], "50,100,200"),
    )
    .option(
      "--against <directory>",
      "another checkout, whose push function is measured in turns with this one's at a steady rate",
    )
    .option("--record <note>", "append to the history in docs/operate/performance.md")
    .option("--json", "print the results as JSON instead of tables")
    .addHelpText(
      "after",
      `
Examples:
  $ npm run bench -- --only profile,graph
  $ npm run bench -- --only load --connections 100 --rates 50,100

Exit code: 0 every promise held, 1 one is broken, 2 wrong usage.`,
    )
    .action(bench);

const say = (text: string) => console.error(text);

async function bench(options: Options): Promise<void> {
  const wanted = (part: Part) => options.only.includes(part);
  const measurement = beginMeasurement();
  say(machineLine(measurement.machine));
  const results: Results = {
    ...measurement,
    loadBefore: loadavg()[0] ?? 0,
    ...(wanted("overhead") && { overhead: await overheads(options.posts) }),
    ...(wanted("profile") && { profile: await profile(options.posts) }),
    ...(wanted("cold") && { cold: await coldStarts(PROCESSES) }),
    ...(wanted("steady") && {
      steady: await steady({ rounds: STEADY_ROUNDS, seconds: options.seconds, against: options.against }),
    }),
    ...(wanted("bundles") && { bundles: await bundleCosts(PROCESSES) }),
    ...(wanted("graph") && { graph: graphs() }),
    ...(wanted("calls") && { calls: (await measure()).operations }),
    ...(wanted("load") && { load: await loadsHere(options.rates, options, sayLoad) }),
  };

  const files = keep("bench", results, picture(results));
  if (options.record !== undefined) append(results, options.record);

  console.log(options.json ? JSON.stringify(results, null, 2) : tables(results).join("\n"));
  for (const file of files) say(file);
  for (const promise of broken(results)) say(`broken: ${promise}`);
  process.exitCode = broken(results).length === 0 ? EXIT.ok : EXIT.failed;
}

function sayLoad({ rate, posts, taken, p50, p99, lag, cpuPer10k }: Load): void {
  const times = `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms, sent late by ${lag.toFixed(1)} ms`;
  say(`${rate} posts/s: ${taken} of ${posts} accepted, ${times}, CPU ${cpuPer10k.toFixed(1)} s/10,000`);
}

function parts(text: string): readonly Part[] {
  return text.split(",").map((name) => {
    const part = PARTS.find((each) => each === name);
    if (part === undefined) throw new InvalidArgumentError(`parts are ${PARTS.join(", ")}.`);
    return part;
  });
}

function numbers(text: string): readonly number[] {
  return text.split(",").map((each) => integerFrom(1, 1_000)(each));
}
