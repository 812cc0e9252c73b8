import Table from "cli-table3";

/** Exit codes of every command line; each help says which of them it uses. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130, closedPipe: 141 } as const;

/** Escapes control characters in texts from outside as in JSON, `\\u001b`, so that a terminal does not obey them. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );

/** The beginning of what a server answered, on one line. */
export const excerpt = (text: string): string => text.slice(0, 1_000).replace(/\s+/gu, " ").trim().slice(0, 160);

const lines = (text: string): string => `${text.split("\n").map(printable).join("\n")}\n`;

/** The result of a command, on standard output. */
export const say = (text: string): void => void process.stdout.write(lines(text));
/** A message for people beside the result, on standard error. */
export const complain = (text: string): void => void process.stderr.write(lines(text));
/** One JSON value, indented. */
export const print = (value: unknown): void => say(JSON.stringify(value, undefined, 2));

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
  return drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Local time to the second with its zone: `2026-11-27 20:43:08 +01:00`. @param ms Unix time */
export function time(ms: number): string {
  const at = new Date(ms);
  const minutes = -at.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const zone = `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return `${at.toLocaleString("sv-SE")} ${zone}`;
}

/** Local time with ms, for a log that a person follows. */
export const clock = (at = new Date()): string =>
  `${at.toLocaleTimeString("sv-SE")}.${String(at.getMilliseconds()).padStart(3, "0")}`;

let ending: AbortController | undefined;

/** The process's signal that fires at the first Ctrl-C or SIGTERM; the second one ends the process at once. */
export function interrupted(): AbortSignal {
  if (ending !== undefined) return ending.signal;
  const control = (ending = new AbortController());
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (control.signal.aborted) process.exit(EXIT.interrupted);
      control.abort();
    });
  }
  return control.signal;
}

/** Fires that signal, like Ctrl-C; false if nothing waits for it. */
export function endInOrder(): boolean {
  ending?.abort();
  return ending !== undefined;
}
