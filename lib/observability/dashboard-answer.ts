import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";

/** A horizontal line in a chart. */
interface Line {
  readonly value: number;
  readonly label: string;
}

/** One chart, free of its place. */
export interface Chart {
  readonly title: string;
  readonly left?: readonly IMetric[];
  readonly right?: readonly IMetric[];
  /** Labels of the axes. */
  readonly unit?: string;
  readonly rightUnit?: string;
  /** Where an alarm fires, or a quota ends; of the left axis and of the right one. */
  readonly lines?: readonly Line[];
  readonly rightLines?: readonly Line[];
  readonly view?: "lines" | "areas" | "number";
  /** Top of the left axis. */
  readonly max?: number;
  /** Shows this long, whatever the rest of the page shows, e.g. `-PT48H`. */
  readonly start?: string;
}

/** Rows of a table out of the logs of some functions. */
export interface Table {
  readonly title: string;
  readonly logGroups: readonly string[];
  /** Commands of Logs Insights. */
  readonly query: readonly string[];
}

/** A question an operator has, and what answers it. */
export interface Answer {
  /** Markdown: the question and what the row means. */
  readonly text: string;
  readonly widgets: readonly (Chart | Table)[];
}
