import {
  change,
  creation,
  handOver,
  reissue,
  removal,
  noticeTo,
  type Actor,
  type Change,
  type IssuingChange,
  type Moment,
  type RuleViolation,
  type Stored,
  type KeepingChange,
} from "./change.ts";
import { isProvisional, type Domain, type NameState } from "./domain.ts";
import { showsRight } from "./proof/name-rights.ts";
import type { Language } from "../shared/language.ts";
import { fail, ok, type Result } from "../shared/result.ts";
import type { AccountSecrets } from "../pbx/secret.ts";
import { issueSecret, marksOf, OLD_SECRET_LIFE_MS, succeed } from "./secrets.ts";

/**
 * Whether a registration by this address may proceed: the name is free, the address is its owner, or the address shows
 * a right to it and its owner has shown none.
 */
export function mayRegister({ domain, held = false }: NameState, emailKey: string): Result<undefined, RuleViolation> {
  if (domain === undefined) return held ? fail("foreign") : ok(undefined);
  const beats = isProvisional(domain) && showsRight(emailKey, domain.account);
  if (domain.owner !== emailKey && !beats) return fail("foreign");
  return domain.state === "suspended" ? fail("suspended") : ok(undefined);
}

/**
 * The visitor has proven the address. A free domain becomes theirs with a new secret. One that they own keeps its
 * secret (another PBX joins) unless they ask to replace it: then old and new are valid for seven days. Joining and
 * replacing send the owner an email.
 */
export function register(
  { domain, secrets, held = false }: Stored & NameState,
  request: {
    readonly account: string;
    readonly emailKey: string;
    readonly language?: Language;
    /** Address that the Connect window was opened from. */
    readonly source: string;
    readonly replace: boolean;
  },
  moment: Moment,
): Result<KeepingChange, RuleViolation> {
  const { account, emailKey, language, source } = request;
  const allowed = mayRegister({ domain, held }, emailKey);
  if (!allowed.ok) return allowed;
  const proof = showsRight(emailKey, account) ? ({ proof: "address" } as const) : {};
  if (domain !== undefined && domain.owner !== emailKey)
    return ok(take(domain, { claimant: emailKey, language }, "address", moment));
  if (domain === undefined || secrets === undefined) {
    const owned = { account, origin: "mail", owner: emailKey, ...(language && { language }), ...proof } as const;
    return ok(creation(domain, owned, "registered", "owner", moment));
  }
  if (request.replace) return ok(replace(domain, secrets, moment));
  const notices = noticeTo(domain, domain.owner, "joined", moment.now, { source });
  return ok(change(domain, {}, "joined", "owner", moment.now, notices));
}

/** Issues the owner a new secret; those that PBXes use stay valid for seven days. */
export function replace(domain: Domain, secrets: AccountSecrets, { bytes, now }: Moment): IssuingChange {
  const next = succeed(secrets, domain.secrets, issueSecret(bytes, now));
  const notices = noticeTo(domain, domain.owner, "replaced", now, { until: now + OLD_SECRET_LIFE_MS });
  const marks = marksOf(next, domain.secrets);
  return { ...change(domain, { secrets: marks }, "replaced", "owner", now, notices), secrets: next };
}

/** Another address has shown a right to a provisional domain and gets it, with a new secret as the only valid one. */
export function take(
  domain: Domain,
  { claimant, language }: { readonly claimant: string; readonly language?: Language | undefined },
  proof: "address" | "dns",
  moment: Moment,
): IssuingChange {
  const notices = noticeTo(domain, domain.owner, "taken", moment.now, { other: claimant });
  return handOver(domain, { owner: claimant, language, proof }, "taken", "claimant", moment, notices);
}

/** @param request.covering for an account: the domain that it is set up under, if there is one */
export function add(
  domain: Domain | undefined,
  request: {
    readonly account: string;
    readonly owner?: string | undefined;
    readonly secret?: string | undefined;
    readonly covering?: Domain | undefined;
    readonly state?: Domain["state"] | undefined;
    /** How the owner has shown a right to the name elsewhere; "none": provisional. Default: "operator". */
    readonly proof?: Domain["proof"] | "none";
    readonly actor: Actor;
  },
  moment: Moment,
): Result<IssuingChange, RuleViolation> {
  if (domain !== undefined) return fail("exists");
  const { account, owner, secret, covering, actor, state = "active", proof = "operator" } = request;
  const under = covering?.heldSince;
  const made = {
    account,
    origin: "operator",
    ...(under !== undefined && { under }),
    ...(owner !== undefined && { owner, ...(proof !== "none" && { proof }) }),
  } as const;
  const added = creation(undefined, made, "added", actor, moment, secret);
  return ok({
    ...added,
    after: { ...added.after, state },
    notices: noticeTo(added.after, owner, "added", moment.now, { byOperator: true }),
  });
}

/** An operator's new secret replaces the old one immediately: connections with the old one are closed. */
export function rekey(
  domain: Domain | undefined,
  actor: Actor,
  moment: Moment,
  chosen?: string,
): Result<IssuingChange, RuleViolation> {
  if (domain === undefined) return fail("unknown");
  const notices = noticeTo(domain, domain.owner, "replaced", moment.now, { byOperator: true });
  return ok(reissue(domain, {}, "rekeyed", actor, moment, notices, chosen));
}

export function setState(
  domain: Domain | undefined,
  state: Domain["state"],
  actor: Actor,
  now: number,
): Result<KeepingChange, RuleViolation> {
  if (domain === undefined) return fail("unknown");
  const action = state === "active" ? "resumed" : "suspended";
  const notices = domain.state === state ? [] : noticeTo(domain, domain.owner, action, now, { byOperator: true });
  return ok(change(domain, { state }, action, actor, now, notices));
}

/** The operator closed its connections, which may come back. Only its history changes. */
export function disconnect(
  domain: Domain | undefined,
  actor: Actor,
  now: number,
): Result<KeepingChange, RuleViolation> {
  if (domain === undefined) return fail("unknown");
  return ok(
    change(
      domain,
      {},
      "disconnected",
      actor,
      now,
      noticeTo(domain, domain.owner, "disconnected", now, { byOperator: true }),
    ),
  );
}

export function remove(domain: Domain | undefined, actor: Actor, now: number): Result<Change, RuleViolation> {
  return domain === undefined ? fail("unknown") : ok(removal(domain, "deleted", "deleted", actor, now));
}

/**
 * The operator gives the domain to another address, with a new secret that nobody has seen.
 *
 * @param covering for an account: the domain above it. Given to that domain's owner, the account becomes part of it
 */
export function transfer(
  domain: Domain | undefined,
  { to, actor, covering }: { readonly to: string; readonly actor: Actor; readonly covering?: Domain | undefined },
  moment: Moment,
): Result<IssuingChange, RuleViolation> {
  if (domain === undefined) return fail("unknown");
  if (domain.owner === to) return fail("same");
  const { claim, owner } = domain;
  const notices = [
    ...noticeTo(domain, owner, "transferred-away", moment.now, { other: to, byOperator: true }),
    ...noticeTo(domain, to, "transferred-to", moment.now, { other: owner, byOperator: true }),
    ...(claim === undefined || claim.claimant === to
      ? []
      : noticeTo(domain, claim.claimant, "claim-ended", moment.now)),
  ];
  const given = handOver(domain, { owner: to, proof: "operator" }, "transferred", actor, moment, notices);
  const under = covering?.owner === to ? covering.heldSince : domain.under;
  return ok({ ...given, after: { ...given.after, ...(under !== undefined && { under }) } });
}
