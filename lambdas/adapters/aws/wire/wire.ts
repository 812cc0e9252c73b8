import type { Operations } from "../client/aws-client.ts";
import type { Answer } from "./https-transport.ts";
import type { Asked } from "./signed-call.ts";

/** How a service's operations are written and their answers read. */
export interface Wire<O extends Operations<O>> {
  write<Name extends keyof O & string>(operation: Name, input: O[Name]["input"]): Asked;
  /** Output of an answer with a status below 300; throws an Error for one that cannot be right. */
  read<Name extends keyof O & string>(operation: Name, input: O[Name]["input"], answer: Answer): O[Name]["output"];
  /** The error in any other answer; throws an Error if it is unreadable. */
  error(answer: Answer): Error;
}

/** @param name as the SDK names it, which adapters compare */
export const wireError = (name: string, message: unknown): Error =>
  Object.assign(new Error(typeof message === "string" && message !== "" ? message : "UnknownError"), { name });
