import { Command, Option } from "commander";
import { beginMeasurement, keep } from "../shared/keep.ts";
import { machineLine } from "../shared/machine.ts";
import { panelsSvg } from "../shared/panels.ts";
import { integerFrom } from "../../bin/shared/options.ts";
import { EXIT } from "../../bin/shared/terminal.ts";
import type { Fuzzed } from "./target.ts";
import { targets } from "./targets.ts";

interface Options {
  readonly cases: number;
  readonly seed: number;
}

/** A target's run: the results of its cases, or the smallest case that breaks a rule. */
type Run = { readonly name: string; readonly cases: number; readonly seconds: number } & (
  | Fuzzed
  | { readonly broken: string }
);

/** `npm run fuzz`. */
export const fuzzProgram = (): Command =>
  new Command("npm run fuzz --")
    .description(
      "Sends malformed frames, HTTP requests and queue events to the real handlers. Writes JSON and a picture to .local/fuzz.",
    )
    .option("--cases <n>", "in all", integerFrom(10, 1e8), 100_000)
    .addOption(
      new Option("--seed <n>", "repeats a run")
        .argParser(integerFrom(0, 2 ** 31 - 1))
        .default(Math.floor(Math.random() * 2 ** 31), "random"),
    )
    .addHelpText(
      "after",
      `
Examples:
  $ npm run fuzz
  $ npm run fuzz -- --cases 1000 --seed 7

Exit code: 0 every answer was one of ours, 1 one was not, 2 wrong usage.`,
    )
    .action(fuzz);

const MOST = 12;

async function fuzz({ cases, seed }: Options): Promise<void> {
  const measurement = beginMeasurement();
  console.log(machineLine(measurement.machine));
  console.log(`seed ${seed}`);
  const runs: Run[] = [];
  for (const target of targets) {
    const { name, share } = target;
    const count = Math.ceil(cases * share);
    const from = performance.now();
    const seconds = () => (performance.now() - from) / 1_000;
    try {
      const fuzzed = await target.fuzz(count, seed);
      runs.push({ name, cases: count, seconds: seconds(), ...fuzzed });
      console.log(`✔ ${count} ${name} in ${seconds().toFixed(1)} s, the slowest in ${fuzzed.slowestMs.toFixed(0)} ms`);
    } catch (error) {
      process.exitCode = EXIT.failed;
      const broken = error instanceof Error ? error.message : String(error);
      runs.push({ name, cases: count, seconds: seconds(), broken });
      console.log(`✘ ${name}\n${broken}`);
    }
  }

  const panels = runs.flatMap((run) => {
    if (!("answers" in run)) return [];
    const answers = Object.entries(run.answers).slice(0, MOST);
    return [
      {
        title: `${run.cases} ${run.name}, by answer`,
        x: answers.map(([name]) => name),
        series: { cases: answers.map(([, count]) => count) },
        logarithmic: true as const,
      },
    ];
  });
  for (const file of keep("fuzz", { ...measurement, seed, runs }, panelsSvg(panels))) console.log(file);
}
