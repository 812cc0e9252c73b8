import { svg } from "../shared/svg.ts";
import type { Evidence, Part } from "./evidence.ts";

const COLORS = { sent: "#2563eb", refused: "#6b7280", lost: "#b91c1c", p99: "#d97706", online: "#15803d" };
/** Meaning of a band behind the lines. */
const BANDS: Readonly<Record<string, { readonly color: string; readonly parts: readonly Part[] }>> = {
  "a dependency fails": {
    color: "#fee2e2",
    parts: ["dynamodb", "sns", "sqs", "ses", "execute-api", "kms", "secretsmanager"],
  },
  "execution environments killed": { color: "#7c3aed", parts: ["push", "session", "housekeeping"] },
  "clock wrong": { color: "#fef3c7", parts: ["clock"] },
  "sockets, accounts": { color: "#0891b2", parts: ["sockets", "account", "registration"] },
};
/** Width of a momentary trouble, in s. */
const LEAST = 0.2;

/** Posts, errs and latency over the run, with the troubles behind them. */
export function picture({ timeline, troubles, origin, settings }: Evidence): string {
  const line = (name: string, color: string, index: number, data: [number, number][]) => ({
    type: "line" as const,
    name,
    color,
    xAxisIndex: index,
    yAxisIndex: index,
    showSymbol: false,
    step: "end" as const,
    lineStyle: { width: 1.5 },
    data,
  });
  const bands = Object.entries(BANDS).flatMap(([name, { color, parts }]) =>
    [0, 1].map((index) => ({
      type: "line" as const,
      name,
      color,
      xAxisIndex: index,
      yAxisIndex: index,
      data: [],
      markArea: {
        silent: true,
        itemStyle: { color, opacity: 0.6 },
        data: troubles
          .filter((each) => parts.includes(each.part))
          .map(({ from, to }): [{ xAxis: number }, { xAxis: number }] => {
            const at = (from - origin) / 1_000;
            return [{ xAxis: at }, { xAxis: Math.max(at + LEAST, (to - origin) / 1_000) }];
          }),
      },
    })),
  );
  const answered = timeline.filter(({ taken, refused }) => taken + refused > 0);
  const perSecond = (of: "sent" | "refused" | "lost") =>
    timeline.map((span): [number, number] => [span.at, span[of] / span.seconds]);
  const end = Math.ceil(timeline.reduce((last, { at, seconds }) => Math.max(last, at + seconds), 0));
  return svg(
    {
      backgroundColor: "#ffffff",
      legend: { top: 0, itemGap: 18, itemWidth: 14 },
      title: [
        {
          text: `Posts/s, ${settings.pbxes} PBXes, seed ${settings.seed}`,
          left: 16,
          top: 50,
          textStyle: { fontSize: 13 },
        },
        { text: "Post to result, p99 in ms, and PBXes online", left: 16, top: 330, textStyle: { fontSize: 13 } },
      ],
      grid: [
        { left: 60, right: 60, top: 80, height: 210 },
        { left: 60, right: 60, top: 360, height: 210 },
      ],
      xAxis: [0, 1].map((gridIndex) => ({ type: "value", gridIndex, name: "s", min: 0, max: end })),
      yAxis: [
        { type: "value", gridIndex: 0 },
        { type: "log", gridIndex: 1, min: 1 },
      ],
      series: [
        ...bands,
        line("sent", COLORS.sent, 0, perSecond("sent")),
        line("err", COLORS.refused, 0, perSecond("refused")),
        line("without result", COLORS.lost, 0, perSecond("lost")),
        line(
          "p99",
          COLORS.p99,
          1,
          answered.map(({ at, latency }) => [at, Math.max(1, latency.p99)]),
        ),
        line(
          "online",
          COLORS.online,
          1,
          timeline.map(({ at, online }) => [at, Math.max(1, online)]),
        ),
      ],
    },
    { width: 960, height: 620 },
  );
}
