import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
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
  const document = (
    <html lang={t.language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${title} – ${t.service}`}</title>
        <link rel="icon" href="/push/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/push/assets/style.css" />
        {scripts.map((script) => (
          <script type="module" src={script} />
        ))}
      </head>
      <body>
        <header>
          <a href={to(reader, "/push/connect")}>
            <img src="/push/assets/icon.svg" alt="" width="28" height="28" />
            {t.service}
          </a>
        </header>
        <main>{children}</main>
        <OtherLanguages reader={reader} />
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(document)}`;
}

/** Links to the same page in the other languages, each named in its own. */
function OtherLanguages({ reader: { t, here } }: { readonly reader: Reader }) {
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

/** Time as people read it, in UTC: pages know no time zone of their reader. */
export const readableTime = (ms: number, locale: string): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(ms)} UTC`;
