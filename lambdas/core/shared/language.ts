/** Languages of pages and emails; the first is the default. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

export const isLanguage = (text: string | null | undefined): text is Language =>
  LANGUAGES.some((known) => known === text);

/** Longest Accept-Language header that is read, in characters. */
const LONGEST = 500;

/**
 * The preferred language of an Accept-Language header (RFC 9110, 12.5.4): the highest q-value wins, the first of
 * equals; regions are ignored; `*` stands for every language that is not named.
 */
export function preferredLanguage(header: string | undefined): Language {
  const wishes = (header ?? "").slice(0, LONGEST).split(",").flatMap(toWish);
  const weightOf = (language: Language) => {
    const own = wishes.filter(({ range }) => range === language).map(({ weight }) => weight);
    return own.length > 0 ? Math.max(...own) : (wishes.find(({ range }) => range === "*")?.weight ?? 0);
  };
  const placeOf = (language: Language) => {
    const place = wishes.findIndex(({ range }) => range === language);
    return place < 0 ? wishes.length : place;
  };
  const isBefore = (one: Language, other: Language) =>
    weightOf(one) > weightOf(other) || (weightOf(one) === weightOf(other) && placeOf(one) < placeOf(other));
  return LANGUAGES.reduce((best, language) => (isBefore(language, best) ? language : best));
}

interface Wish {
  /** Primary subtag in lower case, or `*`. */
  readonly range: string;
  /** 0 (not acceptable) to 1. */
  readonly weight: number;
}

function toWish(item: string): Wish[] {
  const match = /^\s*(\*|[a-z]{1,8})(?:-[a-z0-9]{1,8})*\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/iu.exec(item);
  return match === null ? [] : [{ range: (match[1] ?? "").toLowerCase(), weight: Number(match[2] ?? 1) }];
}
