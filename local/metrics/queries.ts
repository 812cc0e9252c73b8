import { evaluateMath, type Line } from "./math.ts";
import type { MetricId, MetricStore, Series, Window } from "./store.ts";

/** One entry of a widget's `metrics`, of an alarm or of GetMetricData: a metric, or math over others. */
export type Query = { readonly id: string } & (
  | { readonly metric: MetricId; readonly statistic: string }
  | { readonly expression: string }
);

/** The lines of one query; `all` has the queries it refers to. Throws an Error for what is not supported. */
export function run(store: MetricStore, query: Query, all: readonly Query[], window: Window): readonly Line[] {
  if ("metric" in query) return [{ name: "", series: store.series(query.metric, query.statistic, window) }];
  return evaluateMath(query.expression, {
    period: window.period / 1000,
    times: periodsOver(window),
    search: (expression, statistic) => search(store, expression, statistic, window),
    series(id): Series {
      const other = all.find((each) => each.id === id);
      if (other === undefined) throw new Error(`${query.expression} names ${id}, which is not there`);
      return run(store, other, all, window)[0]?.series ?? new Map<number, number>();
    },
  });
}

/** Starts of a window's completed periods. */
function periodsOver({ from, to, period }: Window): readonly number[] {
  const first = from - (from % period);
  return Array.from({ length: Math.max(0, Math.floor((to - first) / period)) }, (_, index) => first + index * period);
}

/** `{Namespace,dimension,dimension} MetricName="x" dimension="value"`, as CloudWatch's search has it. */
function search(store: MetricStore, expression: string, statistic: string, window: Window): readonly Line[] {
  const schema = /^\{([^}]+)\}/u.exec(expression)?.[1]?.split(",");
  if (schema === undefined) throw new Error(`cannot search for ${expression}`);
  const [namespace, ...names] = schema;
  const terms = [...expression.matchAll(/(\w+)="([^"]*)"/gu)].map(
    ([, name = "", value = ""]) => [name, value] as const,
  );
  const wanted = names.toSorted().join();
  const found = store
    .list()
    .filter(
      (metric) =>
        metric.namespace === namespace &&
        Object.keys(metric.dimensions).toSorted().join() === wanted &&
        terms.every(([name, value]) => (name === "MetricName" ? metric.name : metric.dimensions[name]) === value),
    );
  const fixed = new Set(terms.map(([name]) => name));
  return found.map((metric) => ({
    name: names.flatMap((name) => (fixed.has(name) ? [] : (metric.dimensions[name] ?? []))).join(" "),
    series: store.series(metric, statistic, window),
  }));
}
