import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { EXIT } from "../../bin/shared/terminal.ts";
import { readStage } from "../../lib/config.ts";
import { stages } from "../../stages.ts";
import { readMeasured } from "../cost/measured.ts";
import { beginMeasurement, keep } from "../shared/keep.ts";
import { machineLine } from "../shared/machine.ts";
import { ROOT } from "../shared/repository.ts";
import { echoSvg, recoverySvg } from "./plots.ts";
import { fill, scale } from "./tables.ts";

const DOCS = join(ROOT, "docs");
const DOCUMENT = join(DOCS, "operate", "scale.md");

/** Limits, reconnect storms and cost on paper, from measured counts. */
export const scaleProgram = (): Command =>
  new Command("npm run scale --")
    .description(
      "Writes the tables of docs/operate/scale.md and its plots again: limits, reconnect storm, early close, cost; JSON and a plot to .local/scale.",
    )
    .option("--check", "change nothing; exit with 1 if docs/operate/scale.md does not contain these numbers", false)
    .option("--json", "print the tables as JSON and change nothing", false)
    .addHelpText(
      "after",
      `
The simulations are repeatable: the same sources give the same numbers.

Exit code: 0 done, 1 failed or out of date, 2 wrong usage.`,
    )
    .action((options: Options) => {
      process.exitCode = run(options);
    });

interface Options {
  readonly check: boolean;
  readonly json: boolean;
}

function run({ check, json }: Options): number {
  const measurement = beginMeasurement();
  console.error(machineLine(measurement.machine));
  const result = scale(readMeasured(), readStage("minimal", stages));
  const kept = { ...measurement, tables: result.tables };
  for (const file of keep("scale", kept, recoverySvg(result.recoveries))) console.error(file);
  if (json) {
    console.log(JSON.stringify(result.tables, null, 2));
    return EXIT.ok;
  }
  const before = readFileSync(DOCUMENT, "utf8");
  const after = fill(before, result.tables);
  if (check) {
    console.log(
      before === after ? "docs/operate/scale.md is up to date" : "docs/operate/scale.md is out of date: npm run scale",
    );
    return before === after ? EXIT.ok : EXIT.failed;
  }
  writeFileSync(DOCUMENT, after);
  mkdirSync(join(DOCS, "img"), { recursive: true });
  const plots = { "storm.svg": recoverySvg(result.recoveries), "early-close.svg": echoSvg(result.echoes) };
  for (const [name, text] of Object.entries(plots)) writeFileSync(join(DOCS, "img", name), text);
  console.log([DOCUMENT, ...Object.keys(plots).map((name) => join(DOCS, "img", name))].join("\n"));
  return EXIT.ok;
}
