import type { ComponentChildren } from "preact";
import {
  COMPONENTS,
  type Component,
  type ComponentStatus,
  type Slot,
  type Status,
} from "../../core/monitoring/status.ts";
import { page, readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { fill, type Texts } from "../texts/texts.ts";

/** A share as people read it: never 100 % unless it is. */
function percent(share: number, locale: string): string {
  const digits = { minimumFractionDigits: share === 1 ? 0 : 2 };
  return new Intl.NumberFormat(locale, digits).format(Math.floor(share * 10_000) / 100);
}

/** The public status by component: how it is now, and the last 24 hours. */
export function statusPage({ state, checkedAt, components }: Status, reader: Reader): string {
  const { t } = reader;
  const words = t.status;
  const checked = readableTime(checkedAt, t.locale);
  return page(
    reader,
    words.title,
    <>
      <h1>{words.title}</h1>
      <p class={`note state ${state}`} role="status">
        <strong>{words[state]}</strong>
      </p>
      {COMPONENTS.map((name) => (
        <ComponentNow name={name} component={components[name]} t={t} />
      ))}
      <h2>{words.legendTitle}</h2>
      <ul class="legend">
        {SHADES.map((shade) => (
          <li>
            <svg class="history" viewBox={`0 0 ${BAR} ${HEIGHT}`} aria-hidden="true">
              <Bar shade={shade} x={0} />
            </svg>
            {words.legend[shade]}
          </li>
        ))}
      </ul>
      <p class="hint">{words.how}</p>
      <p class="hint">
        {fill(words.checked, { when: checked })} {words.machine}: <a href="/push/status.json">JSON</a>
      </p>
    </>,
  );
}

interface ComponentProps {
  readonly name: Component;
  readonly component: ComponentStatus;
  readonly t: Texts;
}

function ComponentNow({ name, component: { state, availability, slots }, t }: ComponentProps) {
  const { components, states, noData, troubleTitle, trouble } = t.status;
  const words = components[name];
  const troubled = slots.filter(({ availability = 1 }) => availability < GOOD);
  return (
    <section class="component" aria-labelledby={name}>
      <h2 id={name}>
        {words.name}
        <span class={`badge ${state}`}>{states[state]}</span>
      </h2>
      <p>{words[state]}</p>
      <History slots={slots} label={fill(t.status.chart, { component: words.name })} t={t} />
      <p class="hint">
        {availability === undefined ? noData : fill(words.share, { percent: percent(availability, t.locale) })}
      </p>
      {troubled.length > 0 && (
        <details>
          <summary>{troubleTitle}</summary>
          <ul>
            {troubled.map((slot) => (
              <li>{fill(trouble, { from: readableTime(slot.from, t.locale), what: describe(slot, t) })}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const BAR = 6;
const GAP = 2;
const HEIGHT = 40;
/** Bars from one time label to the next. */
const TICK = 16;

interface HistoryProps {
  readonly slots: readonly Slot[];
  readonly label: string;
  readonly t: Texts;
}

function History({ slots, label, t }: HistoryProps) {
  const width = slots.length * (BAR + GAP) - GAP;
  const time = new Intl.DateTimeFormat(t.locale, { timeStyle: "short", timeZone: "UTC" });
  return (
    <>
      <svg class="history" preserveAspectRatio="none" viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
        {slots.map((slot, index) => (
          <Bar shade={shadeOf(slot)} x={index * (BAR + GAP)}>
            <title>{fill(t.status.slot, { from: readableTime(slot.from, t.locale), what: describe(slot, t) })}</title>
          </Bar>
        ))}
      </svg>
      <p class="axis" aria-hidden="true">
        {slots
          .filter((_, index) => index % TICK === 0)
          .map(({ from }, index) => (
            <span>{index === 0 ? `${time.format(from)} UTC` : time.format(from)}</span>
          ))}
        <span>{t.status.now}</span>
      </p>
    </>
  );
}

const SHADES = ["good", "poor", "bad", "none"] as const;
type Shade = (typeof SHADES)[number];
const GOOD = 0.99;
/** Told apart by height, not by colour alone. */
const HEIGHTS: Readonly<Record<Shade, number>> = { good: HEIGHT, poor: 26, bad: 14, none: 3 };

function Bar({
  shade,
  x,
  children,
}: {
  readonly shade: Shade;
  readonly x: number;
  readonly children?: ComponentChildren;
}) {
  return (
    <rect class={shade} x={x} y={HEIGHT - HEIGHTS[shade]} width={BAR} height={HEIGHTS[shade]}>
      {children}
    </rect>
  );
}

function shadeOf({ availability }: Slot): Shade {
  if (availability === undefined) return "none";
  if (availability >= GOOD) return "good";
  return availability >= 0.5 ? "poor" : "bad";
}

const describe = ({ availability }: Slot, t: Texts): string =>
  availability === undefined ? t.status.noData : fill(t.status.worked, { percent: percent(availability, t.locale) });
