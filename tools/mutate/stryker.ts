import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { Failure } from "../../bin/shared/failure.ts";
import { ROOT } from "../shared/repository.ts";

/** Relative to the repository, as Stryker requires; for this run only. */
const WORK = join(".local", "mutate", String(process.pid));

const positionSchema = v.object({ line: v.number(), column: v.number() });
const reportSchema = v.object({
  files: v.record(
    v.string(),
    v.object({
      source: v.string(),
      mutants: v.array(
        v.object({
          mutatorName: v.string(),
          replacement: v.optional(v.string(), ""),
          status: v.string(),
          location: v.object({ start: positionSchema, end: positionSchema }),
        }),
      ),
    }),
  ),
});

type Position = v.InferOutput<typeof positionSchema>;

/** One changed line that was tried. Lines and columns start at 1. */
export interface Mutant {
  readonly file: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly start: Position;
  readonly end: Position;
  /** Whether a test noticed it, by failing or by never ending. Undefined: it did not compile. */
  readonly noticed: boolean | undefined;
}

function between(source: string, start: Position, end: Position): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines.push((lines.pop() ?? "").slice(0, end.column - 1));
  lines[0] = (lines[0] ?? "").slice(start.column - 1);
  return lines.join("\n");
}

function noticed(status: string): boolean | undefined {
  if (status === "Killed" || status === "Timeout") return true;
  return status === "Survived" || status === "NoCoverage" ? false : undefined;
}

/** The mutants in Stryker's report. Throws for a report of another shape. */
export function mutantsIn(report: unknown): readonly Mutant[] {
  return Object.entries(v.parse(reportSchema, report).files).flatMap(([file, { source, mutants }]) =>
    mutants.map(({ mutatorName, replacement, status, location: { start, end } }) => ({
      file,
      mutator: mutatorName,
      original: between(source, start, end),
      replacement,
      start,
      end,
      noticed: noticed(status),
    })),
  );
}

/**
 * Tries all mutants of files against the tests. Throws a Failure if the tests fail without a mutant.
 * @param tests patterns of test files
 */
export async function tryMutants(
  mutate: readonly string[],
  tests: readonly string[],
  concurrency: number,
): Promise<readonly Mutant[]> {
  mkdirSync(join(ROOT, WORK), { recursive: true });
  const [settings, report] = [join(WORK, "stryker.json"), join(WORK, "report.json")];
  writeFileSync(
    join(ROOT, settings),
    JSON.stringify({
      testRunner: "vitest",
      plugins: ["@stryker-mutator/vitest-runner"],
      vitest: { configFile: "tools/mutate/vitest.config.ts", related: false },
      mutate,
      concurrency,
      tempDirName: join(WORK, "sandbox"),
      ignorePatterns: [".local", "coverage"],
      reporters: ["progress-append-only", "json"],
      jsonReporter: { fileName: report },
      // Stryker counts to find endless loops; this only ends hangs, so that a slow machine does not count as noticing.
      timeoutMS: 6_000,
      warnings: { slow: false },
    }),
  );
  const stryker = join(ROOT, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  const child = spawn(process.execPath, [stryker, "run", settings], {
    cwd: ROOT,
    env: { ...process.env, MUTATE_TESTS: tests.join(",") },
    stdio: ["ignore", "inherit", "inherit"],
  });
  // Ctrl-C reaches both processes; a signal to this one alone would leave Stryker running.
  const stop = () => void child.kill();
  process.once("SIGTERM", stop);
  const [code] = (await once(child, "close")) as [number | null];
  process.off("SIGTERM", stop);
  if (code !== 0) throw new Failure("stryker", "Stryker failed: see its output above");
  const mutants = mutantsIn(JSON.parse(readFileSync(join(ROOT, report), "utf8")));
  rmSync(join(ROOT, WORK), { recursive: true });
  return mutants;
}
