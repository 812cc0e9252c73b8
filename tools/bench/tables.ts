import Table from "cli-table3";
import { isHeld, type Load } from "./load/load.ts";
import { telemetryMs, warmInBare } from "./limits.ts";
import type { Overhead } from "./warm/overhead.ts";
import type { Results } from "./results.ts";
import type { Steady } from "./environments/steady.ts";

type Rows = readonly (readonly (string | number)[])[];

/** The results as tables for a terminal. */
export function tables(results: Results): readonly string[] {
  const { bundles, calls, cold, steady, graph, overhead, profile, load } = results;
  const telemetry = telemetryMs(results);
  return [
    ...(bundles === undefined
      ? []
      : [
          table(
            ["bundle", "bytes", "bare clients", "import ms", "bare clients", "ratio"],
            bundles.map((b) => [b.name, b.bytes, b.bareBytes, ms(b.importMs), ms(b.bareImportMs), b.ratio.toFixed(2)]),
          ),
        ]),
    ...(calls === undefined
      ? []
      : [
          table(
            ["operation", "invocations", "AWS calls"],
            Object.entries(calls).map(([name, operation]) => [
              name,
              counts(operation.invocations),
              counts(operation.calls),
            ]),
          ),
        ]),
    ...(overhead === undefined
      ? []
      : [
          table(
            ["one event, without the network", "p50 ms", "p99 ms", "AWS calls", "CPU s/10,000"],
            Object.entries(overhead.operations).map(([name, o]) => [
              name,
              o.p50.toFixed(3),
              o.p99.toFixed(3),
              o.calls,
              o.cpuPer10k.toFixed(1),
            ]),
          ),
          `cold post, both calls of AWS: ${twoTimes(overhead.operations["post, cold"])}; warm, one call: ${twoTimes(overhead.operations["post, warm"])}`,
          `a warm post is ${(warmInBare(results) ?? 0).toFixed(2)} of one Publish by the SDK as it comes (p50 ${overhead.barePublish.p50.toFixed(3)} ms, in turns)`,
          `logs and metrics are ${(telemetry ?? 0).toFixed(3)} ms of the warm post`,
        ]),
    ...(profile === undefined
      ? []
      : [
          table(
            ["CPU of a warm post", "share"],
            profile.shares.map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`]),
          ),
        ]),
    ...(graph === undefined
      ? []
      : [
          table(
            ["bundle", "bytes", "of which, by package"],
            graph.map(({ name, bytes, packages }) => [
              name,
              bytes,
              packages
                .slice(0, 4)
                .map((each) => `${each.name} ${each.bytes}`)
                .join(", "),
            ]),
          ),
        ]),
    ...(cold === undefined
      ? []
      : [
          table(
            [
              "start, over TLS",
              "bytes",
              "import ms",
              "of floor",
              "import CPU ms",
              "import + first event ms",
              "CPU ms",
              "first after warm-up ms",
              "CPU ms",
              "warm p50 ms",
            ],
            Object.entries(cold).flatMap(([name, variants]) =>
              Object.entries(variants).map(([variant, c]) => [
                `${name}, ${variant}`,
                c.bytes,
                ms(c.load.ms),
                c.inFloor.toFixed(2),
                ms(c.load.cpuMs),
                some(c.cold?.ms),
                some(c.cold?.cpuMs),
                some(c.first?.ms),
                some(c.first?.cpuMs),
                c.warmMs?.toFixed(3) ?? "",
              ]),
            ),
          ),
        ]),
    ...(steady === undefined
      ? []
      : [
          table(
            [
              "push at 200 posts/s over TLS",
              "CPU s/1,000",
              "p50 ms",
              "p99 ms",
              "MiB",
              "failed",
              "lean / it: CPU",
              "p50",
              "p99",
              "memory",
            ],
            steady.map((s) => {
              const [lean] = steady;
              const of = (pick: (each: Steady) => number) =>
                lean === undefined ? "" : (pick(lean) / pick(s)).toFixed(2);
              const ratios = [
                of((each) => each.cpuPer1000),
                of(({ p50 }) => p50),
                of(({ p99 }) => p99),
                of(({ memoryMiB }) => memoryMiB),
              ];
              return [
                s.name,
                s.cpuPer1000.toFixed(2),
                s.p50.toFixed(2),
                s.p99.toFixed(1),
                s.memoryMiB.toFixed(0),
                s.failed,
                ...ratios,
              ];
            }),
          ),
        ]),
    ...(load === undefined
      ? []
      : [
          table(
            ["posts/s", "connections", "posts", "accepted", "p50 ms", "p99 ms", "max ms", "CPU s/10,000", ""],
            load.map((l) => [
              l.rate,
              l.connections,
              l.posts,
              l.taken,
              ms(l.p50),
              ms(l.p99),
              ms(l.max),
              l.cpuPer10k.toFixed(1),
              verdict(l),
            ]),
          ),
        ]),
  ];
}

const twoTimes = (each: Overhead | undefined) => `p50 ${each?.p50.toFixed(3)}, p99 ${each?.p99.toFixed(3)} ms`;

function verdict(load: Load): string {
  if (isHeld(load)) return "held";
  return load.lag >= 100 ? "not held: the fleet sent late" : "not held";
}

const some = (value: number | undefined) => (value === undefined ? "" : ms(value));
const ms = (value: number) => value.toFixed(value < 100 ? 1 : 0);
const counts = (record: Readonly<Record<string, number>>) =>
  Object.entries(record)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "none";

function table(head: readonly string[], rows: Rows): string {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}
