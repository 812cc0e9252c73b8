import { svg } from "../../shared/svg.ts";
import type { FleetReport } from "./report.ts";

const BLUE = "#2563eb";
const RED = "#b91c1c";
const GREY = "#6b7280";
const GREEN = "#15803d";

const grid = { left: 60, right: 60, top: 40, bottom: 40 };
const time = { type: "value" as const, name: "s", min: 0 };
const line = (name: string, color: string, data: [number, number][], yAxisIndex = 0) => ({
  type: "line" as const,
  name,
  color,
  data,
  yAxisIndex,
  showSymbol: false,
  step: "end" as const,
});

/** How many posts took how long, on a logarithmic axis. */
export function histogramSvg({ histogram }: FleetReport): string {
  const label = (ms: number) => (ms < 10 ? ms.toPrecision(2) : ms.toFixed(0));
  return svg({
    grid,
    xAxis: { type: "category", name: "ms", data: histogram.map(({ from }) => label(from)) },
    yAxis: { type: "value", name: "posts" },
    series: [{ type: "bar", color: BLUE, barCategoryGap: "5%", data: histogram.map(({ count }) => count) }],
  });
}

/** Time to the result over the run. */
export function latencySvg({ timeline }: FleetReport): string {
  const answered = timeline.filter(({ taken, refused }) => taken + refused > 0);
  return svg({
    grid,
    legend: { top: 0 },
    xAxis: time,
    yAxis: { type: "value", name: "ms" },
    series: [
      line(
        "p50",
        BLUE,
        answered.map(({ at, latency }) => [at, latency.p50]),
      ),
      line(
        "p99",
        RED,
        answered.map(({ at, latency }) => [at, latency.p99]),
      ),
    ],
  });
}

/** Load over the run: posts and PBXes online. */
export function loadSvg({ timeline }: FleetReport): string {
  return svg({
    grid,
    legend: { top: 0 },
    xAxis: time,
    yAxis: [
      { type: "value", name: "posts/s" },
      { type: "value", name: "online" },
    ],
    series: [
      line(
        "sent",
        BLUE,
        timeline.map(({ at, seconds, sent }) => [at, sent / seconds]),
      ),
      line(
        "err",
        GREY,
        timeline.map(({ at, seconds, refused }) => [at, refused / seconds]),
      ),
      line(
        "without result",
        RED,
        timeline.map(({ at, seconds, lost }) => [at, lost / seconds]),
      ),
      line(
        "online",
        GREEN,
        timeline.map(({ at, online }) => [at, online]),
        1,
      ),
    ],
  });
}
