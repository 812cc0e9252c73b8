import type { Role } from "../../core/admin/person.ts";
import type { Language } from "../../core/shared/language.ts";
import type { Reader } from "../shared/reader.ts";
import { consoleDe } from "../texts/console.de.ts";
import { consoleEn, type ConsoleTexts } from "../texts/console.en.ts";

export const consoleTexts: Readonly<Record<Language, ConsoleTexts>> = { en: consoleEn, de: consoleDe };

export const CONSOLE = "/push/admin";

export type Note = keyof ConsoleTexts["said"];

/** Someone who is signed in, at one page of the console. */
export interface Viewer {
  readonly name: string;
  readonly role: Role;
  /** Goes into every form (core/web/web-session.ts). */
  readonly formToken: string;
  /** Unix ms. */
  readonly now: number;
  /** What the last step led to, and how many it was about. */
  readonly said?: Note | undefined;
  readonly count?: number;
  readonly reader: Reader;
  readonly c: ConsoleTexts;
}

/** A URL of the console, without undefined or empty parameters. */
export function addressOf(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter(
    (each): each is [string, string] => each[1] !== undefined && each[1] !== "",
  );
  return CONSOLE + path + (given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`);
}
