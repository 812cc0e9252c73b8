import type { EChartsOption } from "echarts";
import { svg } from "./svg.ts";

/** One chart of a picture: bars over names, or a line over numbers. */
export interface Panel {
  readonly title: string;
  readonly x: readonly string[] | readonly number[];
  /** Values by name of the series, one for each x. */
  readonly series: Readonly<Record<string, readonly number[]>>;
  readonly logarithmic?: true;
  /** Bars on top of one another. */
  readonly stacked?: true;
}

const COLORS = ["#2563eb", "#b91c1c", "#15803d", "#6b7280", "#d97706", "#7c3aed", "#0891b2", "#be185d"];
const [WIDTH, HEIGHT, COLUMNS] = [960, 380, 2];

/** Panels, two in a row, as one SVG text; undefined if there are none. */
export function panelsSvg(panels: readonly Panel[]): string | undefined {
  if (panels.length === 0) return undefined;
  const rows = Math.ceil(panels.length / COLUMNS);
  const columns = Math.min(panels.length, COLUMNS);
  const left = (index: number) => ((index % COLUMNS) * WIDTH) / columns;
  const top = (index: number) => Math.floor(index / COLUMNS) * HEIGHT;
  const names = [...new Set(panels.flatMap(({ series }) => Object.keys(series)))];
  const color = (name: string) => COLORS[names.indexOf(name) % COLORS.length] ?? "";
  const option: EChartsOption = {
    backgroundColor: "#ffffff",
    legend: { data: names, top: 0 },
    title: panels.map(({ title }, index) => ({
      text: title,
      left: left(index) + 16,
      top: top(index) + 30,
      textStyle: { fontSize: 13 },
    })),
    grid: panels.map((_, index) => ({
      left: left(index) + 60,
      width: WIDTH / columns - 100,
      top: top(index) + 62,
      height: HEIGHT - 62 - 100,
    })),
    xAxis: panels.map(({ x }, gridIndex) =>
      isNames(x)
        ? {
            type: "category",
            gridIndex,
            data: [...x],
            axisLabel: { rotate: 35, interval: 0, width: 110, overflow: "truncate" },
          }
        : { type: "value", gridIndex, min: 0 },
    ),
    yAxis: panels.map(({ logarithmic }, gridIndex) => ({ type: logarithmic ? "log" : "value", gridIndex })),
    series: panels.flatMap(({ x, series, stacked }, index) =>
      Object.entries(series).map(([name, values]) => {
        const common = {
          name,
          color: color(name),
          xAxisIndex: index,
          yAxisIndex: index,
          ...(stacked && { stack: `${index}` }),
        };
        if (isNames(x)) return { ...common, type: "bar" as const, data: [...values] };
        return { ...common, type: "line" as const, data: values.map((value, at) => [x[at] ?? 0, value]) };
      }),
    ),
  };
  return svg(option, { width: WIDTH, height: rows * HEIGHT });
}

const isNames = (x: Panel["x"]): x is readonly string[] => typeof x[0] === "string";
