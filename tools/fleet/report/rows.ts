import { printable } from "../../../bin/shared/terminal.ts";
import type { Latencies } from "../latencies.ts";
import { isBottleneck, type FleetReport } from "./report.ts";

/** The report in words, for table and page alike: name, value. */
export type Row = readonly [name: string, value: string];

const ms = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

const latencies = ({ count, p50, p90, p99, p999, max }: Latencies) =>
  count === 0 ? "none" : `p50 ${ms(p50)}  p90 ${ms(p90)}  p99 ${ms(p99)}  p99.9 ${ms(p999)}  max ${ms(max)} ms`;

const reasons = (label: string, times: Readonly<Record<string, number>>): readonly Row[] =>
  Object.entries(times)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([reason, number]) => [`${label} × ${number}`, printable(reason.slice(0, 120))]);

export function rows(report: FleetReport): readonly Row[] {
  const { connections: c, posts: p, settings: s, fleet } = report;
  const lost = p.timedOut + p.closed;
  return [
    ["PBXes", `${s.pbxes}, ${s.rampPerSecond} connects/s, ${c.onlineAtStart} online when posting began`],
    ["Load", `${s.rate} posts/s on average for ${s.durationMs / 1_000} s, shape ${s.shape}, seed ${s.seed}`],
    [
      "Connections",
      `${c.connects} begun, ${c.logins} logins, ${c.refused} refused, ${c.failed} failed, ${c.ended} ended by the service`,
    ],
    ...(c.dropped > 0 ? [["Dropped by us", `${c.dropped}, ${p.cut} posts under way then`] as const] : []),
    ["Login", latencies(report.login)],
    [
      "Posts",
      `${p.sent} sent, ${p.taken} taken, ${p.refused} answered with err, ${lost} without result, ${p.unsent} unsent`,
    ],
    ["Post to result", latencies(report.latency)],
    [
      "Sent late by",
      `${latencies(fleet.lag)}, busy ${(fleet.busy * 100).toFixed(0)} %${isBottleneck(report) ? ": THE FLEET IS THE BOTTLENECK" : ""}`,
    ],
    ...reasons("err", report.errs),
    ...reasons("connection", report.failures),
    ...reasons("against the protocol", report.violations),
  ];
}

export function verdict({ broken, posts }: FleetReport): string {
  if (broken.length > 0) return `Broken: ${broken.join("; ")}.`;
  return `Good: every post was answered once${posts.refused > 0 ? `, ${posts.refused} of them with err` : ""}.`;
}
