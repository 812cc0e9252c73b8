import { svg } from "../bin/fleet/charts.ts";
import type { Results } from "./results.ts";

const BLUE = "#2563eb";
const RED = "#b91c1c";

/** Time without the network by operation, and time to accepted by rate: one picture. Undefined without either. */
export function picture({ overhead, load }: Results): string | undefined {
  if (overhead === undefined || load === undefined) return undefined;
  const operations = Object.entries(overhead.operations);
  const bars = (name: string, color: string, of: "p50" | "p99") => ({
    type: "bar" as const, name, color, xAxisIndex: 0, yAxisIndex: 0, data: operations.map(([, each]) => each[of]),
  });
  const line = (name: string, color: string, of: "p50" | "p99") => ({
    type: "line" as const, name, color, xAxisIndex: 1, yAxisIndex: 1, data: load.map((each) => [each.rate, each[of]]),
  });
  return svg(
    {
      legend: { data: ["p50", "p99"], top: 0 },
      title: [
        { text: "One event without the network, ms", left: "4%", top: 24, textStyle: { fontSize: 13 } },
        { text: `Frame to accepted, ms, by posts/s; ${load[0]?.connections ?? 0} connections`, left: "56%", top: 24, textStyle: { fontSize: 13 } },
      ],
      grid: [{ left: "5%", width: "42%", top: 56, bottom: 80 }, { left: "58%", width: "38%", top: 56, bottom: 80 }],
      xAxis: [
        { type: "category", gridIndex: 0, data: operations.map(([name]) => name), axisLabel: { rotate: 35, interval: 0 } },
        { type: "value", gridIndex: 1, min: 0 },
      ],
      yAxis: [{ type: "value", gridIndex: 0 }, { type: "log", gridIndex: 1 }],
      series: [bars("p50", BLUE, "p50"), bars("p99", RED, "p99"), line("p50", BLUE, "p50"), line("p99", RED, "p99")],
    },
    { width: 960, height: 380 },
  );
}
