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

function state({ domain: { account, state, endsAt } }: Patient): readonly Finding[] {
  if (state === "suspended")
    return [
      {
        what: "State",
        verdict: "wrong",
        found: "suspended: no PBX can log in",
        next: `${ADMIN} domains resume ${account}`,
      },
    ];
  if (endsAt !== undefined)
    return [{ what: "State", verdict: "look", found: `${state}; it ends at ${time(endsAt)} unless a PBX logs in` }];
  return [{ what: "State", verdict: "ok", found: state }];
}

function owner({ domain }: Patient): readonly Finding[] {
  const { suppression, move, owner: address } = domain;
  if (suppression === undefined)
    return [
      {
        what: "Owner",
        verdict: "ok",
        found: `${ownerOf(domain)}${move === undefined ? "" : `; ${move.to} may confirm until ${time(move.expiresAt)}`}`,
      },
    ];
  const found = `${ownerOf(domain)}; emails: ${suppressionOf(suppression)}`;
  return [{ what: "Owner", verdict: "wrong", found, next: `${ADMIN} mail allow ${address ?? ""}` }];
}

const RECORDS = { found: "is in the DNS", missing: "is not in the DNS", unreachable: "cannot be looked up" } as const;

function proof({ domain: { account, owner: address, proof: shown, claim }, record }: Patient): readonly Finding[] {
  if (claim !== undefined) {
    const seen = record === undefined ? "" : `; the claim's TXT record ${RECORDS[record]}`;
    const objection = claim.objectedAt === undefined ? "" : "; the owner objects";
    const found = `claimed by ${claim.claimant} since ${time(claim.madeAt)}${seen}${objection}`;
    return [{ what: "DNS proof", verdict: "wrong", found, next: `${ADMIN} domains decide ${account} grant, or deny` }];
  }
  if (address === undefined)
    return [{ what: "DNS proof", verdict: "ok", found: "none needed: the operator set it up" }];
  if (shown !== undefined)
    return [{ what: "DNS proof", verdict: "ok", found: shown === "dns" ? "by DNS" : `by ${shown}` }];
  return [
    {
      what: "DNS proof",
      verdict: "look",
      found: "none: anyone who proves the name by DNS, or by an address at it or at a name above it, gets it",
    },
  ];
}

function connections({ domain }: Patient): readonly Finding[] {
  const { account, connections: open, secrets, firstLoginAt } = domain;
  if (open.length === 0)
    return [
      {
        what: "Connections",
        verdict: "wrong",
        found: firstLoginAt === undefined ? "no PBX has ever logged in" : "no PBX is connected",
        next:
          firstLoginAt === undefined
            ? "enter URL and password in the Push object"
            : `${ADMIN} domains history ${account}`,
      },
    ];
  const findings = open.map(({ login, pbx, source, connectedAt }): Finding => {
    const name = [login.account, pbx?.pbx, pbx?.version].filter((part) => part !== undefined).join(", ");
    const until = olderOf(secrets).find(({ id }) => id === login.secretId)?.validUntil;
    const own = login.secretId === secrets.current.id ? "the current secret" : "the account's own secret";
    const found = `${name} from ${source} since ${time(connectedAt)}, with `;
    return until === undefined
      ? { what: "Connected", verdict: "ok", found: found + own }
      : {
          what: "Connected",
          verdict: "look",
          found: `${found}the old secret, valid until ${time(until)}`,
          next: "enter the new password in its Push object",
        };
  });
  return few(account, findings);
}

function refusedLogins({ domain }: Patient): readonly Finding[] {
  const { refusedLogins: refused, connections: open } = domain;
  if (refused.length === 0) return [{ what: "Logins", verdict: "ok", found: "none was refused in the last 7 days" }];
  const findings = refused.map(({ account, source, at, reason, refusals }): Finding => {
    const back = open.some(({ login }) => login.account === account && login.at > at);
    return {
      what: "Refused",
      verdict: back ? "ok" : "wrong",
      found: `${account} from ${source}, ${refusals} times, last at ${time(at)}: ${reason}${back ? "; it has logged in since" : ""}`,
      ...(!back &&
        reason === "wrong-password" && { next: `correct its password, or: ${ADMIN} domains replace ${account}` }),
    };
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
  const { what, verdict } = next;
  const more = { what, verdict, found: `${sorted.length - MOST} more`, next: `${ADMIN} domains show ${account}` };
  return [...sorted.slice(0, MOST), more];
}

/** Never wrong, only worth a look: the cause may have been fixed since. */
function posts({ domain: { posts: kept } }: Patient): readonly Finding[] {
  const [last] = kept?.posts ?? [];
  if (kept === undefined || last === undefined) return [{ what: "Posts", verdict: "look", found: "none is known" }];
  const failed = kept.posts.filter(({ outcome }) => outcome !== "accepted").length;
  const seen = `last at ${time(last.at)}: ${last.outcome}; ${failed} of the last ${kept.posts.length} failed, as of ${time(kept.writtenAt)}`;
  return [{ what: "Posts", verdict: failed === 0 ? "ok" : "look", found: seen }];
}

function apps({ apps: all }: Patient): readonly Finding[] {
  const problems = all.flatMap(({ app, application, credential }) => {
    if ("problem" in application) return [`${app.id}: ${application.problem}`];
    if (!application.enabled) return [`${app.id} is off: its credential was refused`];
    return "problem" in credential ? [`${app.id}: ${credential.problem}`] : [];
  });
  if (all.length === 0) return [{ what: "Apps", verdict: "wrong", found: "the stage has none: no push can be sent" }];
  if (problems.length === 0) return [{ what: "Apps", verdict: "ok", found: all.map(({ app }) => app.id).join(", ") }];
  return problems.map((found) => ({ what: "Apps", verdict: "wrong", found, next: `${ADMIN} apps` }));
}
