import { hash } from "node:crypto";

export const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
export const DIGITS = "0123456789";

/**
 * Random bytes as `length` characters of an alphabet. The bytes are read as one number: give at least 8 bytes more than
 * the characters need, so that no character is measurably likelier than another.
 */
export function randomText(bytes: Uint8Array, alphabet: string, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  const base = BigInt(alphabet.length);
  let text = "";
  for (let index = 0; index < length; index += 1) {
    text += alphabet.charAt(Number(rest % base));
    rest /= base;
  }
  return text;
}

/** Lower-case hex SHA-256 of UTF-8 text. */
export const sha256 = (text: string): string => hash("sha256", text, "hex");
