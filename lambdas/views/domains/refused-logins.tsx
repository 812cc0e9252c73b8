import { readableName } from "../../core/domains/lists.ts";
import { readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { shownText } from "../shared/shown-text.ts";
import { fill } from "../texts/texts.ts";
import type { OwnerView } from "../../core/domains/visitor.ts";
import type { KeptRefusedLogin } from "../../core/pbx/refused-logins.ts";

/** When, from where and why. */
export const refusedLoginText = ({ at, source, reason }: KeptRefusedLogin, { t }: Reader): string =>
  fill(t.owner.refusedLogins.text, {
    when: readableTime(at, t.locale),
    source: shownText(source),
    reason: t.owner.refusedLogins.reasons[reason],
  });

interface RefusedLoginsProps {
  readonly seen: Pick<OwnerView, "refusedLogins">;
  readonly reader: Reader;
  readonly lead?: string;
}

/** Who has tried to log in and was refused. */
export function RefusedLogins({ seen, reader, lead }: RefusedLoginsProps) {
  const r = reader.t.owner.refusedLogins;
  return (
    <section>
      <h2>{r.title}</h2>
      {lead !== undefined && <p>{lead}</p>}
      <ul>
        {seen.refusedLogins.map((refusal) => (
          <li>
            {shownText(readableName(refusal.account))}: {refusedLoginText(refusal, reader)}
            {refusal.refusals > 1 && ` (${fill(r.times, { count: refusal.refusals })})`}
          </li>
        ))}
      </ul>
    </section>
  );
}
