import type { Language } from "../../core/shared/language.ts";
import { de } from "./de.ts";
import { en, type Texts } from "./en.ts";

export type { Texts };

/** Everything people read on pages and in emails. */
export const texts: Readonly<Record<Language, Texts>> = { en, de };

/** Puts values in the places of a text: `{name}`. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/gu, (place, name: string) => String(values[name] ?? place));
