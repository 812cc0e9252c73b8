import { createInterface } from "node:readline/promises";
import Table from "cli-table3";

/** Exit codes (docs in the help). */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Texts from outside may hold escape sequences; a terminal must not follow them. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, "�");

export const say = (line: string): void => console.log(line.split("\n").map(printable).join("\n"));
export const complain = (line: string): void => console.error(printable(line));

/** Rows under a header, without lines, as wide as they are. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const bare = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "  ",
  };
  const drawn = new Table({ chars: bare, style: { head: [], border: [], "padding-left": 0, "padding-right": 0 } });
  drawn.push([...head], ...rows.map((row) => row.map(printable)));
  return drawn.toString();
}

/** Local time to the second. */
export const time = (ms: number): string => new Date(ms).toLocaleString("sv-SE");

/** Asks before something that cannot be undone. Without a terminal nobody is there to ask: false. */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    complain("Not a terminal: pass --yes to confirm.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/iu.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
