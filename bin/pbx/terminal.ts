/** Exit codes of `pbx` (docs in its help). */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

/** Texts from outside may hold escape sequences; a terminal must not follow them. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, "�");

export const say = (line: string): void => console.log(printable(line));
export const complain = (line: string): void => console.error(printable(line));

/** Local time with ms, for a log that a person follows. */
export const clock = (at = new Date()): string =>
  `${at.toLocaleTimeString("sv-SE")}.${String(at.getMilliseconds()).padStart(3, "0")}`;

/** A signal that fires at the first Ctrl-C or SIGTERM; the second one ends the process at once. */
export function interrupted(): AbortSignal {
  const control = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (control.signal.aborted) process.exit(EXIT.interrupted);
      control.abort();
    });
  }
  return control.signal;
}
