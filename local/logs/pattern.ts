import { jsonObject } from "../aws/json.ts";

/**
 * Reads a filter pattern of the one form that this engine knows: `{ $.field = "text" }`, an equal string of a JSON line.
 * In CloudWatch's patterns `*` in the text is a wildcard, so a text with one is refused.
 * Source: CloudWatch Logs User Guide, "Using filter patterns to match terms in JSON log events".
 *
 * @returns whether a line matches; undefined: a pattern of another form
 */
export function matching(pattern: string): ((line: string) => boolean) | undefined {
  const [, field, text] = /^\{\s*\$\.(\w+)\s*=\s*"([^"*\\]*)"\s*\}$/u.exec(pattern) ?? [];
  if (field === undefined || text === undefined) return undefined;
  // Far fewer lines hold the text than are written.
  return (line) => line.includes(text) && jsonObject(line)?.[field] === text;
}
