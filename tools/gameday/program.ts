import { once } from "node:events";
import { Command } from "commander";
import { startLocalHost } from "../../local/host.ts";
import { adminApi } from "../../bin/admin/api.ts";
import { hostOptions } from "../../bin/local/run.ts";
import { Failure } from "../../bin/shared/failure.ts";
import { EXIT, interrupted } from "../../bin/shared/terminal.ts";
import { play, type Played } from "./play.ts";
import { scenarios, type Scenario } from "./scenarios.ts";

const ACCOUNT = "gameday.example.com";

interface Options {
  readonly only?: string;
  readonly keep?: true;
}

/** `npm run gameday`: breaks the service on this machine in its main ways and shows which alarms fire. */
export const gamedayProgram = (): Command =>
  new Command("npm run gameday --")
    .description(
      "Breaks the service on this machine in its main ways, and shows which alarms fire and what users notice.",
    )
    .option("--only <text>", "only scenarios whose title or alarm contains this text")
    .option("--keep", "keep the service and its dashboard running afterwards, until Ctrl-C")
    .addHelpText(
      "after",
      `
Scenarios:
${scenarios.map(({ title, alarms }) => `  ${title} (${alarms.join(", ")})`).join("\n")}

Examples:
  $ npm run gameday
  $ npm run gameday -- --only posts-late --keep

Exit code: 0 all alarms fired and ended as they should, 1 some did not, 2 wrong usage.`,
    )
    .action(async ({ only = "", keep }: Options) => {
      const wanted = scenarios.filter(({ title, alarms }) =>
        [title, ...alarms].some((text) => text.toLowerCase().includes(only.toLowerCase())),
      );
      if (wanted.length === 0)
        throw new Failure("usage", `no scenario or alarm contains "${only}": --help lists them`, EXIT.usage);
      process.exitCode = (await runGameDay(wanted, keep ?? false)) ? EXIT.ok : EXIT.failed;
    });

/** Whether every scenario's alarms fired and ended. */
async function runGameDay(wanted: readonly Scenario[], keep: boolean): Promise<boolean> {
  const host = await startLocalHost(hostOptions(process.env));
  try {
    const { secret } = await adminApi(host.url, process.env).call("POST", "/domains", { body: { account: ACCOUNT } });
    console.log(`Hours pass in seconds. To see the lines crossed: ${host.url}/_local/dashboard`);
    let failed = 0;
    for (const scenario of wanted) {
      console.log(`\n${scenario.title}`);
      failed += tell(await play(scenario, { host, account: ACCOUNT, secret }), scenario) ? 0 : 1;
    }
    console.log(
      failed === 0 ? "\nAll alarms fired when they should." : `\nScenarios that did not go as expected: ${failed}.`,
    );
    if (keep) {
      console.log(`The service keeps running at ${host.url}/_local/dashboard until Ctrl-C.`);
      await once(interrupted(), "abort");
    }
    return failed === 0;
  } finally {
    await host.stop();
  }
}

/** Prints name, value beyond the threshold, and what users notice. Returns whether all went as expected. */
function tell({ alarms, missing, stillOn }: Played, { metrics }: Scenario): boolean {
  for (const { name, value, description, fired } of alarms)
    console.log(
      `  ${fired ? "fires " : "SILENT"}  ${name}${value === "" ? "" : `: ${value}`}\n          ${description}`,
    );
  if (metrics.length > 0)
    console.log(`  ${missing.length === 0 ? `seen in ${metrics.join(", ")}` : `NOT SEEN ${missing.join(", ")}`}`);
  console.log(stillOn.length === 0 ? "  off again" : `  STILL ON ${stillOn.join(", ")}`);
  return alarms.every(({ fired }) => fired) && missing.length === 0 && stillOn.length === 0;
}
