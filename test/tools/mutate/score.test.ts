import { describe, expect, it } from "vitest";
import type { Equivalent } from "../../../tools/mutate/equivalents/equivalent.ts";
import { roomOf, wingOf, type Room } from "../../../tools/mutate/rooms.ts";
import { outdated, scoresOf } from "../../../tools/mutate/score.ts";
import { type Mutant, mutantsIn } from "../../../tools/mutate/stryker.ts";

const place = { line: 1, column: 1 };
const mutant = (noticed: boolean | undefined, more: Partial<Mutant> = {}): Mutant => ({
  file: "lambdas/core/push/token.ts",
  mutator: "StringLiteral",
  original: '"a"',
  replacement: '""',
  start: place,
  end: place,
  noticed,
  ...more,
});
const many = (count: number, noticed: boolean, more?: Partial<Mutant>) =>
  Array.from({ length: count }, () => mutant(noticed, more));
const scoreOf = (mutants: readonly Mutant[], equivalents: readonly Equivalent[] = []) =>
  scoresOf(mutants, equivalents).map(({ folder, mutants: all, percent, passed }) => [folder, all, percent, passed]);

describe("a folder's score", () => {
  it("is the share of mutants that tests notice, compared with its room's minimum", () => {
    expect(scoreOf([...many(97, true), ...many(3, false)])).toEqual([["lambdas/core/push", 100, 97, true]]);
    expect(scoreOf([...many(96, true), ...many(4, false)])).toEqual([["lambdas/core/push", 100, 96, false]]);
  });

  it("leaves out mutants that do not compile, and equivalents", () => {
    const same = mutant(false, { original: "a  +\n b", replacement: "a - b" });
    const listed = { file: same.file, original: "a + b", replacement: "a - b", because: "b is 0" };
    expect(scoreOf([mutant(true), mutant(undefined), same], [listed])).toEqual([["lambdas/core/push", 1, 100, true]]);
    expect(scoreOf([mutant(true), same], [{ ...listed, file: "lambdas/core/push/app.ts" }])).toEqual([
      ["lambdas/core/push", 2, 50, false],
    ]);
  });

  it("fails with one survivor where none is allowed", () => {
    const login = { file: "lambdas/core/pbx/login.ts" };
    expect(scoreOf([...many(999, true, login), ...many(1, false, login)])).toEqual([
      ["lambdas/core/pbx", 1_000, 99.9, false],
    ]);
  });

  it("reports equivalents that a test notices or whose line is gone, only of tried files", () => {
    const one = { file: mutant(true).file, original: '"a"', replacement: '""', because: "x" };
    expect(outdated([mutant(true)], [one])).toEqual([one]);
    expect(outdated([mutant(false)], [one])).toEqual([]);
    expect(outdated([mutant(false, { file: "lambdas/core/push/app.ts" })], [one])).toEqual([]);
  });
});

it("reads a report of Stryker", () => {
  const location = { start: { line: 2, column: 5 }, end: { line: 3, column: 4 } };
  const found = ["Killed", "Timeout", "Survived", "NoCoverage", "RuntimeError"].map((status) => ({
    mutatorName: "M",
    replacement: "r",
    status,
    location,
  }));
  const read = mutantsIn({ files: { "a.ts": { source: "one\nsay two\nthree\n", mutants: found } } });
  expect(read.map(({ noticed }) => noticed)).toEqual([true, true, false, false, undefined]);
  expect(read[0]).toMatchObject({ file: "a.ts", mutator: "M", original: "two\nthr", replacement: "r" });
  expect(() => mutantsIn({})).toThrow();
});

it.each([
  ["lambdas/core/domains/proof/txt-proof.ts", "lambdas/core", "domains"],
  ["lambdas/adapters/aws/pbx/sessions.ts", "lambdas/adapters/aws", "pbx"],
  ["lambdas/adapters/telemetry.ts", "lambdas/adapters", ""],
  ["lambdas/views/texts/en.ts", undefined, undefined],
])("%s is in room %s, wing %s", (file, folder, wing) => {
  const room = roomOf(file);
  expect(room?.folder).toBe(folder);
  if (room !== undefined) expect(wingOf(file, room satisfies Room)).toBe(wing);
});
