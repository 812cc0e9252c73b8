import { panelsSvg, type Panel } from "../shared/panels.ts";
import type { Results } from "./results.ts";

/** What was measured, a panel for each part; undefined for results without any. */
export const picture = (results: Results): string | undefined => panelsSvg(panels(results));

function panels({ bundles, calls, cold, graph, load, overhead, profile }: Results): readonly Panel[] {
  const operations = Object.entries(overhead?.operations ?? {});
  const counted = Object.entries(calls ?? {});
  const total = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  const push = graph?.find(({ name }) => name === "push")?.packages ?? [];
  const all: readonly (Panel | undefined)[] = [
    overhead && {
      title: "One event without the network, ms",
      x: operations.map(([name]) => name),
      series: { p50: operations.map(([, { p50 }]) => p50), p99: operations.map(([, { p99 }]) => p99) },
    },
    load && {
      title: `Frame to accepted, ms, by posts/s; ${load[0]?.connections ?? 0} connections`,
      x: [...load].sort((a, b) => a.rate - b.rate).map(({ rate }) => rate),
      series: {
        p50: [...load].sort((a, b) => a.rate - b.rate).map(({ p50 }) => p50),
        p99: [...load].sort((a, b) => a.rate - b.rate).map(({ p99 }) => p99),
      },
      logarithmic: true,
    },
    bundles && {
      title: "Bundles, KB",
      x: bundles.map(({ name }) => name),
      series: {
        "as deployed": bundles.map(({ bytes }) => bytes / 1e3),
        "bare clients": bundles.map(({ bareBytes }) => bareBytes / 1e3),
      },
    },
    cold && {
      title: "Import of push and first post, ms of CPU",
      x: Object.keys(cold.push),
      series: {
        import: Object.values(cold.push).map(({ load }) => load.cpuMs),
        "with first post": Object.values(cold.push).map((each) => each.cold?.cpuMs ?? 0),
      },
    },
    calls && {
      title: "AWS calls and invocations",
      x: counted.map(([name]) => name),
      series: {
        "AWS calls": counted.map(([, each]) => total(each.calls)),
        invocations: counted.map(([, each]) => total(each.invocations)),
      },
    },
    graph && {
      title: "In the bundle of push, KB by package",
      x: push.map(({ name }) => name),
      series: { bytes: push.map(({ bytes }) => bytes / 1e3) },
    },
    profile && {
      title: "CPU of a warm post, %",
      x: profile.shares.map(({ name }) => name),
      series: { "share of CPU": profile.shares.map(({ share }) => share * 100) },
    },
  ];
  return all.filter((panel) => panel !== undefined);
}
