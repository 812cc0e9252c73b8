import { startLocalHost } from "../../local/host.ts";
import { adminApi } from "../../bin/admin/api.ts";
import { hostOptions } from "../../bin/local/run.ts";
import { play, type Played } from "./play.ts";
import { scenarios, type Scenario } from "./scenarios.ts";

const ACCOUNT = "gameday.example.com";

/** Resolves with the exit code: 0 when every scenario rang its alarms and they were quiet again afterwards, else 1. */
async function runGameDay(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const host = await startLocalHost(hostOptions(environment));
  try {
    const api = adminApi(host.url, environment);
    const { secret } = (await api.call("POST", "/domains", { body: { account: ACCOUNT } })) as {
      readonly secret: string;
    };
    console.log(`Hours pass in seconds. To see the lines crossed: ${host.url}/_local/dashboard`);
    let failed = 0;
    for (const scenario of scenarios) {
      console.log(`\n${scenario.title}`);
      failed += tell(await play(scenario, { host, account: ACCOUNT, secret }), scenario) ? 0 : 1;
    }
    console.log(
      failed === 0 ? "\nAll alarms rang when they should." : `\n${failed} scenarios went otherwise than they should.`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await host.stop();
  }
}

/** Name, the value that crossed the line, and what users notice. Returns whether all went as it should. */
function tell({ alarms, missing, stillRinging }: Played, { metrics }: Scenario): boolean {
  for (const { name, value, description, rang } of alarms)
    console.log(
      `  ${rang ? "rings " : "SILENT"}  ${name}${value === "" ? "" : `: ${value}`}\n          ${description}`,
    );
  if (metrics.length > 0)
    console.log(`  ${missing.length === 0 ? `seen in ${metrics.join(", ")}` : `NOT SEEN ${missing.join(", ")}`}`);
  console.log(stillRinging.length === 0 ? "  quiet again" : `  STILL RINGING ${stillRinging.join(", ")}`);
  return alarms.every(({ rang }) => rang) && missing.length === 0 && stillRinging.length === 0;
}

/** `npm run gameday`: breaks the service on this machine in its main ways and shows which alarms ring. */
process.exitCode = await runGameDay(process.env);
