import type { Reader } from "../shared/reader.ts";
import { Row } from "./connections.tsx";
import type { OwnerView } from "../../core/domains/visitor.ts";

/** What this service takes from one domain, as the stage is configured. */
export function OwnLimits({
  limits,
  reader: { t },
}: {
  readonly limits: OwnerView["limits"];
  readonly reader: Reader;
}) {
  const l = t.owner.limits;
  const rows = [
    [l.posts, limits.postsPerDomainPerSecond],
    [l.phone, limits.postsPerTokenAtOnce],
    [l.firstPhones, limits.newTokensPerDomainInFirstHour],
    [l.phones, limits.newTokensPerDomainPerHour],
    [l.tests, limits.testPushesPerDomainPerHour],
  ] as const;
  return (
    <section>
      <h2>{l.title}</h2>
      <p>{l.text}</p>
      <dl class="limits">
        {rows.map(([term, count]) => (
          <Row term={term} text={new Intl.NumberFormat(t.locale).format(count)} />
        ))}
      </dl>
    </section>
  );
}
