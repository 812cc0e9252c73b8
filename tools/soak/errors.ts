import { jsonObject } from "../../local/aws/json.ts";
import type { LogEntry } from "../../local/front/logs.ts";
import type { LoggedError } from "./evidence.ts";

export interface ErrorWatch {
  hear(entry: LogEntry): void;
  readonly errors: readonly LoggedError[];
  /** Connections whose `$connect` or `$disconnect` failed: their rows stay until they are swept. */
  readonly notForgotten: ReadonlySet<string>;
}

/**
 * Records every line at level error, and every line that is not JSON, as Node prints when an execution environment
 * crashes.
 */
export function watchErrors(): ErrorWatch {
  const errors: LoggedError[] = [];
  const notForgotten = new Set<string>();
  return {
    errors,
    notForgotten,
    hear({ function: name, line }) {
      const parsed = jsonObject(line);
      if (parsed !== undefined && (parsed["_aws"] !== undefined || !/^error$/iu.test(String(parsed["level"])))) return;
      if (/^\$(dis)?connect$/u.test(String(parsed?.["route"]))) notForgotten.add(String(parsed?.["connectionId"]));
      const text = (field: string) => {
        const value = parsed?.[field];
        return typeof value === "string" ? value : "";
      };
      const at = performance.now();
      errors.push({
        at,
        function: name,
        message: text("message"),
        // Lambda's own line about a handler that threw uses other names.
        error: text("error") || text("errorMessage"),
        kind: text("kind") || text("errorType"),
        line: line.slice(0, 300),
      });
    },
  };
}
