import { readdirSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { Command, Option } from "commander";
import { Failure } from "../../bin/shared/failure.ts";
import { complain, EXIT, say, table } from "../../bin/shared/terminal.ts";
import { beginMeasurement, keep, type Measurement } from "../shared/keep.ts";
import { ROOT } from "../shared/repository.ts";
import { ROOMS, roomOf, wingOf, type Room } from "./rooms.ts";
import { outdated, scoresOf } from "./score.ts";
import { type Mutant, tryMutants } from "./stryker.ts";

/** `npm run mutate`. */
export const mutateProgram = (): Command =>
  new Command("npm run mutate --")
    .description(
      `Changes one line at a time (Stryker) and checks whether a test notices. Takes about a second per mutant, and hours for everything: name folders. Needs Node 22 or newer; npm run uses the one in node_modules.
The rights in lib have a command of their own: npm run rights:mutate.`,
    )
    .argument("[paths...]", `folders or files within ${ROOMS.map(({ folder }) => folder).join(", ")}`)
    .addOption(new Option("--concurrency <n>", "mutants tried at the same time").choices(["1", "2"]).default("1"))
    .addHelpText(
      "after",
      `
Examples:
  $ npm run mutate -- lambdas/core/domains
  $ npm run mutate -- lambdas/core/pbx/digest.ts lambdas/core/shared/retry
  $ npm run mutate -- --concurrency 2

Required: ${ROOMS.map(({ folder, least }) => `${least} % in ${folder}`).join(", ")}, and no survivor where
none is allowed (NO_SURVIVOR in tools/mutate/rooms.ts). Equivalents do not count (tools/mutate/equivalents).
Scores and survivors as JSON: .local/mutate/scores.

Exit code: 0 every folder passed, 1 one did not, or an entry of the equivalents is outdated, 2 wrong usage.`,
    )
    .action(mutate);

async function mutate(paths: readonly string[], { concurrency }: { readonly concurrency: string }): Promise<void> {
  const measurement = beginMeasurement();
  const files = (paths.length > 0 ? paths : ["lambdas"]).flatMap((path) => filesIn(path, paths.length > 0));
  const wings = Object.groupBy(files, (file) => {
    const room = roomOf(file) as Room;
    return `${room.folder} ${wingOf(file, room)}`;
  });
  const mutants: Mutant[] = [];
  for (const wing of Object.values(wings)) {
    const [first = ""] = wing ?? [];
    const room = roomOf(first) as Room;
    mutants.push(...(await tryMutants(wing ?? [], room.tests(wingOf(first, room)), Number(concurrency))));
  }
  report(mutants, measurement);
}

/** TypeScript files of the rooms at a path. Throws a Failure for one outside. */
function filesIn(path: string, named: boolean): readonly string[] {
  const from = normalize(path).replace(/\/$/u, "");
  let found: readonly string[];
  try {
    found = statSync(join(ROOT, from)).isFile()
      ? [from]
      : readdirSync(join(ROOT, from), { recursive: true, encoding: "utf8" }).map((name) => join(from, name));
  } catch {
    throw new Failure("no-such-path", `${path}: no such file or folder`, EXIT.usage);
  }
  const ours = found.filter((file) => file.endsWith(".ts") && roomOf(file) !== undefined).toSorted();
  if (named && ours.length === 0)
    throw new Failure("nothing-to-mutate", `${path}: not in a folder that is mutated; --help lists them`, EXIT.usage);
  return ours;
}

const short = (text: string) => {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
};

function report(mutants: readonly Mutant[], measurement: Measurement): void {
  const [scores, gone] = [scoresOf(mutants), outdated(mutants)];
  for (const { file, start, original, replacement } of scores.flatMap(({ survivors }) => survivors))
    say(`${file}:${start.line}  ${short(original)}  =>  ${short(replacement)}`);
  for (const { file, original, replacement } of gone)
    complain(
      `equivalents: ${file}: ${short(original)} => ${short(replacement)} is noticed by a test, or its line is gone`,
    );
  say(
    table(
      ["folder", "mutants", "survive", "equivalent", "noticed", ""],
      scores.map(({ folder, mutants: all, survivors, equivalents, percent, passed }) => [
        folder,
        String(all),
        String(survivors.length),
        String(equivalents),
        `${percent.toFixed(1)} %`,
        passed ? "" : "too few",
      ]),
    ),
  );
  for (const kept of keep("mutate/scores", { ...measurement, scores })) say(kept);
  if (gone.length > 0 || scores.some(({ passed }) => !passed)) process.exitCode = EXIT.failed;
}
