import type { Texts } from "../texts/texts.ts";

/** Who runs the service, as every page's footer says it and emails are signed. What is missing is not shown. */
export interface Operator {
  /** In place of "Push service". */
  readonly name?: string | undefined;
  /** Email address, or https URL of a page. */
  readonly contact?: string | undefined;
  /** https URLs of pages of the operator's own; `{language}` in them stands for `en` or `de`. */
  readonly help?: string | undefined;
  readonly privacy?: string | undefined;
}

/** Who reads a page, in which language. */
export interface Reader {
  readonly t: Texts;
  /** The language was chosen by hand: every link on the page keeps it. */
  readonly chosen: boolean;
  /** The page's own path and query without a language; undefined for the answer to a form, which has none. */
  readonly here?: string | undefined;
  /** Folder of style sheet and icon, if the page has its own. */
  readonly assets?: string | undefined;
  /** Who runs the service. */
  readonly operator: Operator;
}

/** What the service calls itself. */
export const serviceName = ({ t, operator }: Pick<Reader, "t" | "operator">): string => operator.name ?? t.service;

/** A path with the language in its query. */
export const inLanguage = (path: string, language: string): string =>
  `${path}${path.includes("?") ? "&" : "?"}lang=${language}`;

/** A path with the reader's language, if it was chosen by hand. */
export const to = ({ t, chosen }: Reader, path: string): string => (chosen ? inLanguage(path, t.language) : path);
