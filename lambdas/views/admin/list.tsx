import type { SeenDomain } from "../../core/admin/views.ts";
import { isProvisional, type Domain } from "../../core/domains/domain.ts";
import { readableName } from "../../core/domains/lists.ts";
import { claimOf } from "../../core/domains/ownership.ts";
import { readableTime } from "../shared/page.tsx";
import { to } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { addressOf, type Viewer } from "./console.ts";
import { consolePage } from "./frame.tsx";

export const FILTERS = ["connected", "unused", "suspended", "claimed"] as const;
export type Filter = (typeof FILTERS)[number];

export interface ListView {
  readonly search: string;
  readonly filter: Filter | undefined;
  readonly items: readonly SeenDomain[];
  /** `after` of the next page. */
  readonly next: string | undefined;
  readonly first: boolean;
}

export function listPage({ search, filter, items, next, first }: ListView, viewer: Viewer): string {
  const { c, reader } = viewer;
  const l = c.list;
  const at = (query: Readonly<Record<string, string | undefined>>) => to(reader, addressOf("", query));
  return consolePage(
    viewer,
    "domains",
    l.title,
    <>
      <div class="heading">
        <h1>{l.title}</h1>
        {viewer.role === "operator" && (
          <a class="button" href={to(reader, addressOf("/add"))}>
            {l.add}
          </a>
        )}
      </div>
      <form method="get" action={addressOf("")} role="search" class="search">
        {reader.chosen && <input type="hidden" name="lang" value={reader.t.language} />}
        <label for="search">{l.search}</label>
        <div>
          <input
            id="search"
            name="search"
            type="search"
            value={search}
            maxlength={254}
            autocapitalize="none"
            spellcheck={false}
          />
          <button type="submit">{l.submit}</button>
        </div>
      </form>
      <nav class="filters" aria-label={l.filters}>
        {[undefined, ...FILTERS].map((each) => (
          <a href={at({ list: each })} aria-current={each === filter && search === "" ? "true" : undefined}>
            {each === undefined ? l.all : l[each]}
          </a>
        ))}
      </nav>
      {filter === "connected" && <p class="hint">{l.someHere}</p>}
      {items.length === 0 ? (
        <p>{next === undefined && first ? l.none : l.noneHere}</p>
      ) : (
        <ul class="rows">
          {items.map((item) => (
            <Listed item={item} viewer={viewer} />
          ))}
        </ul>
      )}
      <nav class="pages" aria-label={l.pages}>
        {!first && <a href={at({ search, list: filter })}>{l.first}</a>}
        {next !== undefined && <a href={at({ search, list: filter, after: next })}>{l.next}</a>}
      </nav>
    </>,
  );
}

function Listed({
  item: { domain, connected, lastPostAt },
  viewer,
}: {
  readonly item: SeenDomain;
  readonly viewer: Viewer;
}) {
  const { c, reader } = viewer;
  const { account, owner } = domain;
  const name = readableName(account);
  const presence = connected === undefined ? "unknown" : connected ? "online" : "offline";
  return (
    <li>
      <span class={`dot ${presence}`} aria-hidden="true" />
      <div class="what">
        <a href={to(reader, addressOf("/domain", { account }))}>{name}</a>
        {name !== account && <span class="hint"> {account}</span>}
        <Badges domain={domain} viewer={viewer} />
      </div>
      <span class="who">{owner ?? c.list.noOwner}</span>
      <span class="hint">
        {lastPostAt === undefined
          ? c.list[presence]
          : fill(c.list.lastPost, { when: readableTime(lastPostAt, reader.t.locale, "medium") })}
      </span>
    </li>
  );
}

export function Badges({ domain, viewer }: { readonly domain: Domain; readonly viewer: Viewer }) {
  const { badges } = viewer.c.list;
  const shown = [
    ...(domain.state === "suspended" ? (["suspended"] as const) : []),
    ...(claimOf(domain, viewer.now) === undefined ? [] : (["claimed"] as const)),
    ...(domain.firstLoginAt === undefined ? (["unused"] as const) : []),
    ...(isProvisional(domain) ? (["provisional"] as const) : []),
  ];
  return (
    <>
      {shown.map((each) => (
        <span class={`badge ${each}`}>{badges[each]}</span>
      ))}
    </>
  );
}
