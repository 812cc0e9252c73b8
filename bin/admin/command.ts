import type { Command } from "commander";
import { Failure } from "../shared/failure.ts";
import { jsonOption } from "../shared/options.ts";
import { confirmed } from "../shared/prompt.ts";
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
