import * as echarts from "echarts";
import type { DrawnLine } from "./widgets.ts";
import type { Chart, Side } from "./body.ts";

export interface Drawing {
  readonly chart: Chart;
  readonly lines: readonly DrawnLine[];
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
  /** In px. */
  readonly width: number;
  readonly height: number;
}

const PALETTE = ["#1d4ed8", "#15803d", "#b45309", "#7c3aed", "#0e7490", "#be185d", "#4d7c0f", "#475569"];
/** With fewer points than this, dots are drawn too. */
const FEW = 30;

/** One chart as an SVG text, drawn without a browser. */
export function draw({ chart, lines, from, to, width, height }: Drawing): string {
  const drawing = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  const axis = (side: Side): echarts.YAXisComponentOption => {
    const { label = "", min = 0, max } = chart.axes[side];
    const lineTop = Math.max(0, ...marksOf(chart, side).map(({ value }) => value));
    const top = max ?? (({ max: highest }: { readonly max: number }) => niceTop(Math.max(highest, lineTop)));
    return {
      type: "value",
      position: side,
      name: label,
      nameTextStyle: { align: side === "left" ? "left" : "right", color: "#57606a" },
      min,
      max: top,
      minInterval: label === "" ? 1 : 0,
      axisLabel: { color: "#57606a", hideOverlap: true },
      splitLine: { show: side === "left", lineStyle: { color: "#e5e7eb" } },
    };
  };
  try {
    drawing.setOption({
      animation: false,
      color: PALETTE,
      textStyle: { fontFamily: "system-ui, sans-serif" },
      grid: { left: 8, right: 12, top: 28, bottom: 34, containLabel: true },
      legend: { bottom: 0, type: "scroll", itemHeight: 8, itemWidth: 14, textStyle: { color: "#57606a" } },
      xAxis: { type: "time", min: from, max: to, axisLabel: { color: "#57606a", hideOverlap: true }, splitNumber: 4 },
      yAxis: [axis("left"), axis("right")],
      series: (chart.stacked ? aligned(lines) : lines).map((line) =>
        series(chart, line, lines.find(({ side }) => side === line.side)?.label),
      ),
    });
    return drawing.renderToSVGString();
  } finally {
    drawing.dispose();
  }
}

const marksOf = ({ marks }: Chart, side: Side): Chart["marks"] => marks.filter(({ yAxis = "left" }) => yAxis === side);

/** Areas are stacked, so each needs a value wherever another has one. */
function aligned(lines: readonly DrawnLine[]): readonly DrawnLine[] {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  return lines.map((line) => {
    const values = new Map(line.points);
    return { ...line, points: times.map((at) => [at, values.get(at) ?? 0] as const) };
  });
}

/** A round number a little above. */
function niceTop(highest: number): number {
  if (highest <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(highest));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * unit).find((top) => top >= highest * 1.05) ?? 10.5 * unit;
}

/** @param first the first line of its side, which carries the marks */
function series(chart: Chart, { label, side, points }: DrawnLine, first: string | undefined): echarts.LineSeriesOption {
  return {
    type: "line",
    name: label,
    yAxisIndex: side === "left" ? 0 : 1,
    data: points.map(([at, value]) => [at, value]),
    showSymbol: points.length <= FEW,
    symbolSize: 5,
    lineStyle: { width: 1.5, type: side === "left" ? "solid" : "dashed" },
    ...(chart.stacked && { stack: "all", areaStyle: { opacity: 0.35 } }),
    ...(label === first && {
      markLine: {
        silent: true,
        symbol: "none",
        data: marksOf(chart, side).map(({ value, label: text, color }) => ({
          yAxis: value,
          lineStyle: { color, type: "dashed" as const },
          label: { formatter: text, color, position: "insideEndTop" as const },
        })),
      },
    }),
  };
}
