import type { Command } from "commander";
import { Failure } from "../shared/failure.ts";
import { jsonOption } from "../shared/options.ts";
import { confirmed } from "../shared/prompt.ts";
import { print } from "../shared/terminal.ts";
import type { AdminApi } from "./api.ts";

/** What every command takes. */
export interface Options {
  readonly json?: true;
  readonly yes?: true;
}

/** Makes the API when a command runs. */
export type MakeApi = () => AdminApi;

/** A command of a group, with the options that all have. */
export const command = (group: Command, name: string, summary: string): Command =>
  group.command(name).summary(summary).description(summary).addOption(jsonOption());

/** A command that cannot be undone, or does harm: it asks first. */
export const destructive = (group: Command, name: string, summary: string): Command =>
  command(group, name, summary).option("--yes", "do not ask");

/** Throws a Failure unless a destructive command may go on. */
export async function agreed({ yes }: Options, question: string): Promise<void> {
  if (yes || (await confirmed(question))) return;
  throw new Failure("declined", "Nothing was changed.");
}

/** The result of a command: with `--json` the answer, else what `show` says of it. */
export function output<T>({ json }: { readonly json?: true | undefined }, answer: T, show: (answer: T) => void): void {
  if (json) print(answer);
  else show(answer);
}
