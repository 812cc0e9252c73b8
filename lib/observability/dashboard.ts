import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  AlarmStatusWidgetSortBy,
  Dashboard,
  GraphWidget,
  LogQueryWidget,
  Row,
  SingleValueWidget,
  TextWidget,
  type IWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Chart, Table } from "./dashboard-answer.ts";
import { answerRows } from "./dashboard-rows.ts";
import { linked } from "./runbook.ts";
import type { AnyAlarm, ServiceAlarm } from "./service-alarm.ts";
import { ServiceMetrics, type Watched } from "./service-metrics.ts";

const COLUMNS = 24;
const HEIGHT = 6;
/** A longer text, in characters, takes more than two lines. */
const LONG = 600;

/** One page that answers in order: is it up, do pushes go through, what fails, are limits near, what does it cost. */
export class ServiceDashboard extends Dashboard {
  constructor(scope: Construct, id: string, watched: Watched, alarms: readonly (ServiceAlarm | AnyAlarm)[]) {
    super(scope, id, { dashboardName: `push-${watched.config.name}`, start: "-PT3H" });
    const metrics = new ServiceMetrics(watched, Duration.minutes(1));
    const { name, runbookUrl } = watched.config;
    const unlinked =
      runbookUrl === undefined ? ", in docs/operate/runbook.md; with runbookUrl in stages.ts there are links here" : "";
    const title = linked(
      watched.config,
      `# Push service, stage ${name}\nAlarms, and what to do: [runbook](#alarms)${unlinked}.`,
    );
    this.addWidgets(new TextWidget({ markdown: title, width: COLUMNS, height: 2 }));
    const sortBy = AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP;
    const states = new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], sortBy, width: 16, height: HEIGHT });
    // An alarm widget shows only names, so what to do goes beside it.
    const steps = alarms.map(({ node, runbook }) => `[${node.id}](#${runbook})`);
    const markdown = linked(watched.config, `### What to do\n${steps.join(" · ")}`);
    this.addWidgets(states, new TextWidget({ markdown, width: COLUMNS - 16, height: HEIGHT }));
    for (const { text, widgets } of answerRows(metrics, watched)) {
      this.addWidgets(new TextWidget({ markdown: text, width: COLUMNS, height: text.length < LONG ? 2 : 4 }));
      for (let start = 0; start < widgets.length; start += 3) {
        const row = widgets.slice(start, start + 3);
        this.addWidgets(new Row(...row.map((widget) => place(widget, COLUMNS / row.length))));
      }
    }
  }
}

const red = (line: { readonly value: number; readonly label: string }) => ({ ...line, color: "#b91c1c" });

function place(widget: Chart | Table, width: number): IWidget {
  const { title } = widget;
  if ("query" in widget) {
    const { logGroups, query } = widget;
    return new LogQueryWidget({ title, logGroupNames: [...logGroups], queryLines: [...query], width, height: HEIGHT });
  }
  const { left = [], right = [], unit, rightUnit, lines = [], rightLines = [], view = "lines", max, start } = widget;
  if (view === "number")
    return new SingleValueWidget({ title, metrics: [...left], setPeriodToTimeRange: true, width, height: HEIGHT });
  return new GraphWidget({
    title,
    left: [...left],
    right: [...right],
    width,
    height: HEIGHT,
    stacked: view === "areas",
    leftYAxis: {
      min: 0,
      showUnits: false,
      ...(unit !== undefined && { label: unit }),
      ...(max !== undefined && { max }),
    },
    leftAnnotations: lines.map(red),
    rightAnnotations: rightLines.map(red),
    ...(right.length > 0 && {
      rightYAxis: { min: 0, showUnits: false, ...(rightUnit !== undefined && { label: rightUnit }) },
    }),
    ...(start !== undefined && { start }),
  });
}
