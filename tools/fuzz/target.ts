import fc from "fast-check";
import type { LogFields, LogLevel } from "../../lambdas/ports/telemetry.ts";
import { rememberingTelemetry } from "../../test/support/memory/remembering-telemetry.ts";
import { startWatchdog } from "./watchdog.ts";

/** Results of fuzzing one target. */
export interface Fuzzed {
  /** Number of cases by result. */
  readonly answers: Readonly<Record<string, number>>;
  readonly slowestMs: number;
}

/** A handler under fuzz. `fuzz` rejects with the smallest case that breaks a rule, its seed and its path. */
export interface Target {
  readonly name: string;
  /** Share of all cases. */
  readonly share: number;
  readonly fuzz: (cases: number, seed: number) => Promise<Fuzzed>;
}

/** A case that takes longer twice would let a client keep an execution environment busy; in ms. */
const SLOW = 1_000;
/** Limit in ms after which a case counts as hanging, also if it blocks the thread. */
const HANGS = 5_000;
const KEEPS_THE_THREAD = 30_000;
/** Services grow with every case, so they are replaced after this many. */
const CASES_OF_A_WORLD = 250;

/** @param check throws if a rule is broken; returns the answer's name */
export function target<Services, Case>(
  name: string,
  share: number,
  fresh: () => Services,
  cases: fc.Arbitrary<Case>,
  check: (services: Services, each: Case, number: number) => Promise<string>,
): Target {
  return {
    name,
    share,
    async fuzz(numRuns, seed) {
      let services = fresh();
      let number = 0;
      let slowestMs = 0;
      const answers = new Map<string, number>();
      const watchdog = await startWatchdog(KEEPS_THE_THREAD);
      const timed = async (each: Case): Promise<number> => {
        const startedAt = performance.now();
        watchdog.begins(`${name}, seed ${seed}, case ${number}: ${fc.stringify(each).slice(0, 2_000)}`);
        const answer = await check(services, each, number).finally(() => watchdog.ends());
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
        return performance.now() - startedAt;
      };
      const property = fc.asyncProperty(cases, async (each) => {
        number += 1;
        if (number % CASES_OF_A_WORLD === 0) services = fresh();
        const ms = await timed(each);
        slowestMs = Math.max(slowestMs, ms);
        if (ms < SLOW) return;
        services = fresh(); // the machine may have been busy: slow only if slow twice
        const again = await timed(each);
        if (again >= SLOW) throw new Error(`took ${ms.toFixed(0)} ms, and ${again.toFixed(0)} ms again`);
      });
      try {
        await fc.assert(property, { numRuns, seed, timeout: HANGS, includeErrorInReport: true });
      } finally {
        await watchdog.stop();
      }
      return { answers: Object.fromEntries([...answers].sort(([, a], [, b]) => b - a)), slowestMs };
    },
  };
}

const noFlush = { begin: () => undefined, flush: () => undefined };

/** Telemetry that fails a case on the metric `Unexpected`: an error that the code does not handle. */
export function strictTelemetry() {
  const remembering = rememberingTelemetry();
  return {
    ...remembering,
    ...noFlush,
    metric: (...[name, value, dimensions]: Parameters<typeof remembering.metric>) => {
      if (name === "Unexpected") throw new Error(`unexpected error: ${remembering.lines.at(-1) ?? ""}`);
      remembering.metric(name, value, dimensions);
    },
  };
}

/** Expected errors: a queue's message may be malformed, or a dependency may fail. */
const PLANNED = /^(SyntaxError|ValiError|DependencyError)$/u;

/** Telemetry of a function behind a queue: fails a case if a message failed for any other reason. */
export function queueTelemetry() {
  const remembering = rememberingTelemetry();
  return {
    ...remembering,
    ...noFlush,
    log: (level: LogLevel, message: string, fields?: LogFields) => {
      if (message === "message failed" && !PLANNED.test(String(fields?.["kind"])))
        throw new Error(`unexpected error: ${JSON.stringify(fields)}`);
      remembering.log(level, message, fields);
    },
  };
}
