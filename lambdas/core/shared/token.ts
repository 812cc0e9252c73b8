import { LETTERS_AND_DIGITS, sha256, randomText } from "./random-text.ts";

/** Random bytes for one token: 43 characters of 62, 256 bits. */
export const TOKEN_BYTES = 40;
const TOKEN_LENGTH = 43;

/** A bearer's token: a ticket, or what a link in an email carries. Only its hash is ever stored. */
export const newToken = (bytes: Uint8Array): string => randomText(bytes, LETTERS_AND_DIGITS, TOKEN_LENGTH);
export const isToken = (text: string): boolean => /^[A-Za-z0-9]{43}$/u.test(text);
/** The token of a link, which its reader may have copied with extra characters; undefined if there is none. */
export function pastedToken(pasted: string): string | undefined {
  const token = lettersAndDigits(pasted);
  return isToken(token) ? token : undefined;
}
export const hashToken = (token: string): string => sha256(token);

/**
 * Pasted text brings extra characters: quotes, brackets, a sentence's full stop, a line break, zero-width characters,
 * full-width letters from an Asian keyboard. Text beyond this length, in characters, is ignored.
 */
const MAX_LENGTH = 200;

/** A pasted token or code without punctuation, symbols, spaces and invisible characters. */
export const lettersAndDigits = (pasted: string): string =>
  pasted
    .slice(0, MAX_LENGTH)
    .normalize("NFKC")
    .replaceAll(/[\p{P}\p{S}\p{Z}\p{C}]/gu, "");
