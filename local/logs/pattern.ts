import { jsonObject } from "../aws/json.ts";

/**
 * Compiles a filter pattern of the only supported form, `{ $.field = "text" }`: a string in a JSON line. In
 * CloudWatch's patterns `*` in the text is a wildcard, so a text with one is refused. Source: CloudWatch Logs User
 * Guide, "Using filter patterns to match terms in JSON log events".
 *
 * @returns whether a line matches; undefined: a pattern of another form
 */
export function matching(pattern: string): ((line: string) => boolean) | undefined {
  const [, field, text] = /^\{\s*\$\.(\w+)\s*=\s*"([^"*\\]*)"\s*\}$/u.exec(pattern) ?? [];
  if (field === undefined || text === undefined) return undefined;
  // The cheap check first: few lines contain the text.
  return (line) => line.includes(text) && jsonObject(line)?.[field] === text;
}
