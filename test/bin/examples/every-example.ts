import { expect } from "vitest";
import type { Command } from "commander";
import { everyCommand } from "../../../bin/shared/program.ts";
import { runHere } from "../../support/process/in-process.ts";
import { documentedExamples, examplesIn, once, type Example } from "../../support/values/examples.ts";
import { programs } from "./programs.ts";

/** Names of a command and its parents, without the program's. */
export const pathOf = (command: Command): readonly string[] =>
  command.parent === null ? [] : [...pathOf(command.parent), command.name()];

async function helpOf(make: () => Command): Promise<readonly Example[]> {
  const texts = [];
  for (const command of everyCommand(make())) {
    const told = await runHere(make(), [...pathOf(command), "--help"]);
    expect(told).toMatchObject({ code: 0, err: "" });
    texts.push(told.out);
  }
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("  $ "))
      .flatMap(examplesIn),
  );
}

/** All examples of the help of every program and of the documents, each once. */
export async function everyExample(): Promise<readonly Example[]> {
  const help = [];
  for (const make of Object.values(programs)) help.push(...(await helpOf(make)));
  expect(help.length).toBeGreaterThan(25);
  return once([...help, ...documentedExamples()]);
}
