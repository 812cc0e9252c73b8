import type { Command } from "commander";
import type { Api } from "./api.ts";
import { confirmed, EXIT, say } from "./terminal.ts";

/** What every command takes. */
export interface Options {
  readonly json?: true;
  readonly yes?: true;
}

/** Makes the API when a command runs. */
export type MakeApi = () => Api;

/** A command of a group, with the options that all have. */
export const command = (group: Command, name: string, summary: string): Command =>
  group.command(name).summary(summary).description(summary).option("--json", "the answer as JSON, for programs");

/** One that cannot be undone, or that hurts: it asks before it does anything. */
export const destructive = (group: Command, name: string, summary: string): Command =>
  command(group, name, summary).option("--yes", "do not ask");

/** Whether a destructive command may go on; else its exit code is set. */
export async function agreed({ yes }: Options, question: string): Promise<boolean> {
  if (yes || (await confirmed(question))) return true;
  process.exitCode = EXIT.failed;
  return false;
}

export const print = (answer: unknown): void => say(JSON.stringify(answer, undefined, 2));

/** All pages of a list, one after the other. */
export async function* pages<T>(
  read: (after: string | undefined) => Promise<{ items: readonly T[]; next?: string | undefined }>,
) {
  for (let after: string | undefined; ; ) {
    const { items, next } = await read(after);
    yield* items;
    if (next === undefined) return;
    after = next;
  }
}
