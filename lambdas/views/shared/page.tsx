import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Language } from "../../core/shared/language.ts";
import { inLanguage, to, type Reader } from "./reader.ts";
import { texts } from "../texts/texts.ts";

/** One page as a whole HTML document; `scripts` are their paths. */
export function page(
  reader: Reader,
  title: string,
  children: ComponentChildren,
  ...scripts: readonly string[]
): string {
  const { t } = reader;
  const body = (
    <>
      <header>
        <HomeLink href={to(reader, "/push/connect")} name={t.service} />
      </header>
      <main>{children}</main>
      <OtherLanguages reader={reader} />
    </>
  );
  return htmlDocument({ language: t.language, title: `${title} – ${t.service}`, body, scripts });
}

const ICON = "/push/assets/icon.svg";

/** First in every header. */
export function HomeLink({ href, name }: { readonly href: string; readonly name: string }) {
  return (
    <a href={href}>
      <img src={ICON} alt="" width="28" height="28" />
      {name}
    </a>
  );
}

interface HtmlDocument {
  readonly language: Language;
  readonly title: string;
  readonly body: ComponentChildren;
  /** Paths of scripts, and of style sheets beside the one of all pages. */
  readonly scripts?: readonly string[];
  readonly styles?: readonly string[];
  /** Where the browser goes by itself, at once. */
  readonly onwards?: string | undefined;
}

export function htmlDocument({ language, title, body, scripts = [], styles = [], onwards }: HtmlDocument): string {
  const document = (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        {onwards !== undefined && <meta http-equiv="refresh" content={`0; url=${onwards}`} />}
        <title>{title}</title>
        <link rel="icon" href={ICON} type="image/svg+xml" />
        {["/push/assets/style.css", ...styles].map((style) => (
          <link rel="stylesheet" href={style} />
        ))}
        {scripts.map((script) => (
          <script type="module" src={script} />
        ))}
      </head>
      <body>{body}</body>
    </html>
  );
  return `<!doctype html>${renderToString(document)}`;
}

/** Links to the same page in the other languages, each named in its own. */
export function OtherLanguages({ reader: { t, here } }: { readonly reader: Reader }) {
  if (here === undefined) return null;
  const others = Object.values(texts).filter(({ language }) => language !== t.language);
  return (
    <footer>
      <nav aria-label={t.otherLanguages}>
        {others.map(({ language, name }) => (
          <a href={inLanguage(here, language)} hreflang={language} lang={language}>
            {name}
          </a>
        ))}
      </nav>
    </footer>
  );
}

/** Time as people read it, in UTC: pages know no time zone of their reader. @param dateStyle `medium` where there is little room */
export const readableTime = (ms: number, locale: string, dateStyle: "long" | "medium" = "long"): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: "short", timeZone: "UTC" }).format(ms)} UTC`;
