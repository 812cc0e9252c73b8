import type { MetricId } from "../metrics/store.ts";
import type { Query } from "../metrics/queries.ts";

/** One widget of a CloudWatch dashboard ("Dashboard Body Structure and Syntax"), limited to what ours uses. */
export type Widget = { readonly width: number; readonly height: number; readonly title: string } & (
  | { readonly type: "text"; readonly markdown: string }
  | { readonly type: "alarm"; readonly arns: readonly string[] }
  | { readonly type: "log"; readonly query: string }
  | ({ readonly type: "metric" } & Chart)
);

export interface Chart {
  /** Drawn, or only used in another line's math. */
  readonly lines: readonly ChartLine[];
  readonly view: "timeSeries" | "singleValue";
  readonly stacked: boolean;
  readonly axes: Readonly<Record<Side, Axis>>;
  readonly marks: readonly Mark[];
  /** Start of the widget if other than the page's, e.g. `-PT48H`. */
  readonly start: string | undefined;
}

export type Side = "left" | "right";
/** A horizontal line. */
interface Mark {
  readonly value: number;
  readonly label: string;
  readonly color: string;
  readonly yAxis?: Side;
}
interface Axis {
  readonly label?: string;
  readonly min?: number;
  readonly max?: number;
}

interface ChartLine {
  readonly query: Query;
  readonly label: string;
  readonly visible: boolean;
  readonly side: Side;
  /** In ms. */
  readonly period: number;
}

interface Options {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly visible?: boolean;
  readonly stat?: string;
  readonly period?: number;
  readonly yAxis?: Side;
}
interface RawWidget {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly query?: string;
    readonly metrics?: readonly (readonly (string | Options)[])[];
    readonly view?: "timeSeries" | "singleValue";
    readonly stacked?: boolean;
    readonly start?: string;
    readonly yAxis?: Readonly<Partial<Record<Side, Axis>>>;
    readonly annotations?: { readonly horizontal?: Chart["marks"] };
  };
}

/** Throws an Error for an unsupported widget. */
export function parseBody(body: string): readonly Widget[] {
  const { widgets } = JSON.parse(body) as { readonly widgets: readonly RawWidget[] };
  return widgets.map(({ type, width, height, properties }): Widget => {
    const { title = "", markdown = "", alarms = [], query = "" } = properties;
    const place = { width, height, title };
    switch (type) {
      case "text":
        return { ...place, type, markdown };
      case "alarm":
        return { ...place, type, arns: alarms };
      case "log":
        return { ...place, type, query };
      case "metric":
        return { ...place, type, ...chartOf(properties) };
      default:
        throw new Error(`widgets of type ${type} are not drawn here`);
    }
  });
}

function chartOf(properties: RawWidget["properties"]): Chart {
  const { metrics = [], view = "timeSeries", stacked = false, start, yAxis = {}, annotations } = properties;
  return {
    lines: metrics.map(lineOf),
    view,
    stacked,
    axes: { left: yAxis.left ?? {}, right: yAxis.right ?? {} },
    marks: annotations?.horizontal ?? [],
    start,
  };
}

function lineOf(entry: readonly (string | Options)[], index: number): ChartLine {
  const last = entry.at(-1);
  const options: Options = typeof last === "object" ? last : {};
  const { id = `line${index}`, expression, stat = "Average", visible = true, yAxis = "left", period = 300 } = options;
  const metric = metricOf(entry.filter((part) => typeof part === "string"));
  const query: Query = expression === undefined ? { id, metric, statistic: stat } : { id, expression };
  return { query, label: options.label ?? metric.name, visible, side: yAxis, period: period * 1000 };
}

/** `[namespace, name, dimension, value, …]` */
function metricOf([namespace = "", name = "", ...rest]: readonly string[]): MetricId {
  const pairs = Array.from({ length: rest.length / 2 }, (_, index) => [
    rest[2 * index] ?? "",
    rest[2 * index + 1] ?? "",
  ]);
  return { namespace, name, dimensions: Object.fromEntries(pairs) as Record<string, string> };
}
