import { table } from "../../bin/shared/terminal.ts";
import type { ColdStarts } from "./environments/cold-start.ts";
import { isHeld, type Load } from "./load/load.ts";
import { telemetryMs, warmInBare } from "./limits.ts";
import type { Overhead, Overheads } from "./warm/overhead.ts";
import type { Results } from "./results.ts";
import type { Steady } from "./environments/steady.ts";

/** The results as tables for a terminal. */
export function tables(results: Results): readonly string[] {
  const { bundles, calls, cold, steady, graph, overhead, profile, load } = results;
  const parts = [
    bundles &&
      tableOf(bundles, [
        ["bundle", ({ name }) => name],
        ["bytes", ({ bytes }) => bytes],
        ["bare clients", ({ bareBytes }) => bareBytes],
        ["import ms", ({ importMs }) => ms(importMs)],
        ["bare clients", ({ bareImportMs }) => ms(bareImportMs)],
        ["ratio", ({ ratio }) => ratio.toFixed(2)],
      ]),
    calls &&
      tableOf(Object.entries(calls), [
        ["operation", ([name]) => name],
        ["invocations", ([, { invocations }]) => counts(invocations)],
        ["AWS calls", ([, each]) => counts(each.calls)],
      ]),
    overhead && overheadText(results, overhead),
    profile &&
      tableOf(profile.shares, [
        ["CPU of a warm post", ({ name }) => name],
        ["share", ({ share }) => `${(share * 100).toFixed(1)} %`],
      ]),
    graph &&
      tableOf(graph, [
        ["bundle", ({ name }) => name],
        ["bytes", ({ bytes }) => bytes],
        ["of which, by package", ({ packages }) => firstOf(packages)],
      ]),
    cold && coldTable(cold),
    steady && steadyTable(steady),
    load &&
      tableOf(load, [
        ["posts/s", ({ rate }) => rate],
        ["connections", ({ connections }) => connections],
        ["posts", ({ posts }) => posts],
        ["accepted", ({ taken }) => taken],
        ["p50 ms", ({ p50 }) => ms(p50)],
        ["p99 ms", ({ p99 }) => ms(p99)],
        ["max ms", ({ max }) => ms(max)],
        ["CPU s/10,000", ({ cpuPer10k }) => cpuPer10k.toFixed(1)],
        ["", verdict],
      ]),
  ];
  return parts.filter((part) => part !== undefined);
}

type Column<T> = readonly [head: string, cell: (row: T) => string | number];

const tableOf = <T>(rows: readonly T[], columns: readonly Column<T>[]): string =>
  table(
    columns.map(([head]) => head),
    rows.map((row) => columns.map(([, cell]) => String(cell(row)))),
  );

function overheadText(results: Results, { operations, barePublish }: Overheads): string {
  const twoTimes = (each: Overhead | undefined) => `p50 ${each?.p50.toFixed(3)}, p99 ${each?.p99.toFixed(3)} ms`;
  return [
    tableOf(Object.entries(operations), [
      ["one event, without the network", ([name]) => name],
      ["p50 ms", ([, { p50 }]) => p50.toFixed(3)],
      ["p99 ms", ([, { p99 }]) => p99.toFixed(3)],
      ["AWS calls", ([, each]) => each.calls],
      ["CPU s/10,000", ([, { cpuPer10k }]) => cpuPer10k.toFixed(1)],
    ]),
    `cold post, both calls of AWS: ${twoTimes(operations["post, cold"])}; warm, one call: ${twoTimes(operations["post, warm"])}`,
    `a warm post is ${(warmInBare(results) ?? 0).toFixed(2)} of one Publish by the SDK with its defaults (p50 ${barePublish.p50.toFixed(3)} ms, in turns)`,
    `logs and metrics are ${(telemetryMs(results) ?? 0).toFixed(3)} ms of the warm post`,
  ].join("\n");
}

function coldTable(cold: ColdStarts): string {
  const starts = Object.entries(cold).flatMap(([name, variants]) =>
    Object.entries(variants).map(([variant, start]) => ({ name: `${name}, ${variant}`, ...start })),
  );
  return tableOf(starts, [
    ["start, over TLS", ({ name }) => name],
    ["bytes", ({ bytes }) => bytes],
    ["import ms", ({ load }) => ms(load.ms)],
    ["of floor", ({ inFloor }) => inFloor.toFixed(2)],
    ["import CPU ms", ({ load }) => ms(load.cpuMs)],
    ["import + first event ms", (start) => ms(start.cold?.ms)],
    ["CPU ms", (start) => ms(start.cold?.cpuMs)],
    ["first after warm-up ms", ({ first }) => ms(first?.ms)],
    ["CPU ms", ({ first }) => ms(first?.cpuMs)],
    ["warm p50 ms", ({ warmMs }) => warmMs?.toFixed(3) ?? ""],
  ]);
}

function steadyTable(steady: readonly Steady[]): string {
  const inLean = (of: (each: Steady) => number) => (each: Steady) =>
    steady[0] === undefined ? "" : (of(steady[0]) / of(each)).toFixed(2);
  return tableOf(steady, [
    ["push at 200 posts/s over TLS", ({ name }) => name],
    ["CPU s/1,000", ({ cpuPer1000 }) => cpuPer1000.toFixed(2)],
    ["p50 ms", ({ p50 }) => p50.toFixed(2)],
    ["p99 ms", ({ p99 }) => p99.toFixed(1)],
    ["MiB", ({ memoryMiB }) => memoryMiB.toFixed(0)],
    ["failed", ({ failed }) => failed],
    ["lean / it: CPU", inLean(({ cpuPer1000 }) => cpuPer1000)],
    ["p50", inLean(({ p50 }) => p50)],
    ["p99", inLean(({ p99 }) => p99)],
    ["memory", inLean(({ memoryMiB }) => memoryMiB)],
  ]);
}

function verdict(load: Load): string {
  if (isHeld(load)) return "held";
  return load.lag >= 100 ? "not held: the fleet sent late" : "not held";
}

/** Milliseconds, with decimals for small values; empty if not measured. */
const ms = (value: number | undefined) => value?.toFixed(value < 100 ? 1 : 0) ?? "";
const counts = (record: Readonly<Record<string, number>>) =>
  Object.entries(record)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "none";
const firstOf = (packages: readonly { readonly name: string; readonly bytes: number }[]) =>
  packages
    .slice(0, 4)
    .map(({ name, bytes }) => `${name} ${bytes}`)
    .join(", ");
