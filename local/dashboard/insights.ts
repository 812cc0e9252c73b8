import { jsonObject } from "../aws/json.ts";

/** A row of a table: values by column. */
export type Row = Readonly<Record<string, string | number>>;
type Entry = Readonly<Record<string, unknown>>;

/**
 * Logs Insights over JSON lines, limited to what our dashboard uses: `filter f = "v"`, `stats` with count, sum and
 * latest `by` fields, `sort`, `limit`. Ignores SOURCE: our queries filter by messages of one function. Throws an Error
 * that names what is not supported.
 */
export function runInsights(query: string, lines: readonly string[]): readonly Row[] {
  // What Node prints when a sandbox crashes is no JSON.
  let entries: readonly Entry[] = lines.map(jsonObject).filter((entry) => entry !== undefined);
  let rows: readonly Row[] = [];
  for (const command of query.split("|").map((part) => part.trim())) {
    const [name = "", rest = ""] = split(command);
    if (name === "SOURCE") continue;
    if (name === "filter") entries = filter(entries, rest);
    else if (name === "stats") rows = stats(entries, rest);
    else if (name === "sort") rows = sort(rows, rest);
    else if (name === "limit") rows = rows.slice(0, Number(rest));
    else throw new Error(`Logs Insights: ${name} is not known here`);
  }
  return rows;
}

function split(command: string): readonly [string, string] {
  const at = command.indexOf(" ");
  return at < 0 ? [command, ""] : [command.slice(0, at), command.slice(at + 1).trim()];
}

function filter(entries: readonly Entry[], condition: string): readonly Entry[] {
  const [, field, value] = /^(\w+) = "([^"]*)"$/u.exec(condition) ?? [];
  if (field === undefined) throw new Error(`Logs Insights: cannot filter by ${condition}`);
  return entries.filter((entry) => entry[field] === value);
}

function stats(entries: readonly Entry[], text: string): readonly Row[] {
  const [aggregates = "", by = ""] = text.split(" by ");
  const fields = by.split(",").map((field) => field.trim());
  const columns = aggregates.split(/,\s*(?=\w+\()/u).map(column);
  const groups = Map.groupBy(entries, (entry) => JSON.stringify(fields.map((field) => cell(entry[field]))));
  return [...groups.values()].map((group) => ({
    ...Object.fromEntries(fields.map((field) => [field, cell(group[0]?.[field])])),
    ...Object.fromEntries(columns.map(({ name, compute }) => [name, compute(group)])),
  }));
}

function column(text: string): {
  readonly name: string;
  readonly compute: (group: readonly Entry[]) => string | number;
} {
  const [, aggregate, field = "", name = ""] = /^(\w+)\(([\w*]+)\) as (\w+)$/u.exec(text.trim()) ?? [];
  switch (aggregate) {
    case "count":
      return { name, compute: (group) => group.length };
    case "sum":
      return { name, compute: (group) => group.reduce((sum, entry) => sum + Number(entry[field] ?? 0), 0) };
    case "latest":
      return { name, compute: (group) => cell(group.at(-1)?.[field]) };
    default:
      throw new Error(`Logs Insights: ${text} is not known here`);
  }
}

const cell = (value: unknown): string | number =>
  typeof value === "number" ? value : typeof value === "string" || typeof value === "boolean" ? String(value) : "";

function sort(rows: readonly Row[], text: string): readonly Row[] {
  const [field = "", direction] = text.split(" ");
  const sign = direction === "desc" ? -1 : 1;
  return rows.toSorted((a, b) => sign * (Number(a[field]) - Number(b[field])));
}
