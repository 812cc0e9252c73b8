/**
 * Wildcards of IAM: `*` is any run of characters, `?` one character.
 * Source: IAM User Guide, "IAM JSON policy elements: Action" and "Resource".
 */
export type Matcher = (text: string) => boolean;

export function wildcard(pattern: string, flags = ""): Matcher {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/gu, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, `su${flags}`);
  return (text) => expression.test(text);
}

/** Actions are case-insensitive. */
export const actionPattern = (pattern: string): Matcher => wildcard(pattern, "i");

/**
 * ARNs are compared part by part, so that a wildcard never matches across a colon; the sixth part is the rest. `*`
 * alone matches every resource, and actions without one. Source: IAM User Guide, "Amazon Resource Name (ARN) condition
 * operators" (each of the six components is checked separately); for Resource this is the strictest reading.
 */
export function arnPattern(pattern: string): Matcher {
  if (pattern === "*") return () => true;
  const matchers = parts(pattern).map((part) => wildcard(part));
  return (arn) => {
    const given = parts(arn);
    return given.length === matchers.length && matchers.every((matches, index) => matches(given[index] ?? ""));
  };
}

function parts(arn: string): readonly string[] {
  const all = arn.split(":");
  return [...all.slice(0, 5), ...(all.length > 5 ? [all.slice(5).join(":")] : [])];
}
