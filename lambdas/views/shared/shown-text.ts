/** How much is shown of the free text that PBXes and people call themselves, in characters. */
const MAX_SHOWN = 80;

/**
 * Free text as it may appear on a page: what would move the text around it is written out, a right-to-left override as
 * `\\u202e`.
 */
export const writtenOut = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);

/** The same, cut to fit a line. */
export const shownText = (text: string): string =>
  writtenOut(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN).toWellFormed()}…` : text);

const escaped = (character: string): string =>
  character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
