import type { Equivalent } from "./equivalents/equivalent.ts";
import { EQUIVALENTS } from "./equivalents/equivalents.ts";
import { NO_SURVIVOR, roomOf, wingOf } from "./rooms.ts";
import type { Mutant } from "./stryker.ts";

/** The result of one folder. */
export interface Score {
  readonly folder: string;
  /** Mutants that compile, without the equivalents. */
  readonly mutants: number;
  readonly equivalents: number;
  readonly survivors: readonly Mutant[];
  /** 0 to 100; 100 without any mutant. */
  readonly percent: number;
  /** Whether the score is high enough and no forbidden mutant survived. */
  readonly passed: boolean;
}

const plain = (text: string) => text.replace(/\s+/gu, " ").trim();

const isOf = ({ file, original, replacement }: Equivalent, mutant: Mutant) =>
  file === mutant.file &&
  plain(original) === plain(mutant.original) &&
  plain(replacement) === plain(mutant.replacement);

const mustNotSurvive = ({ file }: Mutant) => NO_SURVIVOR.some((path) => file.startsWith(path));

function folderOf(file: string): string {
  const room = roomOf(file);
  return room === undefined ? file : [room.folder, wingOf(file, room)].filter((part) => part !== "").join("/");
}

/** The score of each folder, in order of appearance. */
export function scoresOf(mutants: readonly Mutant[], equivalents = EQUIVALENTS): readonly Score[] {
  const folders = Object.groupBy(mutants, ({ file }) => folderOf(file));
  return Object.entries(folders).map(([folder, all = []]) => {
    const compiled = all.filter(({ noticed }) => noticed !== undefined);
    const survivors = compiled.filter(({ noticed }) => noticed === false);
    const left = survivors.filter((mutant) => !equivalents.some((each) => isOf(each, mutant)));
    const [aside, counted] = [survivors.length - left.length, compiled.length - (survivors.length - left.length)];
    const percent = counted === 0 ? 100 : (100 * (counted - left.length)) / counted;
    const least = roomOf(all[0]?.file ?? "")?.least ?? 100;
    const passed = percent >= least && !left.some(mustNotSurvive);
    return { folder, mutants: counted, equivalents: aside, survivors: left, percent, passed };
  });
}

/** Equivalents of tried files that match no survivor: a test notices them, or their line is gone. */
export function outdated(mutants: readonly Mutant[], equivalents = EQUIVALENTS): readonly Equivalent[] {
  const files = new Set(mutants.map(({ file }) => file));
  return equivalents.filter(
    (each) => files.has(each.file) && !mutants.some((mutant) => mutant.noticed === false && isOf(each, mutant)),
  );
}
