import type { LogEntry } from "../../local/front/logs.ts";

/** Failures that a run provokes are lines of these forms; whatever else a function calls an error has no explanation. */
const EXPLAINED: readonly ((line: Readonly<Record<string, unknown>>) => boolean)[] = [
  ({ message }) => message === "dependency failed" || message === "canary failed",
  ({ message, kind }) => (message === "frame failed" || message === "message failed" || message === "request failed") && kind === "DependencyError",
];

export interface ErrorWatch {
  hear(entry: LogEntry): void;
  /** Lines at level error that faults of dependencies explain. */
  explained(): number;
  /** Some of the lines that nothing explains. */
  unexplained(): readonly string[];
  /** Connections whose `$connect` or `$disconnect` failed: their rows stay until they are swept. */
  readonly notForgotten: ReadonlySet<string>;
}

const KEPT = 20;

export function watchErrors(): ErrorWatch {
  const unexplained: string[] = [];
  const notForgotten = new Set<string>();
  let explained = 0;
  return {
    notForgotten,
    explained: () => explained,
    unexplained: () => unexplained,
    hear({ function: name, line }) {
      const parsed = parse(line);
      if (parsed !== undefined && (parsed["_aws"] !== undefined || !/^error$/iu.test(String(parsed["level"])))) return;
      if (/^\$(dis)?connect$/u.test(String(parsed?.["route"]))) notForgotten.add(String(parsed?.["connectionId"]));
      if (parsed !== undefined && EXPLAINED.some((explains) => explains(parsed))) explained += 1;
      else if (unexplained.length < KEPT) unexplained.push(`${name}: ${line.slice(0, 300)}`);
    },
  };
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
