import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createCores, type Cores } from "../../local/lambda/cores.ts";
import { createFunction, type LambdaFunction } from "../../local/lambda/pool.ts";

/** Waits for `ms`, computes for `computeMs`, writes what it is told to. */
const HANDLER = `
  export const handler = async ({ ms = 0, computeMs = 0, lines = [] }) => {
    for (const line of lines) console.log(line);
    for (const until = performance.now() + computeMs; performance.now() < until; );
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    return "done";
  };`;

const endings: (() => unknown)[] = [];
afterEach(() => Promise.all(endings.splice(0).map((end) => end())));

const idle: Cores = { add: () => undefined, remove: () => undefined, watch: () => () => false };
const busy: Cores = { ...idle, watch: () => () => true };

function start(cores: Cores, onLog: (line: string) => void = () => undefined): LambdaFunction {
  const taskRoot = mkdtempSync(join(tmpdir(), "pool-"));
  writeFileSync(join(taskRoot, "index.mjs"), HANDLER);
  const definition = {
    name: "f", arn: "arn:f", taskRoot, handler: "index.handler", timeoutMs: 20_000, memoryMb: 128, role: "local", logGroup: "group", concurrency: 4, environment: () => ({}),
  };
  const created = createFunction(definition, cores, onLog);
  endings.push(async () => {
    await created.stop();
    rmSync(taskRoot, { recursive: true });
  });
  return created;
}

const sandboxes = async (created: LambdaFunction) => (await created.heaps()).length;
const all = (created: LambdaFunction, event: object, times: number) => Promise.all(Array.from({ length: times }, () => created.invoke(event)));

it("starts no sandbox for events that are sooner done than it would be ready", async () => {
  const created = start(idle);
  await created.invoke({});
  const results = await all(created, {}, 20);
  expect(results).toEqual(results.map(() => ({ ok: true, payload: "done" })));
  expect(await sandboxes(created)).toBe(1);
});

it("starts more for events that wait for one another, up to the most", async () => {
  const created = start(idle);
  await all(created, { ms: 1_500 }, 8);
  expect(await sandboxes(created)).toBeGreaterThan(1);
  expect(await sandboxes(created)).toBeLessThanOrEqual(4);
});

it("puts the start off while all cores are busy, but not for ever", async () => {
  const created = start(busy);
  await created.invoke({});
  const waiting = all(created, { ms: 6_500 }, 2);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await sandboxes(created)).toBe(1);
  await waiting;
  expect(await sandboxes(created)).toBe(2);
});

it("counts a thread that works as a core, and one that waits as none", async () => {
  const cores = createCores(1);
  const waits = cores.watch();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(waits()).toBe(false);
  const stub = { performance: { eventLoopUtilization: () => ({ idle: 0, active: 1, utilization: 1 }) } };
  cores.add(stub);
  expect(cores.watch()()).toBe(true);
  cores.remove(stub);
  const again = cores.watch();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(again()).toBe(false);
});

it("tells every line before the result, and those of an event that never ends", async () => {
  const told: string[] = [];
  const created = start(idle, (line) => told.push(line));
  await created.invoke({ lines: ["one", "two\nthree", ""] });
  expect(told).toEqual(["one", "two", "three", ""]);
  void created.invoke({ lines: ["begun"], ms: 15_000 });
  await expect.poll(() => told.at(-1)).toBe("begun");
});

it("stops while events wait, and answers every one of them", async () => {
  const created = start(busy);
  await created.invoke({});
  const waiting = all(created, { ms: 10_000 }, 3);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await created.stop();
  const results = await waiting;
  expect(results.map(({ ok }) => ok)).toEqual([false, false, false]);
  expect(await created.invoke({})).toEqual({ ok: true, payload: "done" });
});
