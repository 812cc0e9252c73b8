import confirm from "@inquirer/confirm";
import password from "@inquirer/password";
import { Failure, interruption } from "./failure.ts";
import { EXIT } from "./terminal.ts";

interface Context {
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** Where both ends of the conversation are a person's terminal; questions go to standard error, so that pipes stay clean. */
export const isTerminal = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Whether the user says yes; Enter alone is no. Throws a Failure where nobody can be asked, and for Ctrl-C and Ctrl-D. */
export async function confirmed(question: string): Promise<boolean> {
  if (!isTerminal()) throw new Failure("not-a-terminal", "Not a terminal: pass --yes to confirm.");
  return ask((context) => confirm({ message: question, default: false }, context));
}

/** A secret that is typed without being shown. @param otherwise how it is given where nobody can be asked */
export async function askSecret(question: string, otherwise: string): Promise<string> {
  if (!isTerminal()) throw new Failure("usage", `${question}: ${otherwise}`, EXIT.usage);
  return ask((context) => password({ message: question, mask: "•" }, context));
}

/** Inquirer hears Ctrl-C; at Ctrl-D it would wait on an input that has ended. */
async function ask<T>(question: (context: Context) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const onKey = (_: string, { ctrl, name }: Key) => ctrl && name === "d" && ending.abort();
  process.stdin.on("keypress", onKey);
  try {
    return await question({ output: process.stderr, signal: ending.signal });
  } catch (error) {
    if (["ExitPromptError", "AbortPromptError"].includes((error as Error).name)) throw interruption();
    throw error;
  } finally {
    process.stdin.off("keypress", onKey);
  }
}
