import { randomBytes } from "node:crypto";
import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";

/** An HTML page and the headers it needs. */
export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const css = `
:root { color-scheme: light dark; --line: light-dark(#d5d9df, #3a4048); --quiet: light-dark(#57606a, #9aa4af) }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 56rem; padding: 1.5rem 1rem 4rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .25rem 0; overflow-wrap: anywhere } code, pre { font: .9em/1.45 ui-monospace, monospace; overflow-wrap: anywhere }
pre { white-space: pre-wrap; margin: .5rem 0 } .quiet { color: var(--quiet) }
article { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: .75rem 1rem }
article h2 { margin: 0 0 .25rem } iframe { border: 1px solid var(--line); width: 100%; height: 30rem; background: #fff; color-scheme: light }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: .5rem 0 } dd { margin: 0 }
@media (max-width: 32rem) { dl { grid-template-columns: 1fr } dd { margin-bottom: .5rem } }
`;

/**
 * A page of the local host: no script, and no requests except for itself and its frames.
 * @param forms allowed targets
 */
export const page = (title: string, content: ComponentChildren, forms = "'none'"): Page =>
  wholePage(title, content, { css, policy: `frame-src 'self'; form-action ${forms}` });

interface Looks {
  readonly css: string;
  /** Path of its icon. */
  readonly icon?: string;
  /** Its Content-Security-Policy besides styles; everything else is forbidden. */
  readonly policy: string;
}

export function wholePage(title: string, content: ComponentChildren, { css, icon, policy }: Looks): Page {
  const nonce = randomBytes(16).toString("base64");
  const document = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        {icon !== undefined && <link rel="icon" href={icon} type="image/svg+xml" />}
        <style nonce={nonce} dangerouslySetInnerHTML={{ __html: css }} />
      </head>
      <body>{content}</body>
    </html>
  );
  const csp = `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; ${policy}`;
  return { html: `<!doctype html>${render(document)}`, headers: { "content-security-policy": csp } };
}
