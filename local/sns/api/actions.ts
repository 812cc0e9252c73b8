import type { Query } from "./query.ts";
import type { XmlValue } from "./xml.ts";

/** One API action: reads the query, changes the store, returns the members of its result or throws an AwsError. */
export type Action = (query: Query) => XmlValue;
export type Actions = Readonly<Record<string, Action>>;

const pageSize = 100;

/** One page of a list, and the token of the next one if there is more. */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
): { items: readonly T[]; next: string | undefined } {
  const start = Math.max(0, Number.parseInt(token ?? "0", 36) || 0);
  const end = start + pageSize;
  return { items: items.slice(start, end), next: end < items.length ? end.toString(36) : undefined };
}
