import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";

/** A horizontal line in a chart. */
interface Line {
  readonly value: number;
  readonly label: string;
}

/** One chart, without its position. */
export interface Chart {
  readonly title: string;
  readonly left?: readonly IMetric[];
  readonly right?: readonly IMetric[];
  /** Labels of the axes. */
  readonly unit?: string;
  readonly rightUnit?: string;
  /** Thresholds of alarms, and quotas; for the left and the right axis. */
  readonly lines?: readonly Line[];
  readonly rightLines?: readonly Line[];
  readonly view?: "lines" | "areas" | "number";
  /** Top of the left axis. */
  readonly max?: number;
  /** Start of the chart if other than the page's, e.g. `-PT48H`. */
  readonly start?: string;
}

/** A table of rows from functions' logs. */
export interface Table {
  readonly title: string;
  readonly logGroups: readonly string[];
  /** Commands of Logs Insights. */
  readonly query: readonly string[];
}

/** A question that an operator has, and the charts and tables that answer it. */
export interface Answer {
  /** Markdown: the question and what the row means. */
  readonly text: string;
  readonly widgets: readonly (Chart | Table)[];
}
