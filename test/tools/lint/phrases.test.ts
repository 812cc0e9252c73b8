import { describe, expect, it } from "vitest";
import { findPhrases } from "../../../tools/lint/phrases.ts";

describe("the list of phrases given up", () => {
  it.each([
    ["Whoever commands the DNS of a domain", "anyone who, or name who does it"],
    ["a number from 1 to 5 is due", "must be …"],
    ["The old secret counts no more.", "is no longer valid"],
    ["Your e-mail address", "email"],
  ])("finds one in %j and suggests a replacement", (text, instead) => {
    expect(findPhrases(`fine\n${text}`)[0]).toMatchObject({ line: 2, instead });
  });

  it("finds nothing in plain English", () => {
    expect(findPhrases("If you control the domain's DNS, add this record.\nMust be a number from 1 to 5.")).toEqual([]);
  });
});
