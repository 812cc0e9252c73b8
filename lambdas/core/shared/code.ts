import { timingSafeEqual } from "node:crypto";
import { DIGITS, randomText, sha256 } from "./random-text.ts";
import { lettersAndDigits } from "./token.ts";

/** A code ties a link in an email to the window where it was requested: six digits that the window shows. */
const CODE_LENGTH = 6;
/** Random bytes for one code. */
export const CODE_BYTES = 16;

/** A code as it is stored. */
export interface CodeLock {
  /** Id of what the code belongs to. */
  readonly id: string;
  readonly codeHash: string;
}

export const newCode = (bytes: Uint8Array): string => randomText(bytes, DIGITS, CODE_LENGTH);
/** @param id of what the code belongs to, so that equal codes have different hashes */
export const hashCode = (id: string, code: string): string => sha256(`${id} ${code}`);

/** The code in what people type or paste; undefined if it cannot be one: mail scanners fill in every field. */
export function pastedCode(typed: string): string | undefined {
  const code = lettersAndDigits(typed);
  return /^\d{6}$/u.test(code) ? code : undefined;
}

/** Compares in constant time. */
export function isCode(code: string, { id, codeHash }: CodeLock): boolean {
  const given = Buffer.from(hashCode(id, code), "hex");
  const expected = Buffer.from(codeHash, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
