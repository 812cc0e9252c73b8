/**
 * What people paste brings more than what they meant: quotes, brackets, the dot that ended a sentence, a line break,
 * zero-width characters, full-width letters from an Asian keyboard. More than this is nothing anybody meant, in characters.
 */
const MAX_LENGTH = 200;

/** The ASCII letters and digits of a pasted token or code, in order; what else came along is left out. */
export const lettersAndDigits = (pasted: string): string =>
  pasted
    .slice(0, MAX_LENGTH)
    .normalize("NFKC")
    .replaceAll(/[\p{P}\p{S}\p{Z}\p{C}]/gu, "");
