import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logs } from "../front/logs.ts";
import type { Page } from "../front/layout.tsx";
import type { LocalMetrics } from "../metrics/local-metrics.ts";
import { RUNBOOK_FILE } from "../product.ts";
import { draw } from "./draw.ts";
import { dashboardPage, runbookPage } from "./page.tsx";
import { fillWidgets, isEmpty, shownTime, type Filled } from "./widgets.ts";

/** The synthesized dashboard with live numbers: page, charts and data. */
export interface LocalDashboard {
  page(): Page;
  runbook(): Page;
  /** One entry for each widget: title, whether it has data, and the data. */
  data(): readonly object[];
  /** SVG of the widget with that index; undefined if it is no chart. */
  chart(index: number): string | undefined;
}

/** Pixels of one of 24 columns and of one row. */
const [COLUMN, ROW] = [60, 44];
const ROOT = join(import.meta.dirname, "..", "..");

export function createLocalDashboard(metrics: LocalMetrics, logs: Logs): LocalDashboard {
  const filled = () => fillWidgets(metrics, () => logs.list().map(({ line }) => line));
  return {
    page: () => dashboardPage(filled(), [...metrics.dashboards.keys()][0] ?? "no dashboard"),
    runbook: () => runbookPage(readFileSync(join(ROOT, RUNBOOK_FILE), "utf8")),
    data: () =>
      filled()
        .filter(({ widget }) => widget.type !== "text")
        .map(describe),
    chart(index) {
      const found = filled()[index];
      if (found === undefined || !("lines" in found)) return undefined;
      const { widget, lines } = found;
      const size = { width: widget.width * COLUMN, height: widget.height * ROW };
      return draw({ chart: widget, lines, ...shownTime(metrics), ...size });
    },
  };
}

const describe = (filled: Filled) => ({
  type: filled.widget.type,
  title: filled.widget.title,
  empty: isEmpty(filled),
  ...("lines" in filled && { lines: filled.lines }),
  ...("rows" in filled && { rows: filled.rows }),
  ...("alarms" in filled && { alarms: filled.alarms }),
});
