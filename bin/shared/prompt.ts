import confirm from "@inquirer/confirm";
import password from "@inquirer/password";
import { Failure, interruption } from "./failure.ts";
import { EXIT } from "./terminal.ts";

/** Where questions are asked: on standard error, so that pipes stay clean. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

type Context = Terminal & { readonly signal: AbortSignal };

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** The user's terminal, if standard input and standard error are one. */
const ownTerminal = (): Terminal | undefined =>
  process.stdin.isTTY && process.stderr.isTTY ? { input: process.stdin, output: process.stderr } : undefined;

/** Whether the user says yes; Enter means no. Throws a Failure without a terminal, and for Ctrl-C and Ctrl-D. */
export async function confirmed(question: string, terminal = ownTerminal()): Promise<boolean> {
  if (terminal === undefined) throw new Failure("not-a-terminal", "Not a terminal: pass --yes to confirm.");
  return ask(terminal, (context) => confirm({ message: question, default: false }, context));
}

/** A secret that is typed without being shown. @param otherwise how to pass it without a terminal */
export async function askSecret(question: string, otherwise: string, terminal = ownTerminal()): Promise<string> {
  if (terminal === undefined) throw new Failure("usage", `${question}: ${otherwise}`, EXIT.usage);
  return ask(terminal, (context) => password({ message: question, mask: "•" }, context));
}

/** Inquirer handles Ctrl-C; after Ctrl-D it would wait forever. */
async function ask<T>(terminal: Terminal, question: (context: Context) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const onKey = (_: string, { ctrl, name }: Key) => ctrl && name === "d" && ending.abort();
  terminal.input.on("keypress", onKey);
  try {
    return await question({ ...terminal, signal: ending.signal });
  } catch (error) {
    if (["ExitPromptError", "AbortPromptError"].includes((error as Error).name)) throw interruption();
    throw error;
  } finally {
    terminal.input.off("keypress", onKey);
  }
}
