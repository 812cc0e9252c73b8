import { getSystemErrorMap } from "node:util";
import { EXIT } from "./terminal.ts";

/** Why a command failed, in words for its user. `error` is a name for programs. */
export class Failure extends Error {
  readonly error: string;
  readonly exitCode: number;

  constructor(error: string, message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.name = "Failure";
    this.error = error;
    this.exitCode = exitCode;
  }
}

export const interruption = (): Failure => new Failure("interrupted", "Interrupted.", EXIT.interrupted);

/** What happened, in words: fetch hides it in `cause`, several failed addresses come as an AggregateError without any. */
export function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (inner instanceof AggregateError) return inner.errors.map(reasonOf).join(", ");
  if (!(inner instanceof Error)) return String(inner);
  const { errno, path, syscall, message, name } = inner as NodeJS.ErrnoException;
  const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
  if (name === "TimeoutError") return "no answer in time";
  if (words === undefined) return message || name;
  if (path !== undefined) return `${path}: ${words}`;
  return syscall === "read" || syscall === "write" ? words : message;
}

/** For `catch`: adds the file's name, which the system leaves out if reading or writing fails. Always throws. */
export const naming =
  (path: string) =>
  (error: unknown): never => {
    throw Object.assign(error as Error, { path });
  };

/** Converts any error to one that fits on one line; its stack trace is shown with DEBUG=1 only. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === "AbortError") return interruption();
  return new Failure(code ?? "failed", reasonOf(error));
}
