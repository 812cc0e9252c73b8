import type { AdminAnswers } from "../../lambdas/handlers/admin/wire.ts";
import { time } from "../shared/terminal.ts";
import { olderOf, ownerOf, suppressionOf } from "./show.ts";

/** The result of one check: fine, worth a look, or wrong. */
export interface Finding {
  readonly what: string;
  readonly verdict: "ok" | "look" | "wrong";
  readonly found: string;
  /** What to do about it: a command, or a step at the PBX. */
  readonly next?: string;
}

export interface Patient {
  readonly domain: AdminAnswers["GET /domain"];
  readonly apps: AdminAnswers["GET /apps"]["apps"];
  /** Of the claim's TXT record, if there is a claim. */
  readonly record?: AdminAnswers["GET /domain/record"]["record"];
}

const ADMIN = "npx push-admin";

/** What is wrong with a domain or an account, from what the operator's API shows. */
export function diagnose(patient: Patient): readonly Finding[] {
  return [state, owner, proof, connections, refusedLogins, posts, apps].flatMap((look) => look(patient));
}

function finding(what: string, verdict: Finding["verdict"], found: string, next?: string): Finding {
  return { what, verdict, found, ...(next !== undefined && { next }) };
}

function state({ domain: { account, state, endsAt } }: Patient): readonly Finding[] {
  if (state === "suspended")
    return [finding("State", "wrong", "suspended: no PBX can log in", `${ADMIN} domains resume ${account}`)];
  if (endsAt !== undefined)
    return [finding("State", "look", `${state}; it ends at ${time(endsAt)} unless a PBX logs in`)];
  return [finding("State", "ok", state)];
}

function owner({ domain }: Patient): readonly Finding[] {
  const { suppression, move, owner: address } = domain;
  if (suppression !== undefined) {
    const found = `${ownerOf(domain)}; emails: ${suppressionOf(suppression)}`;
    return [finding("Owner", "wrong", found, `${ADMIN} mail allow ${address ?? ""}`)];
  }
  const moving = move === undefined ? "" : `; ${move.to} may confirm until ${time(move.expiresAt)}`;
  return [finding("Owner", "ok", ownerOf(domain) + moving)];
}

const RECORDS = { found: "is in the DNS", missing: "is not in the DNS", unreachable: "cannot be looked up" } as const;

function proof({ domain: { account, owner: address, proof: shown, claim }, record }: Patient): readonly Finding[] {
  if (claim !== undefined) {
    const seen = record === undefined ? "" : `; the claim's TXT record ${RECORDS[record]}`;
    const objection = claim.objectedAt === undefined ? "" : "; the owner objects";
    const found = `claimed by ${claim.claimant} since ${time(claim.madeAt)}${seen}${objection}`;
    return [finding("DNS proof", "wrong", found, `${ADMIN} domains decide ${account} grant, or deny`)];
  }
  if (address === undefined) return [finding("DNS proof", "ok", "none needed: the operator set it up")];
  if (shown !== undefined) return [finding("DNS proof", "ok", shown === "dns" ? "by DNS" : `by ${shown}`)];
  const anyone = "anyone who proves the name by DNS, or by an address at it or at a name above it, gets it";
  return [finding("DNS proof", "look", `none: ${anyone}`)];
}

function connections({ domain }: Patient): readonly Finding[] {
  const { account, connections: open, secrets, firstLoginAt } = domain;
  if (open.length === 0)
    return firstLoginAt === undefined
      ? [finding("Connections", "wrong", "no PBX has ever logged in", "enter URL and password in the Push object")]
      : [finding("Connections", "wrong", "no PBX is connected", `${ADMIN} domains history ${account}`)];
  const findings = open.map(({ login, pbx, source, connectedAt }) => {
    const name = [login.account, pbx?.pbx, pbx?.version].filter((part) => part !== undefined).join(", ");
    const until = olderOf(secrets).find(({ id }) => id === login.secretId)?.validUntil;
    const own = login.secretId === secrets.current.id ? "the current secret" : "the account's own secret";
    const found = `${name} from ${source} since ${time(connectedAt)}, with `;
    if (until === undefined) return finding("Connected", "ok", found + own);
    const old = `the old secret, valid until ${time(until)}`;
    return finding("Connected", "look", found + old, "enter the new password in its Push object");
  });
  return few(account, findings);
}

function refusedLogins({ domain }: Patient): readonly Finding[] {
  const { refusedLogins: refused, connections: open } = domain;
  if (refused.length === 0) return [finding("Logins", "ok", "none was refused in the last 7 days")];
  const findings = refused.map(({ account, source, at, reason, refusals }) => {
    const found = `${account} from ${source}, ${refusals} times, last at ${time(at)}: ${reason}`;
    if (open.some(({ login }) => login.account === account && login.at > at))
      return finding("Refused", "ok", `${found}; it has logged in since`);
    const replace = `correct its password, or: ${ADMIN} domains replace ${account}`;
    return finding("Refused", "wrong", found, reason === "wrong-password" ? replace : undefined);
  });
  return few(domain.account, findings);
}

/** What fits on a screen. */
const MOST = 5;
const WORST_FIRST: readonly Finding["verdict"][] = ["wrong", "look", "ok"];

/** The worst of similar findings, and how many more there are. */
function few(account: string, findings: readonly Finding[]): readonly Finding[] {
  const sorted = WORST_FIRST.flatMap((verdict) => findings.filter((finding) => finding.verdict === verdict));
  const [next] = sorted.slice(MOST);
  if (next === undefined) return sorted;
  const more = `${sorted.length - MOST} more`;
  return [...sorted.slice(0, MOST), finding(next.what, next.verdict, more, `${ADMIN} domains show ${account}`)];
}

/** Never wrong, only worth a look: the cause may have been fixed since. */
function posts({ domain: { posts: kept } }: Patient): readonly Finding[] {
  const [last] = kept?.posts ?? [];
  if (kept === undefined || last === undefined) return [finding("Posts", "look", "none is known")];
  const failed = kept.posts.filter(({ outcome }) => outcome !== "accepted").length;
  const seen = `last at ${time(last.at)}: ${last.outcome}; ${failed} of the last ${kept.posts.length} failed, as of ${time(kept.writtenAt)}`;
  return [finding("Posts", failed === 0 ? "ok" : "look", seen)];
}

function apps({ apps: all }: Patient): readonly Finding[] {
  const problems = all.flatMap(({ app, application, credential }) => {
    if ("problem" in application) return [`${app.id}: ${application.problem}`];
    if (!application.enabled) return [`${app.id} is off: its credential was refused`];
    return "problem" in credential ? [`${app.id}: ${credential.problem}`] : [];
  });
  if (all.length === 0) return [finding("Apps", "wrong", "the stage has none: no push can be sent")];
  if (problems.length === 0) return [finding("Apps", "ok", all.map(({ app }) => app.id).join(", "))];
  return problems.map((found) => finding("Apps", "wrong", found, `${ADMIN} apps`));
}
