import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLanguage, LANGUAGES, preferredLanguage } from "../../../lambdas/core/shared/language.ts";

describe("preferredLanguage", () => {
  it.each([
    [undefined, "en"],
    ["", "en"],
    ["de", "de"],
    ["DE-at", "de"],
    ["de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de"],
    ["en-GB,en;q=0.9,de;q=0.8", "en"],
    ["en;q=0.7, de;q=0.8", "de"],
    ["en;q=0.8, de;q=0.8", "en"],
    ["de;q=0.8, en;q=0.8", "de"],
    ["fr, de;q=0.5", "de"],
    ["fr, it", "en"],
    ["fr, *;q=0.5", "en"],
    ["en;q=0, *", "de"],
    ["de;q=0, *;q=0.1", "en"],
    ["de;q=0.1, *", "en"],
    ["de, *", "de"],
    ["de;q=1.000", "de"],
    ["en;q=0.5, de;q=1", "de"],
    ["de;q=0.1, de-AT;q=0.9, en;q=0.5", "de"],
    ["en; q=0.1, de; q=0.5", "de"],
    ["de;q=0.5 , fr", "de"],
    ["12-de", "en"],
    ["de;q=2, en;q=0.1", "en"],
    ["de;q=x", "en"],
    ["deutsch", "en"],
    [`${"x,".repeat(400)}de`, "en"],
  ])("of %j is %s", (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });

  it("is always a supported one, whatever is sent", () => {
    fc.assert(fc.property(fc.string(), (header) => LANGUAGES.includes(preferredLanguage(header))));
  });

  it("is the one with the highest weight, in any order", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000 }), {
      minLength: LANGUAGES.length,
      maxLength: LANGUAGES.length,
    });
    fc.assert(
      fc.property(weights, fc.boolean(), (drawn, turned) => {
        const wishes = LANGUAGES.map((language, index) => ({ language, weight: drawn[index] ?? 0 }));
        const listed = turned ? wishes.toReversed() : wishes;
        const header = listed.map(({ language, weight }) => `${language};q=${(weight / 1_000).toFixed(3)}`).join(", ");
        const highest = Math.max(...drawn);
        expect(preferredLanguage(header)).toBe(listed.find(({ weight }) => weight === highest)?.language);
      }),
    );
  });
});

it("isLanguage accepts only supported languages", () => {
  expect(["en", "de", "fr", "", null, undefined].filter(isLanguage)).toEqual(["en", "de"]);
});
