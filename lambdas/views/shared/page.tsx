import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Language } from "../../core/shared/language.ts";
import { inLanguage, serviceName, to, type Reader } from "./reader.ts";
import { texts, type Texts } from "../texts/texts.ts";

/** One page as a whole HTML document; `scripts` are their paths. */
export function page(
  reader: Reader,
  title: string,
  children: ComponentChildren,
  ...scripts: readonly string[]
): string {
  const { t, assets } = reader;
  const body = (
    <>
      <header>
        <HomeLink href={to(reader, "/push/connect")} name={serviceName(reader)} assets={assets} />
      </header>
      <main>{children}</main>
      <Foot reader={reader} />
    </>
  );
  return htmlDocument({ language: t.language, title: `${title} – ${serviceName(reader)}`, body, scripts, assets });
}

const ASSETS = "/push/assets";

interface HomeLinkProps {
  readonly href: string;
  readonly name: string;
  readonly assets?: string | undefined;
}

/** First in every header. */
export function HomeLink({ href, name, assets = ASSETS }: HomeLinkProps) {
  return (
    <a href={href}>
      <img src={`${assets}/icon.svg`} alt="" width="28" height="28" />
      {name}
    </a>
  );
}

interface HtmlDocument {
  readonly language: Language;
  readonly title: string;
  readonly body: ComponentChildren;
  /** Paths of scripts, and of style sheets besides the common one. */
  readonly scripts?: readonly string[];
  readonly styles?: readonly string[];
  /** Where the browser goes automatically. */
  readonly onwards?: string | undefined;
  /** As `Reader.assets`. */
  readonly assets?: string | undefined;
}

export function htmlDocument(parts: HtmlDocument): string {
  const { language, title, body, scripts = [], styles = [], onwards, assets = ASSETS } = parts;
  const document = (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        {onwards !== undefined && <meta http-equiv="refresh" content={`0; url=${onwards}`} />}
        <title>{title}</title>
        <link rel="icon" href={`${assets}/icon.svg`} type="image/svg+xml" />
        {[`${assets}/style.css`, ...styles].map((style) => (
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

/** Who runs the service, how it is doing, and the same page in other languages. */
export function Foot({ reader }: { readonly reader: Reader }) {
  const { t, here, operator } = reader;
  const words = t.foot;
  return (
    <footer>
      <p>
        {serviceName(reader)}
        {operator.contact !== undefined && (
          <>
            {" · "}
            <a href={contactUrl(operator.contact)}>{words.contact}</a>
          </>
        )}
      </p>
      <nav aria-label={words.about}>
        <a href={to(reader, "/push/status")}>{words.status}</a>
        {(["help", "privacy"] as const).map((name) => {
          const url = operator[name];
          return url !== undefined && <a href={url.replaceAll("{language}", t.language)}>{words[name]}</a>;
        })}
      </nav>
      {here !== undefined && <OtherLanguages t={t} here={here} />}
    </footer>
  );
}

const contactUrl = (contact: string): string => (contact.startsWith("https:") ? contact : `mailto:${contact}`);

/** Links to the same page in the other languages, each named in its own. */
function OtherLanguages({ t, here }: { readonly t: Texts; readonly here: string }) {
  const others = Object.values(texts).filter(({ language }) => language !== t.language);
  return (
    <nav aria-label={t.foot.otherLanguages}>
      {others.map(({ language, name }) => (
        <a href={inLanguage(here, language)} hreflang={language} lang={language}>
          {name}
        </a>
      ))}
    </nav>
  );
}

/**
 * Time as people read it, in UTC: pages do not know their reader's time zone. @param dateStyle `medium` if there is
 * little room
 */
export const readableTime = (
  ms: number,
  locale: string,
  dateStyle: "long" | "medium" = "long",
  timeStyle: "short" | "medium" = "short",
): string => `${new Intl.DateTimeFormat(locale, { dateStyle, timeStyle, timeZone: "UTC" }).format(ms)} UTC`;
