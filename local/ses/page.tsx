import type { JSX } from "preact";
import { page, type Page } from "../front/layout.tsx";
import { CONNECT_PAGE } from "../product.ts";
import type { Mail } from "./mailbox.ts";

/** The mailbox for people, newest first. The HTML part is in a frame without scripts. */
export function mailboxPage(mails: readonly Mail[]): Page {
  return page(
    "Mailbox",
    <>
      <header>
        <h1>Mailbox</h1>
        <p class="quiet">Every email that the service sent on this machine, newest first.</p>
        <p>
          <a href="/_local/mailbox">Reload</a> · <a href="/_local">Local host</a>
        </p>
      </header>
      <main>
        {mails.length === 0 ? (
          <p>
            No mail yet. Register a domain on the <a href={CONNECT_PAGE}>Connect page</a>.
          </p>
        ) : (
          mails.map((mail, index) => <MailCard mail={mail} index={index} />).toReversed()
        )}
      </main>
    </>,
  );
}

function MailCard({
  mail: { to, from, subject, text, html, date },
  index,
}: {
  mail: Mail;
  index: number;
}): JSX.Element {
  return (
    <article>
      <h2>{subject}</h2>
      <p class="quiet">
        to {to} · from {from} · <time dateTime={date}>{date.replace("T", " ").replace("Z", " UTC")}</time>
      </p>
      {html !== "" && (
        <iframe
          src={`/_local/mailbox/${index}`}
          title={`Mail: ${subject}`}
          sandbox="allow-top-navigation-by-user-activation"
        />
      )}
      <details open={html === ""}>
        <summary>As text</summary>
        <pre>{text}</pre>
      </details>
    </article>
  );
}

/** The HTML part alone, its links opening in the whole window. */
export function mailFrame({ html }: Mail): Page {
  return {
    html: `<base target="_top">${html}`,
    headers: {
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'",
    },
  };
}
