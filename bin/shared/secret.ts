import { createInterface } from "node:readline";
import { Failure } from "./failure.ts";
import { askSecret } from "./prompt.ts";
import { EXIT } from "./terminal.ts";

/**
 * A secret as given, from the first line of standard input (`-`), or typed at a hidden prompt, so that it can stay out
 * of the process list. Throws a Failure if it is missing or empty.
 */
export async function secretFrom(
  given: string | undefined,
  question: string,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<string> {
  if (given === undefined) return askSecret(question, "pass --secret, - to read it from standard input");
  if (given === "") throw new Failure("usage", `${question}: must not be empty`, EXIT.usage);
  if (given !== "-") return given;
  for await (const line of createInterface({ input })) {
    const secret = line.replace(/^\uFEFF/u, ""); // Windows writes a byte-order mark
    if (secret !== "") return secret;
    break;
  }
  throw new Failure("usage", "standard input holds no secret", EXIT.usage);
}
