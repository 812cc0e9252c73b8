import { svg } from "../shared/svg.ts";
import type { Echo, Recovery } from "./scenarios.ts";

const COLORS = ["#2563eb", "#15803d", "#b91c1c", "#6b7280"];
const SIZE = { width: 960, height: 360 };
const backgroundColor = "#ffffff"; // also readable on a dark page
const grid = { left: 70, right: 40, top: 70, bottom: 50 };

const line = (name: string, index: number, data: [number, number][]) => ({
  type: "line" as const,
  name: name.replaceAll("`", ""),
  color: COLORS[index % COLORS.length] ?? "#000000",
  showSymbol: false,
  lineStyle: { width: 1.5 },
  data,
});

/** PBXes online after the outage. */
export const recoverySvg = (recoveries: readonly Recovery[]): string =>
  svg(
    {
      backgroundColor,
      grid,
      legend: { top: 0, itemGap: 40 },
      xAxis: { type: "value", name: "s", min: 0 },
      yAxis: { type: "value", name: "PBXes online" },
      series: recoveries.map(({ name, seconds }, index) => line(name, index, points(seconds.online, 5))),
    },
    SIZE,
  );

/** Attempts per second over the hours after the outage. */
export const echoSvg = (echoes: readonly Echo[]): string =>
  svg(
    {
      backgroundColor,
      grid,
      legend: { top: 0, itemGap: 40 },
      xAxis: { type: "value", name: "h", min: 0 },
      yAxis: { type: "value", name: "attempts/s" },
      series: echoes.map(({ name, seconds }, index) =>
        line(
          name,
          index,
          highest(seconds.attempts, 60).map(([second, value]) => [second / 3_600, value]),
        ),
      ),
    },
    SIZE,
  );

/** One point every that many seconds. */
const points = (series: Uint32Array, step: number): [number, number][] =>
  [...series].flatMap((value, second) => (second % step === 0 ? [[second, value] as [number, number]] : []));

/** The highest second of each group of that many. */
function highest(series: Uint32Array, step: number): [number, number][] {
  const chosen: [number, number][] = [];
  for (let second = 0; second < series.length; second += step)
    chosen.push([second, Math.max(...series.subarray(second, second + step))]);
  return chosen;
}
