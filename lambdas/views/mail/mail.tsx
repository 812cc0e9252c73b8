import { renderToString } from "preact-render-to-string";
import { serviceName, type Operator } from "../shared/reader.ts";
import type { Texts } from "../texts/texts.ts";

export interface WordedMail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** An email in words: paragraphs, one link, and paragraphs after it. */
export interface MailContent {
  readonly to: string;
  readonly subject: string;
  readonly before: readonly string[];
  readonly link: { readonly url: string; readonly label: string };
  readonly after: readonly string[];
}

const BODY = "margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const BUTTON =
  "display:inline-block;padding:12px 20px;border-radius:8px;background:#1f5f8b;color:#ffffff;text-decoration:none";

/** An email as text and as HTML that loads nothing from elsewhere, signed by the operator. */
export function mail(t: Texts, operator: Operator, { to, subject, before, link, after }: MailContent): WordedMail {
  const signature = serviceName({ t, operator });
  const text = [...before, link.url, ...after, `-- \n${signature}`].join("\n\n");
  const html = `<!doctype html>${renderToString(
    <html lang={t.language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="color-scheme" content="light dark" />
        <title>{subject}</title>
      </head>
      <body style={BODY}>
        <main style="max-width:34em;margin:0 auto;overflow-wrap:break-word">
          <h1 style="font-size:20px">{subject}</h1>
          {before.map((paragraph) => (
            <p>{paragraph}</p>
          ))}
          <p>
            <a href={link.url} style={BUTTON}>
              {link.label}
            </a>
          </p>
          <p style="font-size:14px;word-break:break-all">{link.url}</p>
          {after.map((paragraph) => (
            <p>{paragraph}</p>
          ))}
          <p style="font-size:14px">{signature}</p>
        </main>
      </body>
    </html>,
  )}`;
  return { to, subject, html, text };
}
