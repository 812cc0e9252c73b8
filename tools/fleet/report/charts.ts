import { svg } from "../../shared/svg.ts";
import type { FleetReport } from "./report.ts";

const BLUE = "#2563eb";
const RED = "#b91c1c";
const GREY = "#6b7280";
const GREEN = "#15803d";

const grid = { left: 60, right: 60, top: 40, bottom: 40 };

type Span = FleetReport["timeline"][number];
type Line = readonly [name: string, color: string, of: (span: Span) => number, yAxisIndex?: number];

/** Lines over the run. */
const timeSvg = (spans: readonly Span[], axes: readonly string[], lines: readonly Line[]): string =>
  svg({
    grid,
    legend: { top: 0 },
    xAxis: { type: "value", name: "s", min: 0 },
    yAxis: axes.map((name) => ({ type: "value", name })),
    series: lines.map(([name, color, of, yAxisIndex = 0]) => ({
      type: "line",
      name,
      color,
      data: spans.map((span) => [span.at, of(span)]),
      yAxisIndex,
      showSymbol: false,
      step: "end",
    })),
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
export const latencySvg = ({ timeline }: FleetReport): string =>
  timeSvg(
    timeline.filter(({ taken, refused }) => taken + refused > 0),
    ["ms"],
    [
      ["p50", BLUE, ({ latency }) => latency.p50],
      ["p99", RED, ({ latency }) => latency.p99],
    ],
  );

/** Load over the run: posts and PBXes online. */
export const loadSvg = ({ timeline }: FleetReport): string =>
  timeSvg(
    timeline,
    ["posts/s", "online"],
    [
      ["sent", BLUE, ({ seconds, sent }) => sent / seconds],
      ["err", GREY, ({ seconds, refused }) => refused / seconds],
      ["without result", RED, ({ seconds, lost }) => lost / seconds],
      ["online", GREEN, ({ online }) => online, 1],
    ],
  );
