import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => existsSync(file) && file !== "");

/** Lines of a file. Tests, texts and styles may be longer, and data is as long as it is. */
const CODE = /\.(ts|tsx|js|mjs|cjs)$/u;
const MAY_BE_LONG = /^test\/|^lambdas\/views\/texts\//u;
const MOST_LINES = 250;

/** The root holds what tools look for there; the other two have a file for each function that is deployed. */
const MAY_BE_FULL = new Set([".", "lambdas/entrypoints", "lib/functions"]);
const MOST_FILES = 12;

describe("the house", () => {
  it("has no file over 250 lines outside tests, texts and styles", () => {
    const code = files.filter((file) => CODE.test(file) && !MAY_BE_LONG.test(file));
    expect(code.length).toBeGreaterThan(400);
    const long = code.map((file) => [file, linesOf(file)] as const).filter(([, lines]) => lines > MOST_LINES);
    expect(long).toEqual([]);
  });

  it("has no folder over 12 files", () => {
    const counts = Map.groupBy(files, dirname);
    expect(counts.size).toBeGreaterThan(100);
    const full = [...counts].filter(([folder, held]) => held.length > MOST_FILES && !MAY_BE_FULL.has(folder));
    expect(full.map(([folder, held]) => `${folder}: ${held.length}`)).toEqual([]);
  });

  it("names no file by a bare gerund", () => {
    const bare = files
      .filter((file) => !file.startsWith("test/"))
      .map((file) => basename(file).replace(/(\.(test|browser|slow|load|property|model))*\.\w+$/u, ""));
    expect(bare.filter((name) => /^[a-z]{3,}ing$/u.test(name) && !NOUNS.has(name))).toEqual([]);
  });
});

/** Nouns that end alike, and the document about deploying. */
const NOUNS = new Set(["deploying", "housekeeping", "monitoring", "provisioning", "reading"]);

const linesOf = (file: string): number => readFileSync(file, "utf8").split("\n").length - 1;
