import { readFileSync } from "node:fs";
import { CommanderError, type Command } from "commander";
import { failureOf, reasonOf } from "./failure.ts";
import { complain, endInOrder, EXIT } from "./terminal.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

/** A command and all below it. */
export const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];

/**
 * Runs a command line and returns its exit code: `process.exitCode` as its action set it, 2 for wrong usage, else the
 * error's own. An error is one line on standard error, with `--json` one line of JSON, `{error, message}`. Never
 * rejects.
 * @param args what the user typed after the command's name
 */
export async function run(program: Command, args: readonly string[]): Promise<number> {
  const json = (args.includes("--") ? args.slice(0, args.indexOf("--")) : args).includes("--json");
  for (const command of everyCommand(program))
    command
      .version(version, "-V, --version", "print the version")
      .exitOverride()
      .showHelpAfterError("(--help tells more)")
      .configureOutput({
        writeOut: (text) => void process.stdout.write(text),
        writeErr: (text) => void (json || process.stderr.write(text)),
      });
  const before = process.exitCode;
  process.exitCode = EXIT.ok;
  try {
    await program.parseAsync([...args], { from: "user" });
    return process.exitCode;
  } catch (error) {
    return report(error, json);
  } finally {
    process.exitCode = before;
  }
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (json) complain(JSON.stringify({ error: "usage", message: error.message.replace(/^error: /u, "") }));
    return EXIT.usage;
  }
  const failure = failureOf(error);
  complain(json ? JSON.stringify({ error: failure.error, message: failure.message }) : failure.message);
  if (process.env["DEBUG"] === "1") console.error(error);
  return failure.exitCode;
}

/**
 * Runs a command line as this process. Ends silently if a pipe is closed before everything is written, and with a
 * message if the disk is full. A command that stops cleanly at Ctrl-C does so then, too.
 */
export async function main(program: Command, args: readonly string[] = process.argv.slice(2)): Promise<void> {
  let lost: number | undefined;
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      const isFirst = lost === undefined;
      lost ??= error.code === "EPIPE" ? EXIT.closedPipe : EXIT.failed;
      if (isFirst && lost === EXIT.failed) complain(`cannot write the output: ${reasonOf(error)}`);
      if (!endInOrder()) process.exit(lost);
    });
  const code = await run(program, args);
  process.exitCode = lost ?? code;
}
