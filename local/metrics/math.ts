import jsep, { type Expression } from "jsep";
import type { Series } from "./store.ts";

/** One line of a chart. */
export interface Line {
  /** Distinguishes it from other lines of the same search; empty for a single one. */
  readonly name: string;
  readonly series: Series;
}

/** A number, one series, or several from a search or an array. */
type Value = number | Series | readonly Line[];

export interface MathContext {
  /** Another query of the same widget or alarm. */
  readonly series: (id: string) => Series;
  /** `SEARCH(expression, statistic, period)`. */
  readonly search: (expression: string, statistic: string) => readonly Line[];
  /** In s. */
  readonly period: number;
  /** Starts of completed periods, which `FILL` fills. */
  readonly times: readonly number[];
}

/**
 * CloudWatch metric math, limited to what our dashboard and alarms use: arithmetic, comparison, IF, SUM, MAX, MIN, FILL
 * with a number, PERIOD, SEARCH, arrays. Throws an Error that names what is not supported.
 */
export function evaluateMath(expression: string, context: MathContext): readonly Line[] {
  const value = evaluate(jsep(expression), context);
  if (typeof value === "number") throw new Error(`${expression} is no series`);
  return linesIn(value);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const isLines = (value: Value): value is readonly Line[] => Array.isArray(value);
const linesIn = (value: Exclude<Value, number>): readonly Line[] =>
  isLines(value) ? value : [{ name: "", series: value }];

function evaluate(node: Expression, context: MathContext): Value {
  switch (node.type) {
    case "Literal":
      return Number(node["value"]);
    case "Identifier":
      return context.series(text(node["name"]));
    case "UnaryExpression":
      return combine([0, single(evaluate(node["argument"] as Expression, context))], ([a = 0, b = 0]) => a - b);
    case "BinaryExpression": {
      const sides = [node["left"], node["right"]].map((side) => single(evaluate(side as Expression, context)));
      return combine(sides, operator(text(node["operator"])));
    }
    case "ArrayExpression":
      return (node["elements"] as Expression[]).flatMap((element) => {
        const value = evaluate(element, context);
        return linesIn(typeof value === "number" ? new Map<number, number>() : value);
      });
    case "CallExpression":
      return call(text((node["callee"] as Expression)["name"]), node["arguments"] as Expression[], context);
    default:
      throw new Error(`metric math: ${node.type} is not known here`);
  }
}

const FOLDS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
};

function call(name: string, args: readonly Expression[], context: MathContext): Value {
  const fold = FOLDS[name];
  if (fold !== undefined)
    return foldLines(
      args.map((arg) => evaluate(arg, context)),
      fold,
    );
  switch (name) {
    case "FILL":
      return fill(
        args.map((arg) => single(evaluate(arg, context))),
        context.times,
      );
    case "PERIOD":
      return context.period;
    case "IF":
      return combine(
        args.map((arg) => single(evaluate(arg, context))),
        ([condition = 0, then = 0, otherwise = 0]) => (condition === 0 ? otherwise : then),
      );
    case "SEARCH":
      return context.search(text(args[0]?.["value"]), text(args[1]?.["value"]));
    default:
      throw new Error(`metric math: ${name} is not known here`);
  }
}

/** Folds all series at each time when any has a value. */
function foldLines(values: readonly Value[], fold: (values: readonly number[]) => number): Series {
  const lines = values.flatMap((value) => (typeof value === "number" ? [] : linesIn(value)));
  const times = [...new Set(lines.flatMap(({ series }) => [...series.keys()]))].sort((a, b) => a - b);
  return new Map(times.map((at) => [at, fold(lines.flatMap(({ series }) => series.get(at) ?? []))]));
}

function fill([series, filling]: readonly (number | Series)[], times: readonly number[]): Series {
  if (typeof series !== "object" || typeof filling !== "number")
    throw new Error("metric math: FILL takes a series and a number here");
  const all = [...new Set([...times, ...series.keys()])].sort((a, b) => a - b);
  return new Map(all.map((at) => [at, series.get(at) ?? filling]));
}

function single(value: Value): number | Series {
  if (!isLines(value)) return value;
  const [only, another] = value;
  if (only === undefined || another !== undefined)
    throw new Error("metric math: one series is wanted where there are several");
  return only.series;
}

/** Applies at each time when all series have a value; numbers apply at all times. */
function combine(values: readonly (number | Series)[], apply: (values: readonly number[]) => number): number | Series {
  const all = values.filter((value) => typeof value !== "number");
  if (all.length === 0) return apply(values as readonly number[]);
  const times = [...(all[0]?.keys() ?? [])].filter((at) => all.every((series) => series.has(at)));
  return new Map(
    times.map((at) => [at, apply(values.map((value) => (typeof value === "number" ? value : (value.get(at) ?? 0))))]),
  );
}

function operator(sign: string): (values: readonly number[]) => number {
  const compute: Readonly<Record<string, (a: number, b: number) => number>> = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    ">=": (a, b) => Number(a >= b),
    ">": (a, b) => Number(a > b),
    "<=": (a, b) => Number(a <= b),
    "<": (a, b) => Number(a < b),
  };
  const known = compute[sign];
  if (known === undefined) throw new Error(`metric math: ${sign} is not known here`);
  return ([a = 0, b = 0]) => known(a, b);
}
