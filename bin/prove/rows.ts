import { readFileSync } from "node:fs";

/** One row of docs/unproven.md. */
export interface Row {
  readonly id: string;
  readonly assumption: string;
  readonly ifWrong: string;
  /** How it is proven: `npm run prove`, or the exact command. */
  readonly proof: string;
}

export const UNPROVEN = new URL("../../docs/unproven.md", import.meta.url);

/** The rows of the tables of docs/unproven.md, whose first cell is an id in backticks. */
export function rowsOf(markdown: string): readonly Row[] {
  return markdown.split("\n").flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/u).map((cell) => cell.trim().replaceAll("\\|", "|"));
    const [, id = "", assumption = "", ifWrong = "", proof = ""] = cells;
    const name = /^`([a-z0-9-]+)`$/u.exec(id)?.[1];
    return name === undefined ? [] : [{ id: name, assumption, ifWrong, proof }];
  });
}

export const unprovenRows = (): readonly Row[] => rowsOf(readFileSync(UNPROVEN, "utf8"));
