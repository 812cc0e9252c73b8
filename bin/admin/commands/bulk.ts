import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Presets, SingleBar } from "cli-progress";
import { Option, type Command } from "commander";
import { Failure, naming, reasonOf } from "../../shared/failure.ts";
import { filled, numberFrom } from "../../shared/options.ts";
import { complain, interrupted } from "../../shared/terminal.ts";
import type { MakeApi } from "../command.ts";
import { importLines, type Imported, type Outcome } from "../import.ts";
import { allDomains } from "../list.ts";

interface ImportOptions {
  readonly rate: number;
  readonly failed?: string;
}

const fileOf = (name: string): string | undefined => (name === "-" ? undefined : filled(name));
/** May contain secrets: readable by the user only. */
const OWN = { mode: 0o600 };
/** The stage's own throttle allows 20 requests a second, some of which the console needs. */
const RATE = 15;
const NEW_SECRETS =
  "Secrets are not in an export: no one can read them. Every imported domain gets a new one, shown once in the output, which has to be\nentered in the Push object of its PBXes; until then they cannot log in here. Lines with a secret of their own keep it.";

/** Many domains at once, one JSON object a line (NDJSON). */
export function addBulk(group: Command, api: MakeApi): void {
  group
    .command("export")
    .argument("[file]", "standard output without one, or for -", fileOf)
    .summary("all domains and accounts without their secrets, one JSON object a line")
    .description("Writes all domains and accounts, one JSON object a line, to a file or standard output.")
    .addHelpText("after", `\n${NEW_SECRETS}`)
    .action(async (file?: string) => {
      const domains = await allDomains(api());
      const lines = domains.map((domain) => `${JSON.stringify(domain)}\n`).join("");
      if (file === undefined) process.stdout.write(lines);
      else await writeFile(file, lines, OWN).catch(naming(file));
      complain(`Domains and accounts, without their secrets: ${domains.length}.`);
    });

  group
    .command("import")
    .argument("[file]", "standard input without one, or for -", fileOf)
    .summary("set up domains from such lines: {account, owner?, secret?, state?, proof?}")
    .description(
      "Sets up domains from lines of JSON, {account, owner?, secret?, state?, proof?}, from a file or standard input. Prints one line of " +
        "JSON for each: with its secret, which is shown nowhere again, or with the error. A line whose account is there already is done: nothing of it changes.",
    )
    .addOption(new Option("--rate <n>", "requests per second").argParser(numberFrom(0.1, 1_000)).default(RATE))
    .option("--failed <file>", "where lines go that failed or were not tried, to be imported again (FILE.failed)")
    .addHelpText(
      "after",
      `
${NEW_SECRETS}

Examples:
  $ npx push-admin domains import domains.ndjson > secrets.ndjson
  $ npx push-admin domains import domains.ndjson.failed >> secrets.ndjson

Exit code: 0 all are there now, 1 some failed, 2 wrong usage, 130 interrupted.`,
    )
    .action(async (file: string | undefined, { rate, failed = `${file ?? "import"}.failed` }: ImportOptions) => {
      const lines = (await (file === undefined ? text(process.stdin) : readFile(file, "utf8").catch(naming(file))))
        .split("\n")
        .map((line) => line.trim()) // removes a byte-order mark, too
        .filter((line) => line !== "");
      await tryToWrite(failed);
      const there = new Map((await allDomains(api())).map((domain) => [domain.account, domain]));
      // Lines in a terminal show the progress themselves.
      const bar = process.stdout.isTTY
        ? undefined
        : new SingleBar(
            { format: "{bar} {value} of {total}", hideCursor: true, clearOnComplete: true },
            Presets.shades_classic,
          );
      bar?.start(lines.length, 0);
      const onOutcome = (outcome: Outcome) => {
        process.stdout.write(`${JSON.stringify(outcome)}\n`, (error) => {
          if (error && "secret" in outcome)
            complain(`The secret of ${outcome.account} is lost: domains replace gives a new one.`);
        });
        bar?.increment();
      };
      const done = await importLines(lines, { api: api(), there, rate, signal: interrupted(), onOutcome });
      bar?.stop();
      await report(done, failed);
    });
}

/** Called before anything is changed, so that no line is lost at the end. */
async function tryToWrite(file: string): Promise<void> {
  const isNew = !existsSync(file);
  try {
    await writeFile(file, "", { ...OWN, flag: "a" }).catch(naming(file));
  } catch (error) {
    throw new Failure("unwritable", `${reasonOf(error)}; name another file for lines that fail by --failed`);
  }
  if (isNew) await rm(file);
}

async function report({ added, unchanged, left, ended }: Imported, failed: string): Promise<void> {
  const sum = `${added} added, ${unchanged} there already, ${left.length} failed or not tried`;
  complain(added > 0 ? `${sum}. Each secret above is shown this once: enter it in the PBX's Push object.` : `${sum}.`);
  if (left.length > 0) {
    await writeFile(failed, left.map((line) => `${line}\n`).join(""), OWN).catch(naming(failed));
    complain(`To be imported again: ${failed}`);
  }
  if (ended !== undefined) throw ended as Error;
  if (left.length > 0) throw new Failure("failed", `Lines that failed: ${left.length}.`);
}
