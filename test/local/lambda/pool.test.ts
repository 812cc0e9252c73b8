import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createCores, type Cores } from "../../../local/lambda/cores.ts";
import { createFunction, type LambdaFunction, type PoolClock } from "../../../local/lambda/pool.ts";
import { eventually } from "../../support/process/waiting.ts";
import { functionIn } from "../../support/values/function-definition.ts";

/** Writes the lines of its event; with `until`, ends once that file exists. */
const HANDLER = `
  import { existsSync } from "node:fs";
  export const handler = async ({ until, lines = [], through }) => {
    for (const line of lines) through === "console" ? console.log(line) : process.stdout.write(line + "\\n");
    while (until !== undefined && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 5));
    return "done";
  };`;

const endings: (() => unknown)[] = [];
afterEach(() => Promise.all(endings.splice(0).map((end) => end())));

/** Stands still; sleepers wake once the test has moved it far enough. */
interface ManualClock extends PoolClock {
  pass(ms: number): void;
  readonly asleep: () => number;
}
function manualClock(): ManualClock {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: (value?: unknown) => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: now + ms, wake })),
    asleep: () => sleepers.length,
    pass(ms) {
      now += ms;
      const woken = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of woken) wake();
    },
  };
}
let clock: ManualClock;
beforeEach(() => void (clock = manualClock()));

const idle: Cores = { add: () => undefined, remove: () => undefined, watch: () => () => false };
const busy: Cores = { ...idle, watch: () => () => true };

function start(cores: Cores, onLog: (line: string) => void = () => undefined) {
  const taskRoot = mkdtempSync(join(tmpdir(), "pool-"));
  writeFileSync(join(taskRoot, "index.mjs"), HANDLER);
  const created = createFunction(functionIn(taskRoot), cores, onLog, clock);
  endings.push(async () => {
    await created.stop();
    rmSync(taskRoot, { recursive: true });
  });
  const until = join(taskRoot, "go");
  return { created, held: { until }, release: () => writeFileSync(until, "") };
}

const sandboxes = async (created: LambdaFunction) => (await created.heaps()).length;
const all = (created: LambdaFunction, event: object, times: number) =>
  Promise.all(Array.from({ length: times }, () => created.invoke(event)));
const asleep = () => eventually(() => (clock.asleep() > 0 ? true : undefined));

it("starts no sandbox for events that finish before it would be ready", async () => {
  const { created } = start(idle);
  await created.invoke({});
  const results = await all(created, {}, 20);
  expect(results).toEqual(results.map(() => ({ ok: true, payload: "done" })));
  clock.pass(60_000);
  expect(await sandboxes(created)).toBe(1);
});

it("starts more sandboxes for events that run at the same time, up to the maximum", async () => {
  const { created, held, release } = start(idle);
  const results = all(created, held, 8);
  for (const most of [2, 3, 4]) {
    await asleep();
    clock.pass(1);
    await eventually(async () => ((await sandboxes(created)) === most ? true : undefined));
  }
  release();
  await results;
  expect(await sandboxes(created)).toBe(4);
});

it("delays the start while all cores are busy, for 5 s at most", async () => {
  const { created, held, release } = start(busy);
  await created.invoke({});
  const waiting = all(created, held, 2);
  for (const ms of [1, 4_999]) {
    await asleep();
    clock.pass(ms);
  }
  await asleep();
  expect(await sandboxes(created)).toBe(1);
  clock.pass(1);
  await eventually(async () => ((await sandboxes(created)) === 2 ? true : undefined));
  release();
  await waiting;
});

it("counts a busy thread as a core, and not an idle one", () => {
  const thread = (utilization: number) => ({
    performance: { eventLoopUtilization: () => ({ idle: 1 - utilization, active: utilization, utilization }) },
  });
  const [works, waits] = [thread(1), thread(0)];
  const cores = createCores(2, [waits]);
  const wanted = () => cores.watch()();
  cores.add(works);
  expect(wanted()).toBe(false);
  cores.add(thread(1));
  expect(wanted()).toBe(true);
  cores.remove(works);
  expect(wanted()).toBe(false);
});

it("reports every line before the result, and those of an event that never ends", async () => {
  const told: string[] = [];
  const { created, held } = start(idle, (line) => told.push(line));
  await created.invoke({ lines: ["one", "two\nthree", ""] });
  expect(told).toEqual(["one", "two", "three", ""]);
  void created.invoke({ lines: ["begun"], ...held });
  await expect.poll(() => told.at(-1)).toBe("begun");
});

it("puts time, request id and level before console output, nothing before standard output", async () => {
  const told: string[] = [];
  const { created } = start(idle, (line) => told.push(line));
  await created.invoke({ lines: ['{"a":1}'], through: "console" });
  await created.invoke({ lines: ['{"a":1}'] });
  expect(told[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z\t[0-9a-f-]{36}\tINFO\t\{"a":1\}$/u);
  expect(told[1]).toBe('{"a":1}');
});

it("stops while events wait, and fails each of them", async () => {
  const { created, held } = start(busy);
  await created.invoke({});
  const waiting = all(created, held, 3);
  await asleep();
  await created.stop();
  const results = await waiting;
  expect(results.map(({ ok }) => ok)).toEqual([false, false, false]);
  clock.pass(60_000);
  expect(await created.invoke({})).toEqual({ ok: true, payload: "done" });
});
