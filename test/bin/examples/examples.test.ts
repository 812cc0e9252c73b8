import { describe, expect, it } from "vitest";
import { splitArguments } from "../../../bin/deploy/program.ts";
import { runHere } from "../../support/process/in-process.ts";
import { everyCommand } from "../../../bin/shared/program.ts";
import { programs } from "./programs.ts";
import { typed } from "../../support/values/examples.ts";
import { everyExample, pathOf } from "./every-example.ts";

/** A program whose commands do nothing: it only parses its arguments. */
function reader(name: string) {
  const program = (programs[name] ?? expect.fail(`no program ${name}`))();
  for (const command of everyCommand(program))
    if (command.commands.length === 0 || name === "start") command.action(() => undefined);
  return program;
}

describe("every example", () => {
  it("in help and documents can be parsed as written, or names a command", async () => {
    const examples = await everyExample();
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
    "%s and each of its commands accept --help and --version, and reject an unknown option",
    async (name) => {
      for (const command of everyCommand(reader(name))) {
        const shown = await runHere(reader(name), [...pathOf(command), "--version"]);
        expect(shown).toEqual({ code: 0, out: "0.1.0\n", err: "" });
        const helped = await runHere(reader(name), [...pathOf(command), "--help"]);
        expect(helped).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: /u) as string, err: "" });
        const refused = await runHere(reader(name), [...pathOf(command), "--chekc"]);
        expect(refused.err).toMatch(
          /^error: (unknown option '--chekc'|required option .* not specified)\n[^]*\(--help tells more\)\n$/u,
        );
        expect(refused).toMatchObject({ code: 2, out: "" });
      }
    },
  );
});

describe("TAB", () => {
  it.each([
    ["push-admin", ["domains", "exp"], "export"],
    ["push-admin", ["domains", "list", "--st"], "--state"],
    ["push-admin", ["domains", "list", "--state", ""], "active suspended"],
    ["push-pbx", ["fleet", "--shape", ""], "day flat"],
  ])("%s completes %j with %s", async (name, words, expected) => {
    const program = (programs[name] ?? expect.fail(name))();
    const told = await runHere(program, ["complete", "--", ...words]);
    const offered = told.out.split("\n").flatMap((line) => (line.includes("\t") ? (line.split("\t")[0] ?? "") : []));
    expect([told.code, offered.join(" ")]).toEqual([0, expected]);
  });
});
