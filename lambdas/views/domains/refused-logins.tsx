import { readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import type { SeenByOwner, SeenRefusal } from "./owner-view.ts";

/** What somebody called themselves is free text: so much of it is shown, in characters, without what moves text about. */
const SHOWN = 80;
export const shownText = (text: string): string => {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN).toWellFormed()}…` : plain;
};

/** When, from where and why. */
export const refusalText = ({ at, source, reason }: SeenRefusal, { t }: Reader): string =>
  fill(t.owner.refusals.text, {
    when: readableTime(at, t.locale),
    source: shownText(source),
    reason: t.owner.refusals.reasons[reason],
  });

/** Who has tried to log in and was refused. */
export function Refusals({ seen, reader }: { readonly seen: SeenByOwner; readonly reader: Reader }) {
  const r = reader.t.owner.refusals;
  return (
    <section>
      <h2>{r.title}</h2>
      <p>{r.lead}</p>
      <ul>
        {seen.refusals.map((refusal) => (
          <li>
            {shownText(refusal.account)}: {refusalText(refusal, reader)}
          </li>
        ))}
      </ul>
    </section>
  );
}
