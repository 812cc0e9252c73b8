import Table from "cli-table3";
import { isHeld, type Load } from "./load.ts";
import { telemetryMs, warmInBare } from "./limits.ts";
import type { Overhead } from "./overhead.ts";
import type { Results } from "./results.ts";

type Rows = readonly (readonly (string | number)[])[];

/** The results as tables for a terminal. */
export function tables(results: Results): readonly string[] {
  const { bundles, calls, first, graph, overhead, profile, load } = results;
  const telemetry = telemetryMs(results);
  return [
    ...(bundles === undefined ? [] : [
      table(
        ["bundle", "bytes", "bare clients", "import ms", "bare clients", "ratio"],
        bundles.map((b) => [b.name, b.bytes, b.bareBytes, ms(b.importMs), ms(b.bareImportMs), b.ratio.toFixed(2)]),
      ),
    ]),
    ...(calls === undefined ? [] : [
      table(
        ["operation", "invocations", "AWS calls"],
        Object.entries(calls).map(([name, operation]) => [name, counts(operation.invocations), counts(operation.calls)]),
      ),
    ]),
    ...(overhead === undefined ? [] : [
      table(
        ["one event, without the network", "p50 ms", "p99 ms", "AWS calls", "CPU s/10,000"],
        Object.entries(overhead.operations).map(([name, o]) => [name, o.p50.toFixed(3), o.p99.toFixed(3), o.calls, o.cpuPer10k.toFixed(1)]),
      ),
      `cold post, both calls of AWS: ${twoTimes(overhead.operations["post, cold"])}; warm, one call: ${twoTimes(overhead.operations["post, warm"])}`,
      `a warm post is ${(warmInBare(results) ?? 0).toFixed(2)} of one Publish by the SDK as it comes (p50 ${overhead.barePublish.p50.toFixed(3)} ms, in turns)`,
      `logs and metrics are ${(telemetry ?? 0).toFixed(3)} ms of the warm post`,
    ]),
    ...(profile === undefined ? [] : [
      table(["CPU of a warm post", "share"], profile.shares.map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`])),
    ]),
    ...(graph === undefined ? [] : [
      table(
        ["bundle", "bytes", "of which, by package"],
        graph.map(({ name, bytes, packages }) => [name, bytes, packages.slice(0, 4).map((each) => `${each.name} ${each.bytes}`).join(", ")]),
      ),
    ]),
    ...(first === undefined ? [] : [
      table(
        ["first read and Publish of a sandbox", "init ms", "init CPU ms", "calls ms", "calls CPU ms"],
        Object.entries(first).map(([name, f]) => [name, ms(f.init.ms), ms(f.init.cpuMs), ms(f.first.ms), ms(f.first.cpuMs)]),
      ),
    ]),
    ...(load === undefined ? [] : [
      table(
        ["posts/s", "connections", "posts", "accepted", "p50 ms", "p99 ms", "max ms", "CPU s/10,000", ""],
        load.map((l) => [l.rate, l.connections, l.posts, l.taken, ms(l.p50), ms(l.p99), ms(l.max), l.cpuPer10k.toFixed(1), verdict(l)]),
      ),
    ]),
  ];
}

const twoTimes = (each: Overhead | undefined) => `p50 ${each?.p50.toFixed(3)}, p99 ${each?.p99.toFixed(3)} ms`;

function verdict(load: Load): string {
  if (isHeld(load)) return "held";
  return load.lag >= 100 ? "not held: the fleet sent late" : "not held";
}

const ms = (value: number) => value.toFixed(value < 100 ? 1 : 0);
const counts = (record: Readonly<Record<string, number>>) =>
  Object.entries(record).map(([name, count]) => `${count} ${name}`).join(", ") || "none";

function table(head: readonly string[], rows: Rows): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}
