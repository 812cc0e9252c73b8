import { setTimeout as sleep } from "node:timers/promises";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import type { Alarm } from "../../local/metrics/alarms.ts";
import { adminApi } from "../admin/api.ts";
import { hostOptions } from "../local/run.ts";
import { breakIt, mend, scenarios, type Scenario, type Scene } from "./scenarios.ts";

/** Minutes of metrics that pass in a second: alarms look at quarters of an hour. */
const SPEED = 60;
/** Time of schedules, in ms of this machine: faster than the five minutes after which a silent canary is an alarm. */
const EVERY = 2_000;
/** An alarm rings, or is quiet again, within this, in ms. */
const PATIENCE = 60_000;
const ACCOUNT = "gameday.example.com";

/** Resolves with the exit code: 0 when every scenario rang its alarms and they were quiet again afterwards, else 1. */
export async function runGameDay(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const host = await startLocalHost({ ...hostOptions(environment), metricsSpeed: SPEED });
  const schedules = setInterval(() => void host.runSchedules(), EVERY);
  try {
    const api = adminApi(host.url, environment);
    const { secret } = (await api.call("POST", "/domains", { body: { account: ACCOUNT } })) as {
      readonly secret: string;
    };
    console.log(`Time runs ${SPEED} times as fast. To see the lines crossed: ${host.url}/_local/dashboard`);
    let failed = 0;
    for (const scenario of scenarios) failed += (await play(scenario, { host, account: ACCOUNT, secret })) ? 0 : 1;
    console.log(
      failed === 0 ? "\nAll alarms rang when they should." : `\n${failed} scenarios went otherwise than they should.`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    clearInterval(schedules);
    await host.stop();
  }
}

async function play(scenario: Scenario, scene: Scene): Promise<boolean> {
  const { host } = scene;
  const alarms = scenario.alarms.map((name) => alarmOf(host, name));
  console.log(`\n${scenario.title}`);
  breakIt(host, scenario);
  const rang = await until(
    () => alarms.every(host.metrics.rings),
    () => scenario.load(scene),
  );
  for (const alarm of alarms)
    console.log(`  ${host.metrics.rings(alarm) ? "rings " : "SILENT"}  ${describe(host, alarm)}`);
  mend(host);
  const quiet = await until(
    () => !alarms.some(host.metrics.rings),
    () => sleep(500),
  );
  console.log(quiet ? "  quiet again" : "  STILL RINGING");
  return rang && quiet;
}

async function until(done: () => boolean, work: () => Promise<void>): Promise<boolean> {
  const end = Date.now() + PATIENCE;
  while (!done() && Date.now() < end) await work();
  return done();
}

/** Name, the value that crossed the line, and what users notice. */
function describe({ metrics }: LocalHost, alarm: Alarm): string {
  const crossed = "anyOf" in alarm ? "" : `: ${metrics.value(alarm) ?? "no data"}, alarm at ${alarm.threshold}`;
  return `${alarm.name}${crossed}\n          ${alarm.description}`;
}

function alarmOf({ metrics }: LocalHost, name: string): Alarm {
  const found = metrics.alarms.find((alarm) => alarm.name.replace(/^push-[a-z0-9]+-/u, "") === name);
  if (found === undefined) throw new Error(`the template has no alarm ${name}`);
  return found;
}
