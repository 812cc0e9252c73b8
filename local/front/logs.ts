/** One line that a function wrote: JSON, except what Node itself prints when a sandbox crashes. */
export interface LogEntry {
  /** Unix ms. */
  readonly at: number;
  readonly function: string;
  readonly line: string;
}

/** The newest lines of all functions, oldest first. */
export interface Logs {
  add(functionName: string, line: string): void;
  list(): readonly LogEntry[];
  clear(): void;
}

const KEPT = 20_000;

export function createLogs(onLog: (entry: LogEntry) => void): Logs {
  let entries: LogEntry[] = [];
  return {
    add(functionName, line) {
      const entry = { at: Date.now(), function: functionName, line };
      entries.push(entry);
      if (entries.length > 2 * KEPT) entries = entries.slice(-KEPT);
      onLog(entry);
    },
    list: () => entries.slice(-KEPT),
    clear() {
      entries = [];
    },
  };
}
