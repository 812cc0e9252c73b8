import { setTimeout as sleep } from "node:timers/promises";
import type { MetricName } from "../../lambdas/core/shared/metrics.ts";
import type { LocalHost } from "../../local/host.ts";
import type { Alarm } from "../../local/metrics/alarms.ts";
import { breakIt, mend, type Scenario } from "./scenarios.ts";
import type { Scene } from "./scene.ts";

/** How a scenario went. */
export interface Played {
  /** Its alarms, once all had fired or the time was up. */
  readonly alarms: readonly {
    readonly name: string;
    readonly description: string;
    readonly fired: boolean;
    /** The value beyond the threshold, and the threshold; empty for a composite alarm. */
    readonly value: string;
  }[];
  /** Its metrics that were not emitted. */
  readonly missing: readonly MetricName[];
  /** Its alarms that were still on long after everything worked again. */
  readonly stillOn: readonly string[];
}

/** Time between two rounds in ms: the period of most alarms. */
const ROUND = 300_000; // 5 minutes
/** Rounds within which an alarm must have fired, or be off again. */
const ROUNDS = 8;
/** The functions' log lines arrive this long after their answers, in ms of this machine. */
const LINES = 500;

/** Causes the scenario's failures until its alarms fire, then ends them until the alarms are off. Hours pass in seconds. */
export async function play(scenario: Scenario, scene: Scene): Promise<Played> {
  const { host } = scene;
  const { metrics } = host;
  const alarms = scenario.alarms.map((name) => alarmOf(host, name));
  const alarmsOn = () => alarms.filter(metrics.isOn);
  await calm(scenario, host, alarmsOn); // earlier alarms may still be on

  const since = metrics.store.now();
  const missing = () => scenario.metrics.filter((name) => !emitted(host, name, since));
  await breakIt(scene, scenario);
  for (let left = ROUNDS; left > 0; left -= 1) {
    await Promise.all([scenario.load(scene), host.runSchedules()]);
    const done = () => alarmsOn().length === alarms.length && missing().length === 0;
    const end = Date.now() + LINES;
    while (!done() && Date.now() < end) await sleep(20);
    if (done()) break;
    metrics.store.pass(scenario.round ?? ROUND);
  }
  const told = alarms.map((alarm) => ({
    name: shortName(alarm),
    description: alarm.description,
    fired: metrics.isOn(alarm),
    value: "anyOf" in alarm ? "" : `${metrics.value(alarm) ?? "no data"}, alarm at ${alarm.threshold}`,
  }));
  const absent = missing();
  mend(scene, scenario);
  await calm(scenario, host, alarmsOn);
  return { alarms: told, missing: absent, stillOn: alarmsOn().map(shortName) };
}

/** Rounds with scheduled events only, until no alarm is on. */
async function calm({ round = ROUND }: Scenario, host: LocalHost, alarmsOn: () => readonly Alarm[]): Promise<void> {
  for (let left = ROUNDS; left > 0 && alarmsOn().length > 0; left -= 1) {
    host.metrics.store.pass(round);
    await host.runSchedules();
    const end = Date.now() + LINES;
    while (alarmsOn().length > 0 && Date.now() < end) await sleep(20);
  }
}

const emitted = ({ metrics: { store } }: LocalHost, name: MetricName, since: number): boolean =>
  store
    .list()
    .some(
      (metric) =>
        metric.name === name &&
        store.series(metric, "SampleCount", { from: since, to: store.now(), period: 1 }).size > 0,
    );

const shortName = ({ name }: Alarm): string => name.replace(/^push-[a-z0-9]+-/u, "");

function alarmOf({ metrics }: LocalHost, name: string): Alarm {
  const found = metrics.alarms.find((alarm) => shortName(alarm) === name);
  if (found === undefined) throw new Error(`the template has no alarm ${name}`);
  return found;
}
