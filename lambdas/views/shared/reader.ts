import type { Texts } from "../texts/texts.ts";

/** Who runs the service, as the foot of every page says it and emails sign. What is missing is not shown. */
export interface Operator {
  /** In the place of "Push service". */
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
  /** The language was chosen by hand: every address on the page carries it on. */
  readonly chosen: boolean;
  /** The page's own path and query without a language; undefined where it answers a form and has none of its own. */
  readonly here?: string | undefined;
  /** Folder of style sheet and icon, where the page has its own. */
  readonly assets?: string | undefined;
  /** Who runs the service. */
  readonly operator: Operator;
}

/** What the service calls itself. */
export const serviceName = ({ t, operator }: Pick<Reader, "t" | "operator">): string => operator.name ?? t.service;

/** A path with the language in its query. */
export const inLanguage = (path: string, language: string): string =>
  `${path}${path.includes("?") ? "&" : "?"}lang=${language}`;

/** A path as this reader is to follow it. */
export const to = ({ t, chosen }: Reader, path: string): string => (chosen ? inLanguage(path, t.language) : path);
