import type { AdminAnswers, IssuedDomain, ListedDomain } from "../../lambdas/handlers/admin/wire.ts";
import { complain, say, table, time } from "../shared/terminal.ts";

type Shown = AdminAnswers["GET /domain"];

export function showIssued({ account, url, secret, warning }: IssuedDomain): void {
  if (warning !== undefined) complain(warning);
  say(`${account}\n  URL       ${url}\n  Password  ${secret}\nThe password is not shown again.`);
}

/** Replaced secrets that may still be valid, newest first. */
export const olderOf = ({ previous, earlier }: Shown["secrets"]) =>
  [previous, earlier].filter((each) => each !== undefined);

/** The owner, and the kind of proof. */
export const ownerOf = ({ owner, proof }: ListedDomain): string =>
  owner === undefined ? "(operator)" : proof === undefined ? `${owner} (provisional)` : owner;

/** A table that may be empty. */
export const showRows = (head: readonly string[], rows: readonly (readonly string[])[]): void =>
  say(rows.length === 0 ? "There are none." : table(head, rows));

export function showList(domains: readonly ListedDomain[], offline = false): void {
  const rows = domains.map((domain) => [
    domain.account,
    domain.claim === undefined ? domain.state : `${domain.state}, claimed`,
    ownerOf(domain),
    time(domain.createdAt),
    time(domain.changedAt),
    ...(offline ? [domain.lastPostAt === undefined ? "" : time(domain.lastPostAt)] : []),
  ]);
  showRows(["ACCOUNT", "STATE", "OWNER", "CREATED", "CHANGED", ...(offline ? ["LAST POST"] : [])], rows);
  if (rows.length > 0) say(`\n${countsOf(domains)}`);
}

/** `12: 10 active, 2 suspended, 1 claimed`. */
function countsOf(domains: readonly ListedDomain[]): string {
  const counts = new Map<string, number>();
  for (const { state, claim } of domains)
    for (const each of claim === undefined ? [state] : [state, "claimed"])
      counts.set(each, (counts.get(each) ?? 0) + 1);
  return `${domains.length}: ${[...counts]
    .sort()
    .map(([name, count]) => `${count} ${name}`)
    .join(", ")}`;
}

type Entry = Shown["history"][number];

/** The owner before and after, and what else the step is about. */
function aboutOf({ from, to, other, detail }: Entry): string {
  const owner = from === undefined && to === undefined ? undefined : `owner: ${from ?? "nobody"} → ${to ?? "nobody"}`;
  return [owner, other, detail].filter((part) => part !== undefined).join("; ");
}

export function showHistory(history: readonly Entry[]): void {
  const rows = history.map((entry) => {
    const { at, action, actor, by } = entry;
    return [time(at), action, by === undefined ? actor : `${actor} ${by}`, aboutOf(entry)];
  });
  say(table(["WHEN", "WHAT", "WHO", "ABOUT"], rows));
}

export function suppressionOf({ reason, at, until }: NonNullable<Shown["suppression"]>): string {
  const end = until === undefined ? "until you allow it" : `until ${time(until)}`;
  return `none to this address ${end}: it ${reason} ${time(at)}`;
}

export function showDomain(domain: Shown): void {
  const { secrets, claim, move, suppression, endsAt, firstLoginAt, refusedLogins } = domain;
  const { current } = secrets;
  const rows = [
    ["Account", domain.account],
    ["State", domain.state],
    ["Owner", ownerOf(domain)],
    ...(suppression ? [["Email", suppressionOf(suppression)]] : []),
    ["Proof", domain.proof ?? "none"],
    ["Created", time(domain.createdAt)],
    ["Changed", time(domain.changedAt)],
    ["First login", firstLoginAt === undefined ? "never" : time(firstLoginAt)],
    ...(endsAt === undefined ? [] : [["Ends", `${time(endsAt)}, unless a PBX logs in`]]),
    ["Secret", `${current.id}, issued ${time(current.issuedAt)}`],
    ...olderOf(secrets).map(({ id, validUntil }) => ["Old secret", `${id}, valid until ${time(validUntil)}`]),
    ...(move ? [["New address", `${move.to}, may confirm until ${time(move.expiresAt)}`]] : []),
    ...(claim ? [["Claimed", claimOf(claim)]] : []),
  ];
  say(table(["", ""], rows).trimStart());
  showConnections(domain);
  showPosts(domain);
  if (refusedLogins.length > 0) {
    const refused = refusedLogins.map(({ account, at, source, reason, refusals }) => [
      account,
      time(at),
      source,
      reason,
      String(refusals),
    ]);
    say(`\n${table(["REFUSED LOGINS OF", "LAST", "FROM", "WHY", "TIMES"], refused)}`);
  }
  say("");
  showHistory(domain.history);
}

function claimOf({ claimant, madeAt, objectUntil, objectedAt }: NonNullable<ListedDomain["claim"]>): string {
  const objection =
    objectedAt === undefined ? `no objection, possible until ${time(objectUntil)}` : `objected ${time(objectedAt)}`;
  return `by ${claimant}, ${time(madeAt)}; ${objection}`;
}

function whichOf(secrets: Shown["secrets"], id: string): string {
  if (id === secrets.current.id) return "";
  return olderOf(secrets).some((old) => old.id === id) ? " (old)" : " (the account's own)";
}

function showConnections({ connections, secrets }: Shown): void {
  say(`\n${connections.length} connected`);
  if (connections.length === 0) return;
  const rows = connections.map(({ login, pbx, source, connectedAt, lastActiveAt }) => [
    login.account,
    pbx?.pbx ?? login.dn ?? "",
    [pbx?.version, pbx?.build].filter((part) => part !== undefined).join(" "),
    source,
    time(connectedAt),
    lastActiveAt === undefined ? "" : time(lastActiveAt),
    `${login.secretId}${whichOf(secrets, login.secretId)}`,
  ]);
  say(table(["ACCOUNT", "PBX", "VERSION", "FROM", "SINCE", "ACTIVE", "SECRET"], rows));
}

function showPosts({ posts: kept }: Shown): void {
  if (kept === undefined) return say("\nNo recent posts.");
  const { posts, day, writtenAt } = kept;
  const counts = day === undefined ? "" : `; in 24 hours ${day.accepted} accepted, ${day.failed} failed`;
  say(`\nRecent posts as of ${time(writtenAt)}${counts}`);
  const rows = posts.map(({ at, account, app, kind, outcome, ms }) => {
    return [time(at), account, app ?? "", kind ?? "", outcome, `${ms} ms`];
  });
  if (rows.length > 0) say(table(["POSTED", "ACCOUNT", "APP", "TYPE", "OUTCOME", "TOOK"], rows));
}
