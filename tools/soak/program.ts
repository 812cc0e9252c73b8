import { Command, Option } from "commander";
import Table from "cli-table3";
import { beginMeasurement, keep } from "../shared/keep.ts";
import { machine, machineLine } from "../shared/machine.ts";
import { integerFrom, numberFrom } from "../../bin/shared/options.ts";
import { EXIT } from "../../bin/shared/terminal.ts";
import type { Evidence, Post } from "./evidence.ts";
import { picture } from "./picture.ts";
import { soak } from "./soak.ts";
import { quarters } from "./memory.ts";
import { RULES } from "./verdict/verdict.ts";

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly seeds: number;
  readonly pbxes: number;
  readonly rate: number;
}

const SEEDS = 2 ** 32;

/** `npm run soak`. */
export const soakProgram = (): Command =>
  new Command("npm run soak --")
    .description(
      "Runs a fleet while every dependency fails in turn; at the end a ledger shows whether anything was lost, duplicated or left behind. Writes JSON and a picture to .local/soak.",
    )
    .option("--minutes <n>", "of posting", numberFrom(0.1, 1_440), 10)
    .addOption(
      new Option("--seed <n>", "repeats the times of posts and the failures")
        .argParser(integerFrom(0, SEEDS - 1))
        .default(Math.floor(Math.random() * SEEDS), "random"),
    )
    .option("--seeds <n>", "number of runs, one after another, each with the next seed", integerFrom(1, 100), 1)
    .option("--pbxes <n>", "connections", integerFrom(5, 500), 40)
    .option("--rate <n>", "posts per second", numberFrom(1, 200), 20)
    .addHelpText(
      "after",
      `
Examples:
  $ npm run soak -- --minutes 1
  $ npm run soak -- --seeds 3

Exit code: 0 every rule held, 1 one is broken, 2 wrong usage.`,
    )
    .action(run);

async function run(options: Options): Promise<void> {
  console.log(machineLine(machine()));
  const clean: boolean[] = [];
  for (let run = 0; run < options.seeds; run += 1) clean.push(await once(options, (options.seed + run) % SEEDS));
  if (options.seeds > 1) console.log(`${clean.filter(Boolean).length} of ${options.seeds} runs clean`);
  process.exitCode = clean.every(Boolean) ? EXIT.ok : EXIT.failed;
}

async function once(options: Options, seed: number): Promise<boolean> {
  const SAY_EVERY_MS = 10_000;
  console.log(`seed ${seed}`);
  let saidAt = performance.now();
  const evidence = await soak({
    ...options,
    seed,
    onProgress: ({ share, online, tally: { posts } }, { troubles }) => {
      if (performance.now() - saidAt < SAY_EVERY_MS) return;
      saidAt = performance.now();
      console.log(
        `${(share * 100).toFixed(0)} %: ${online} online, ${posts.sent} posts, ${posts.refused} with err, ${troubles.length} troubles`,
      );
    },
  });
  const verdicts = RULES.map(({ rule, breaches }) => ({ rule, breaches: breaches(evidence) }));
  report(evidence);
  for (const { rule, breaches } of verdicts) {
    console.log(`${breaches.length === 0 ? "✔" : "✘"} ${rule}`);
    for (const breach of breaches) console.log(`    ${breach}`);
  }
  const broken = verdicts.some(({ breaches }) => breaches.length > 0);
  for (const file of keep("soak", summary(evidence, verdicts), picture(evidence))) console.log(file);
  console.log(broken ? `BROKEN, seed ${seed}` : `clean, seed ${seed}`);
  return !broken;
}

/** What is stored of a run: everything except single posts and rows; posts that a phone got twice or never are kept. */
function summary({ posts, rows, notForgotten, ...evidence }: Evidence, verdicts: readonly object[]) {
  const odd = posts.filter(({ outcome, pushes }) => pushes > 1 || (outcome?.kind === "taken" && pushes === 0));
  const left = { connections: rows.connections.length, devices: rows.devices.length, notForgotten: notForgotten.size };
  const told = odd.map(({ token: _, wakes, ...post }) => ({ ...post, wakes: wakes.size }));
  return { ...beginMeasurement(), verdicts, totals: totals(posts), rows: left, ...evidence, oddPosts: told };
}

function totals(posts: readonly Post[]) {
  const count = (holds: (post: Post) => boolean) => posts.filter(holds).length;
  return {
    posts: posts.length,
    taken: count(({ outcome }) => outcome?.kind === "taken"),
    refused: count(({ outcome }) => outcome?.kind === "refused"),
    pushes: posts.reduce((sum, { pushes }) => sum + pushes, 0),
    doubled: count(({ pushes }) => pushes > 1),
  };
}

function report(evidence: Evidence): void {
  const { posts, counted, connections, latency, errors, unanswered, troubles, settings } = evidence;
  const { pushes, doubled } = totals(posts);
  const mb = (of: "host" | "environment" | "rss") => {
    const { early, late } = quarters(evidence, (sample) => sample[of] / 2 ** 20);
    return `${early.toFixed(0)} → ${late.toFixed(0)} MB`;
  };
  const times = new Map<string, number>();
  for (const { name } of troubles) times.set(name, (times.get(name) ?? 0) + 1);
  const table = new Table({ colWidths: [14, 110], wordWrap: true, style: { head: [], border: [], compact: true } });
  table.push(
    [
      "posts",
      `${counted.sent} sent, ${counted.taken} taken, ${counted.refused} with err, ${counted.timedOut} without result, ${counted.closed + counted.cut} on sockets that ended`,
    ],
    ["pushes", `${pushes} at phones, ${doubled} posts doubled, ${unanswered} Publish calls without answer`],
    ["latency", `p50 ${latency.p50.toFixed(1)}, p99 ${latency.p99.toFixed(1)}, max ${latency.max.toFixed(0)} ms`],
    [
      "connections",
      `${connections.logins} logins of ${settings.pbxes} PBXes, ${connections.ended} ended by the service, ${connections.dropped} dropped by the fleet`,
    ],
    ["errors", `${errors.length} lines`],
    ["memory", `heap ${mb("host")}, of an execution environment ${mb("environment")}, in all ${mb("rss")}`],
    ["troubles", [...times].map(([name, count]) => `${count} × ${name}`).join(", ")],
  );
  console.log(table.toString());
}
