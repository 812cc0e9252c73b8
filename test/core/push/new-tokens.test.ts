import { expect, it } from "vitest";
import { newTokens } from "../../../lambdas/core/push/new-tokens.ts";
import { NOON } from "../../support/values/clock.ts";

const HOUR = 3_600_000;
const DOMAIN = "pbx.example.com";
const limits = { newTokensPerDomainInFirstHour: 2_000, newTokensPerDomainPerHour: 100 };

/** Makes endpoints until one is refused; how many. */
function fill(tokens: ReturnType<typeof newTokens>, name: string, now: number): number {
  for (let made = 0; made < 5_000; made += 1) {
    if (!tokens.mayMake(DOMAIN, now)) return made;
    tokens.made(DOMAIN, `${name} ${made}`, now);
  }
  return 5_000;
}

it("allows 2,000 in a domain's first hour, then 100 an hour and a tenth of those known", () => {
  const tokens = newTokens(limits);
  expect(fill(tokens, "first", NOON)).toBe(2_000);
  expect(tokens.mayMake("other.example.com", NOON)).toBe(true);
  expect(fill(tokens, "second", NOON + HOUR - 1)).toBe(0);
  // The allowance grows with what it allows: 300, and a tenth of the new ones.
  expect(fill(tokens, "second", NOON + HOUR)).toBe(333);
  expect(fill(tokens, "second", NOON + 2 * HOUR - 1)).toBe(0);
  expect(fill(tokens, "third", NOON + 2 * HOUR)).toBeGreaterThan(333);
});

it("counts a token once in an hour, however often it was made", () => {
  const tokens = newTokens({ newTokensPerDomainInFirstHour: 2, newTokensPerDomainPerHour: 1 });
  for (let time = 0; time < 10; time += 1) tokens.made(DOMAIN, "same", NOON);
  expect(tokens.mayMake(DOMAIN, NOON)).toBe(true);
  tokens.made(DOMAIN, "another", NOON);
  expect(tokens.mayMake(DOMAIN, NOON)).toBe(false);
});
