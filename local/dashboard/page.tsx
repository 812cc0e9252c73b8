import type { ComponentChildren } from "preact";
import { wholePage, type Page } from "../front/layout.tsx";
import { ICON } from "../product.ts";
import { css } from "./style.ts";
import { toHtml } from "./markdown.ts";
import type { Row } from "./insights.ts";
import { isEmpty, type AlarmState, type DrawnLine, type Filled } from "./widgets.ts";

/** Seconds after which the page refreshes. */
const REFRESH = 10;

/** The synthesized dashboard, drawn as CloudWatch lays it out: a grid of 24 columns. No script; charts are images. */
export function dashboardPage(filled: readonly Filled[], name: string): Page {
  const content = (
    <main class="grid">
      {filled.map((each, index) => (
        <Place width={each.widget.width} type={each.widget.type}>
          <Content filled={each} index={index} />
        </Place>
      ))}
    </main>
  );
  const { html, headers } = whole(name, content);
  return { html, headers: { ...headers, refresh: String(REFRESH) } };
}

export const runbookPage = (markdown: string): Page =>
  whole("Operations", <main class="prose" dangerouslySetInnerHTML={{ __html: toHtml(markdown) }} />);

const whole = (title: string, content: ComponentChildren): Page =>
  wholePage(title, content, { css, icon: ICON, policy: "img-src 'self'; form-action 'none'; frame-ancestors 'none'" });

function Place({
  width,
  type,
  children,
}: {
  readonly width: number;
  readonly type: Filled["widget"]["type"];
  readonly children: ComponentChildren;
}) {
  if (type === "text") return <section class={`w${width} text`}>{children}</section>;
  // Scrollable content must be reachable by keyboard.
  const focus = type === "metric" ? {} : { tabIndex: 0 };
  return (
    <section class={`w${width} card`} {...focus}>
      {children}
    </section>
  );
}

function Content({ filled, index }: { readonly filled: Filled; readonly index: number }) {
  const { widget } = filled;
  if (widget.type === "text") return <div dangerouslySetInnerHTML={{ __html: toHtml(widget.markdown) }} />;
  return (
    <>
      {widget.type === "alarm" ? <h2>{widget.title}</h2> : <h3>{widget.title}</h3>}
      {isEmpty(filled) ? <p class="quiet">no data</p> : <Data filled={filled} index={index} />}
    </>
  );
}

function Data({ filled, index }: { readonly filled: Filled; readonly index: number }) {
  if ("alarms" in filled) return <Alarms alarms={filled.alarms} />;
  if ("rows" in filled) return <Table rows={filled.rows} />;
  if (!("lines" in filled)) return null;
  if (filled.widget.view === "singleValue") return <Numbers lines={filled.lines} />;
  return <img src={`/_local/dashboard/${index}.svg`} alt={summary(filled.lines)} />;
}

function Alarms({ alarms }: { readonly alarms: readonly AlarmState[] }) {
  return (
    <ul class="alarms">
      {alarms.map(({ name, words, runbook, on }) => (
        <li class={on ? "on" : ""}>
          <strong>
            {on ? "In alarm: " : "OK: "}
            {name}
          </strong>{" "}
          {words} <a href={runbook}>What to do</a>
        </li>
      ))}
    </ul>
  );
}

function Table({ rows }: { readonly rows: readonly Row[] }) {
  const columns = Object.keys(rows[0] ?? {});
  return (
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col">{column}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {columns.map((column) => (
              <td class={typeof row[column] === "number" ? "number" : ""}>{row[column]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Numbers({ lines }: { readonly lines: readonly DrawnLine[] }) {
  return (
    <dl class="numbers">
      {lines.map(({ label, points }) => (
        <div>
          <dd>{short(points.at(-1)?.[1] ?? 0)}</dd>
          <dt>{label}</dt>
        </div>
      ))}
    </dl>
  );
}

/** The chart in words: each line and its last value. */
const summary = (lines: readonly DrawnLine[]): string =>
  lines.map(({ label, points }) => `${label}: ${short(points.at(-1)?.[1] ?? 0)}`).join(", ");

const short = (value: number): string => new Intl.NumberFormat("en", { maximumFractionDigits: 2 }).format(value);
