import type { ComponentChildren } from "preact";
import { COPY_SCRIPT } from "../shared/copyable.tsx";
import { Foot, HomeLink, htmlDocument } from "../shared/page.tsx";
import { to, type Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { addressOf, consoleTexts, type Note, type Viewer } from "./console.ts";

const STYLES = ["/push/admin/console.css"];

/** Good news; any other note is a warning. */
const GOOD: ReadonlySet<Note> = new Set([
  "suspended",
  "resumed",
  "disconnected",
  "old-ended",
  "transferred",
  "objection",
  "granted",
  "denied",
  "resent",
  "deleted",
  "allowed",
  "lifted",
] satisfies Note[]);

const SECTIONS = { domains: "", claims: "/claims", suppressed: "/suppressed", apps: "/apps" } as const;
export type Section = keyof typeof SECTIONS;

/** A page for someone who is signed in. */
export function consolePage(viewer: Viewer, section: Section | undefined, title: string, children: ComponentChildren) {
  const { reader, c, said, count = 0 } = viewer;
  const body = (
    <>
      <header class="console">
        <HomeLink href={to(reader, addressOf(""))} name={c.title} />
        <nav aria-label={c.main}>
          {Object.entries(SECTIONS).map(([name, path]) => (
            <a href={to(reader, addressOf(path))} aria-current={name === section ? "page" : undefined}>
              {c.nav[name as Section]}
            </a>
          ))}
        </nav>
        <form method="post" action={to(reader, addressOf("/sign-out"))} class="person">
          <input type="hidden" name="form" value={viewer.formToken} />
          <span>{fill(c.person, { name: viewer.name, role: c.roles[viewer.role] })}</span>
          <button type="submit" class="quiet small">
            {c.signOut}
          </button>
        </form>
      </header>
      <main class="wide">
        {said && (
          <p class={`note ${GOOD.has(said) ? "good" : "warning"}`} role="status">
            {fill(c.said[said], { count })}
          </p>
        )}
        {children}
      </main>
      <Foot reader={reader} />
    </>
  );
  return htmlDocument({
    language: reader.t.language,
    title: `${title} – ${c.title}`,
    body,
    styles: STYLES,
    scripts: [COPY_SCRIPT],
  });
}

/** A page for someone who is not signed in. @param onwards where the browser goes automatically */
export function openPage(reader: Reader, title: string, children: ComponentChildren, onwards?: string): string {
  const c = consoleTexts[reader.t.language];
  const body = (
    <>
      <header>
        <HomeLink href={to(reader, addressOf(""))} name={c.title} />
      </header>
      <main>{children}</main>
      <Foot reader={reader} />
    </>
  );
  return htmlDocument({ language: reader.t.language, title: `${title} – ${c.title}`, body, styles: STYLES, onwards });
}

interface StepProps {
  readonly viewer: Viewer;
  /** Path of the step, under the console. */
  readonly path: string;
  /** Hidden fields: what the step applies to, and how. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly button: string;
  readonly look?: "quiet" | "danger" | undefined;
  readonly children?: ComponentChildren;
}

/** One form for one step. */
export function Step({ viewer, path, fields = {}, button, look, children }: StepProps) {
  return (
    <form method="post" action={to(viewer.reader, addressOf(path))}>
      <input type="hidden" name="form" value={viewer.formToken} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
      <button type="submit" class={look}>
        {button}
      </button>
    </form>
  );
}
