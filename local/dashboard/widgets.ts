import { run } from "../metrics/queries.ts";
import type { LocalMetrics } from "../metrics/local-metrics.ts";
import { parseBody, type Chart, type Side, type Widget } from "./body.ts";
import { runInsights, type Row } from "./insights.ts";

export interface DrawnLine {
  readonly label: string;
  readonly side: Side;
  /** Unix ms and value. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** A widget with its data. */
export type Filled =
  | { readonly widget: Extract<Widget, { type: "text" }> }
  | { readonly widget: Extract<Widget, { type: "alarm" }>; readonly alarms: readonly AlarmState[] }
  | { readonly widget: Extract<Widget, { type: "log" }>; readonly rows: readonly Row[] }
  | { readonly widget: Extract<Widget, { type: "metric" }>; readonly lines: readonly DrawnLine[] };

export interface AlarmState {
  readonly name: string;
  /** What users notice. */
  readonly words: string;
  /** Link into the runbook. */
  readonly runbook: string;
  readonly on: boolean;
}

/** Shortest time that a page shows, in ms: anything shorter has no shape. */
const SHORTEST = 300_000;
const SHOWN = 3 * 3_600_000;

/** The page's time range: the last three hours, or since this host started. */
export function shownTime({ store }: LocalMetrics): { readonly from: number; readonly to: number } {
  const to = store.now();
  return { from: Math.min(to - SHORTEST, Math.max(to - SHOWN, store.startedAt)), to };
}

/** All widgets of the synthesized dashboard, with live values. Throws an Error for what is not supported. */
export function fillWidgets(metrics: LocalMetrics, logs: () => readonly string[]): readonly Filled[] {
  const [body] = metrics.dashboards.values();
  return body === undefined ? [] : parseBody(body).map((widget) => fill(widget, metrics, logs));
}

function fill(widget: Widget, metrics: LocalMetrics, logs: () => readonly string[]): Filled {
  switch (widget.type) {
    case "text":
      return { widget };
    case "alarm":
      return { widget, alarms: statesOf(widget.arns, metrics) };
    case "log":
      return { widget, rows: runInsights(widget.query, logs()) };
    case "metric":
      return { widget, lines: linesOf(widget, metrics) };
  }
}

function statesOf(arns: readonly string[], metrics: LocalMetrics): readonly AlarmState[] {
  const states = arns.flatMap((arn) => {
    const alarm = metrics.alarms.find((each) => each.arn === arn);
    if (alarm === undefined) return [];
    const [words = "", runbook = ""] = alarm.description.split(" Runbook: ");
    return [{ name: alarm.name, words, runbook, on: metrics.isOn(alarm) }];
  });
  // CloudWatch sorts by `stateUpdatedTimestamp`; without times here, active alarms come first.
  return states.toSorted((a, b) => Number(b.on) - Number(a.on));
}

function linesOf({ lines, view }: Chart, metrics: LocalMetrics): readonly DrawnLine[] {
  const { from, to } = shownTime(metrics);
  const all = lines.map(({ query }) => query);
  return lines
    .filter(({ visible }) => visible)
    .flatMap(({ query, label, side, period }) => {
      // A single number covers all the time there is.
      const window = view === "singleValue" ? { from: 0, to, period: to + 1 } : { from, to, period };
      return run(metrics.store, query, all, window).map(({ name, series }): DrawnLine => {
        const named = [label, name].filter((part) => part !== "").join(" ");
        return { label: named, side, points: [...series] };
      });
    })
    .filter(({ points }) => points.length > 0);
}

/** Whether there is nothing to see. */
export function isEmpty(filled: Filled): boolean {
  if ("lines" in filled) return filled.lines.length === 0;
  if ("rows" in filled) return filled.rows.length === 0;
  if ("alarms" in filled) return filled.alarms.length === 0;
  return false;
}
