import { svg } from "../shared/svg.ts";
import type { Echo, Recovery } from "./scenarios.ts";

const COLORS = ["#2563eb", "#15803d", "#b91c1c", "#6b7280"];

interface Line {
  readonly name: string;
  readonly data: [number, number][];
}

const plot = (x: string, y: string, lines: readonly Line[]): string =>
  svg(
    {
      backgroundColor: "#ffffff", // also readable on a dark page
      grid: { left: 70, right: 40, top: 70, bottom: 50 },
      legend: { top: 0, itemGap: 40 },
      xAxis: { type: "value", name: x, min: 0 },
      yAxis: { type: "value", name: y },
      series: lines.map(({ name, data }, index) => ({
        type: "line",
        name: name.replaceAll("`", ""),
        color: COLORS[index % COLORS.length] ?? "#000000",
        showSymbol: false,
        lineStyle: { width: 1.5 },
        data,
      })),
    },
    { width: 960, height: 360 },
  );

/** PBXes online after the outage. */
export const recoverySvg = (recoveries: readonly Recovery[]): string =>
  plot(
    "s",
    "PBXes online",
    recoveries.map(({ name, seconds }) => ({ name, data: points(seconds.online, 5) })),
  );

/** Attempts per second over the hours after the outage. */
export const echoSvg = (echoes: readonly Echo[]): string =>
  plot(
    "h",
    "attempts/s",
    echoes.map(({ name, seconds }) => ({ name, data: highest(seconds.attempts, 60) })),
  );

/** One point every that many seconds. */
const points = (series: Uint32Array, step: number): [number, number][] =>
  [...series].flatMap((value, second) => (second % step === 0 ? [[second, value] as [number, number]] : []));

/** The highest second out of each so many, by the hour. */
function highest(series: Uint32Array, step: number): [number, number][] {
  const chosen: [number, number][] = [];
  for (let second = 0; second < series.length; second += step)
    chosen.push([second / 3_600, Math.max(...series.subarray(second, second + step))]);
  return chosen;
}
