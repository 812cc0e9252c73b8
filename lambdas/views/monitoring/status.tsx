import type { Slot, Status } from "../../core/monitoring/status.ts";
import { page, readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { fill, type Texts } from "../texts/texts.ts";

/** A share as people read it: never 100 % unless it is. */
function percent(share: number, locale: string): string {
  const digits = { minimumFractionDigits: share === 1 ? 0 : 2 };
  return new Intl.NumberFormat(locale, digits).format(Math.floor(share * 10_000) / 100);
}

/** The public status: how it is now, and the last 24 hours. */
export function statusPage({ state, checkedAt, availability, slots }: Status, reader: Reader): string {
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
      <h2>{words.last24}</h2>
      <History slots={slots} t={t} />
      <p>
        {availability === undefined
          ? words.noData
          : fill(words.availability, { percent: percent(availability, t.locale) })}
      </p>
      <p class="hint">{words.how}</p>
      <p class="hint">
        {fill(words.checked, { when: checked })} {words.machine}: <a href="/push/status.json">JSON</a>
      </p>
    </>,
  );
}

const BAR = 6;
const GAP = 2;
const HEIGHT = 40;

function History({ slots, t }: { readonly slots: readonly Slot[]; readonly t: Texts }) {
  const width = slots.length * (BAR + GAP) - GAP;
  return (
    <svg
      class="history"
      preserveAspectRatio="none"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={t.status.last24}
    >
      {slots.map((slot, index) => (
        <rect class={shade(slot)} x={index * (BAR + GAP)} y="0" width={BAR} height={HEIGHT} rx="1">
          <title>{describe(slot, t)}</title>
        </rect>
      ))}
    </svg>
  );
}

function shade({ availability }: Slot): string {
  if (availability === undefined) return "none";
  if (availability >= 0.99) return "good";
  return availability >= 0.5 ? "poor" : "bad";
}

function describe({ from, availability }: Slot, t: Texts): string {
  const words = t.status;
  const what =
    availability === undefined ? words.noData : fill(words.arrived, { percent: percent(availability, t.locale) });
  return fill(words.slot, { from: readableTime(from, t.locale), what });
}
