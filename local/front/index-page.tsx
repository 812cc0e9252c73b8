import { COMMANDS, CONNECT_PAGE, CONSOLE_PAGE } from "../product.ts";
import { page, type Page } from "./layout.tsx";

export interface IndexFacts {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly wsUrl: string;
  readonly stacks: readonly string[];
  /** Resources that do nothing here. */
  readonly standsIn: readonly string[];
}

const links: readonly (readonly [string, string])[] = [
  [CONNECT_PAGE, "Connect page: register a PBX"],
  [CONSOLE_PAGE, "Push Admin: the operator's console; sign in as a support person or an operator"],
  ["/_local/mailbox", "Mailbox: the emails the service sent"],
  ["/_local/phones", "Phones: the pushes that arrived, and what each phone did"],
  ["/_local/dashboard", "Dashboard and alarms, as they are deployed, with live numbers"],
  ["/_local/runbook", "Runbook: what to do when an alarm fires"],
  ["/_local/logs", "What the functions logged"],
  ["/_local/calls", "AWS calls made, by operation"],
  ["/_local/faults", "Faults under way; POST adds one, DELETE removes all"],
  ["/_local/health", "Ready? What is down?"],
];

/** `/_local`: where everything is. */
export function indexPage({ url, wsUrl, stacks, standsIn }: IndexFacts): Page {
  return page(
    "Local host",
    <>
      <header>
        <h1>The service on this machine</h1>
        <p class="quiet">It runs the synthesized templates of {stacks.join(", ")}.</p>
      </header>
      <main>
        <dl>
          {links.map(([href, what]) => (
            <>
              <dt>
                <a href={href}>{href}</a>
              </dt>
              <dd>{what}</dd>
            </>
          ))}
        </dl>
        <h2>A PBX</h2>
        <p>
          Its Push object's URL is <code>{wsUrl}</code>. One on the command line: <code>{COMMANDS.pbx}</code>.
        </p>
        <h2>Something goes wrong</h2>
        <pre>{`curl ${url}/_local/faults -d '{"service":"sns","operation":"Publish","latencyMs":10000,"rate":0.05}'`}</pre>
        <h2>Stands in, does nothing here</h2>
        <p class="quiet">{standsIn.join(" · ")}</p>
      </main>
    </>,
  );
}
