import { describe, expect, it } from "vitest";
import { splitArguments } from "../../bin/deploy/program.ts";
import { runHere } from "../support/process/in-process.ts";
import { everyCommand } from "../../bin/shared/program.ts";
import { programs } from "../support/process/programs.ts";
import { documentedExamples, examplesIn, once, typed, type Example } from "../support/values/examples.ts";

/** Names of a command and its parents, without the program's. */
function pathOf(command: ReturnType<(typeof programs)[string]>): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

async function helpOf(name: string): Promise<readonly Example[]> {
  const texts = [];
  for (const command of everyCommand((programs[name] ?? expect.fail(name))())) {
    const { code, out } = await runHere((programs[name] ?? expect.fail(name))(), [...pathOf(command), "--help"]);
    expect([name, ...pathOf(command), code]).toEqual([name, ...pathOf(command), 0]);
    texts.push(out);
  }
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("  $ "))
      .flatMap(examplesIn),
  );
}

/** A program whose commands do nothing: it only reads what is typed. */
function reader(name: string) {
  const program = (programs[name] ?? expect.fail(`no program ${name}`))();
  for (const command of everyCommand(program))
    if (command.commands.length === 0 || name === "start") command.action(() => undefined);
  return program;
}

describe("every example", () => {
  it("of help and documents is understood as it is written, or names a command", async () => {
    const help = [];
    for (const name of Object.keys(programs)) help.push(...(await helpOf(name)));
    const examples = once([...help, ...documentedExamples()]);
    expect(help.length).toBeGreaterThan(25);
    expect(examples.length).toBeGreaterThan(70);
    const wrong: string[] = [];
    for (const example of examples) {
      const [args] = example.program === "deploy" ? splitArguments(typed(example)) : [typed(example)];
      const words = example.program === "demo" ? ["demo", ...args] : args;
      const names = everyCommand(reader(example.program)).some((each) => pathOf(each).join(" ") === words.join(" "));
      const { code, err } = await runHere(
        reader(example.program),
        names ? [...words, "--help"] : words,
        example.environment,
      );
      if (code !== 0) wrong.push(`${example.text}: ${err}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("every program", () => {
  it.each(Object.keys(programs))(
    "%s knows --version and refuses an unknown option, also of each of its commands",
    async (name) => {
      expect(await runHere(reader(name), ["--version"])).toEqual({ code: 0, out: "0.1.0\n", err: "" });
      for (const command of everyCommand(reader(name))) {
        const refused = await runHere(reader(name), [...pathOf(command), "--chekc"]);
        expect(refused.err).toMatch(
          /^error: (unknown option '--chekc'|required option .* not specified)\n[^]*\(--help tells more\)\n$/u,
        );
        expect(refused).toMatchObject({ code: 2, out: "" });
      }
    },
  );
});
