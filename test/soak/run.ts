import { Command, Option } from "commander";
import Table from "cli-table3";
import { machine, machineLine } from "../../bin/fleet/machine.ts";
import { integerFrom, numberFrom } from "../../bin/pbx/options.ts";
import { soak, type Evidence } from "./soak.ts";
import { RULES } from "./verdict.ts";

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly pbxes: number;
  readonly rate: number;
}

const options = new Command("soak")
  .description("A fleet while everything that can goes wrong: at the end a ledger says whether anything was lost, doubled or left behind.")
  .addOption(new Option("--minutes <n>", "of posting").argParser(numberFrom(0.1, 1_440)).default(10))
  .addOption(new Option("--seed <n>", "repeats who posts when and what goes wrong").argParser(integerFrom(0, 2 ** 32 - 1)).default(Math.floor(Math.random() * 2 ** 32), "random"))
  .addOption(new Option("--pbxes <n>", "connections").argParser(integerFrom(1, 500)).default(40))
  .addOption(new Option("--rate <n>", "posts per second").argParser(numberFrom(1, 200)).default(20))
  .parse()
  .opts<Options>();

console.log(machineLine(machine()));
console.log(`seed ${options.seed}`);

const SAY_EVERY_MS = 10_000;
let saidAt = performance.now();
const evidence = await soak({
  ...options,
  onProgress: ({ share, online, tally: { posts } }, { times }) => {
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    const troubles = [...times.values()].reduce((sum, count) => sum + count, 0);
    console.log(`${(share * 100).toFixed(0)} %: ${online} online, ${posts.sent} posts, ${posts.refused} with err, ${troubles} troubles`);
  },
});
report(evidence);

const broken = RULES.flatMap(({ rule, breaches }) => {
  const found = breaches(evidence);
  console.log(`${found.length === 0 ? "✔" : "✘"} ${rule}`);
  for (const breach of found) console.log(`    ${breach}`);
  return found;
});
console.log(broken.length === 0 ? `clean, seed ${options.seed}` : `BROKEN, seed ${options.seed}`);
process.exitCode = broken.length === 0 ? 0 : 1;

function report({ run, ledger, damage, errors, memory, unanswered }: Evidence): void {
  const { posts, connections, latency } = run.tally;
  const totals = ledger.totals();
  const { half, end } = memory.verdict();
  const { p50, p99, max } = latency.summary();
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push(
    ["posts", `${posts.sent} sent, ${posts.taken} taken, ${posts.refused} with err, ${posts.timedOut} without result, ${posts.closed + posts.cut} on sockets that ended`],
    ["pushes", `${totals.pushes} at phones, ${totals.doubles} doubled, ${unanswered} Publish calls without answer, ${totals.unknown} posts told unknown`],
    ["latency", `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(0)} ms`],
    ["connections", `${connections.logins} logins of ${options.pbxes} PBXes, ${connections.ended} ended by the service, ${connections.dropped} dropped by the fleet`],
    ["errors", `${errors.explained()} lines that faults explain; heap ${half.toFixed(0)} MB at half, ${end.toFixed(0)} MB at the end`],
    ["troubles", [...damage.times].map(([name, times]) => `${times} × ${name}`).join(", ")],
  );
  console.log(table.toString());
}
