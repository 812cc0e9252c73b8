import { Command, Option } from "commander";
import { integerFrom } from "../../bin/pbx/options.ts";
import { targets } from "./targets.ts";

interface Options {
  readonly cases: number;
  readonly seed: number;
}

const { cases, seed } = new Command("fuzz")
  .description("Frames, HTTP requests and queue events that no sane client sends, against the real handlers.")
  .addOption(new Option("--cases <n>", "in all").argParser(integerFrom(10, 1e8)).default(100_000))
  .addOption(new Option("--seed <n>", "repeats a run").argParser(integerFrom(0, 2 ** 31 - 1)).default(Math.floor(Math.random() * 2 ** 31), "random"))
  .parse()
  .opts<Options>();

console.log(`seed ${seed}`);
for (const { name, share, fuzz } of targets) {
  const count = Math.ceil(cases * share);
  const startedAt = performance.now();
  try {
    await fuzz(count, seed);
    console.log(`✔ ${count} ${name} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`✘ ${name}\n${error instanceof Error ? error.message : String(error)}`);
  }
}
