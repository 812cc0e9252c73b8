import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { Failure } from "../../bin/shared/failure.ts";
import { ROOT } from "../shared/repository.ts";

/** Relative to the repository, as Stryker takes paths; of this run alone. */
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

/** One wrong line that was tried. Lines and columns begin at 1. */
export interface Mutant {
  readonly file: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly start: Position;
  readonly end: Position;
  /** Whether a test noticed, by failing or by never ending. Undefined: it did not even compile. */
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

/** What Stryker's report says. Throws for one of another shape. */
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
 * Tries all mutants of files against the tests. Throws a Failure if the tests fail without any.
 * @param tests patterns
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
      // An endless loop is found by counting; this only ends what hangs, as no mutant is noticed by a slow machine.
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
  // Ctrl-C reaches both; a signal to this process alone would leave Stryker at work.
  const stop = () => void child.kill();
  process.once("SIGTERM", stop);
  const [code] = (await once(child, "close")) as [number | null];
  process.off("SIGTERM", stop);
  if (code !== 0) throw new Failure("stryker", "Stryker gave up: its own lines above say why");
  const mutants = mutantsIn(JSON.parse(readFileSync(join(ROOT, report), "utf8")));
  rmSync(join(ROOT, WORK), { recursive: true });
  return mutants;
}
