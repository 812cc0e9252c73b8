import {
  change,
  creation,
  handOver,
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
import { isProvisional, type Claim, type Domain, type NameState } from "./domain.ts";
import { replace, take } from "./domains.ts";
import { showsRight } from "./proof/name-rights.ts";
import type { Visitor } from "./visitor.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/** What an owner, a successor and a claimant may do to a domain (docs/ownership.md), and how the operator decides. */

const DAY_MS = 24 * 60 * 60_000;
/** How long a new address has to confirm, in ms. */
export const MOVE_LIFE_MS = DAY_MS;
/** How long the owner may object to a claim, in ms; then the operator decides. */
export const OBJECTION_LIFE_MS = 7 * DAY_MS;
/** An undecided claim lapses after this time, in ms, so that it does not keep others out. */
export const CLAIM_LIFE_MS = 30 * DAY_MS;

export const claimOf = (domain: Domain | undefined, now: number): Claim | undefined =>
  domain?.claim !== undefined && domain.claim.madeAt + CLAIM_LIFE_MS > now ? domain.claim : undefined;

export const moveOf = (domain: Domain | undefined, now: number) =>
  domain?.move !== undefined && domain.move.expiresAt > now ? domain.move : undefined;

/** Whether an address has a part in a domain: its owner, a successor or a claimant. */
export const hasPart = (domain: Domain | undefined, emailKey: string, now: number): boolean =>
  domain !== undefined && [domain.owner, moveOf(domain, now)?.to, claimOf(domain, now)?.claimant].includes(emailKey);

/** The domain, if the visitor owns it and may act on it. */
function owned(domain: Domain | undefined, emailKey: string): Result<Domain, RuleViolation> {
  if (domain === undefined || domain.owner !== emailKey) return fail("foreign");
  return domain.state === "suspended" ? fail("suspended") : ok(domain);
}

/** @param replaces id of the current secret as the owner saw it, so that a double click issues one new secret */
export function replaceByOwner(
  { domain, secrets }: Stored,
  { emailKey }: Visitor,
  replaces: string,
  moment: Moment,
): Result<IssuingChange, RuleViolation> {
  const mine = owned(domain, emailKey);
  if (!mine.ok) return mine;
  if (secrets === undefined) return fail("nothing");
  return secrets.current.id === replaces ? ok(replace(mine.value, secrets, moment)) : fail("same");
}

/** Ends the old secret for the owner, or for an operator (without `emailKey`). */
export function endOldSecret(
  domain: Domain | undefined,
  { actor, emailKey }: { readonly actor: Actor; readonly emailKey?: string },
  now: number,
): Result<KeepingChange, RuleViolation> {
  if (domain === undefined) return fail("unknown");
  const mine = emailKey === undefined ? ok(domain) : owned(domain, emailKey);
  if (!mine.ok) return mine;
  if (domain.secrets.previous === undefined) return fail("nothing");
  const { current } = domain.secrets;
  const notices = noticeTo(domain, domain.owner, "old-secret-ended", now, { byOperator: actor !== "owner" });
  return ok(change(domain, { secrets: { current } }, "old-secret-ended", actor, now, notices));
}

/** Asks the new address; nothing else changes until it has confirmed. */
export function askMove(
  domain: Domain | undefined,
  { emailKey, language }: Visitor,
  to: string,
  now: number,
): Result<KeepingChange, RuleViolation> {
  const mine = owned(domain, emailKey);
  if (!mine.ok) return mine;
  if (to === emailKey) return fail("same");
  const expiresAt = now + MOVE_LIFE_MS;
  const reads = language ?? mine.value.language;
  const move = { to, expiresAt, ...(reads && { language: reads }) };
  const notices = noticeTo(mine.value, to, "address-asked", now, {
    other: emailKey,
    until: expiresAt,
    language: reads,
  });
  return ok(change(mine.value, { move }, "move-asked", "owner", now, notices));
}

export function cancelMove(
  domain: Domain | undefined,
  { emailKey }: Visitor,
  now: number,
): Result<KeepingChange, RuleViolation> {
  const mine = owned(domain, emailKey);
  if (!mine.ok) return mine;
  if (mine.value.move === undefined) return fail("nothing");
  return ok(change(mine.value, { move: undefined }, "move-cancelled", "owner", now));
}

/** The new address confirms what the old one asked for. The secret stays. */
export function confirmMove(
  domain: Domain | undefined,
  visitor: Visitor,
  now: number,
): Result<KeepingChange, RuleViolation> {
  const move = moveOf(domain, now);
  if (domain === undefined || move?.to !== visitor.emailKey) return fail("foreign");
  if (domain.state === "suspended") return fail("suspended");
  const { claim, proof } = domain;
  // The old address's right does not carry over: an unrelated new address makes the domain provisional.
  const shown: Domain["proof"] = showsRight(move.to, domain.account) ? "address" : undefined;
  const language = visitor.language ?? move.language;
  const notices = [
    ...noticeTo(domain, domain.owner, "address-changed", now, { other: move.to }),
    ...noticeTo(domain, move.to, "address-taken", now, { other: domain.owner, language }),
  ];
  const kept = proof === "dns" || proof === "operator" ? proof : shown;
  const changed = {
    owner: move.to,
    ownerSince: now,
    proof: kept,
    language,
    move: undefined,
    claim: claim?.claimant === move.to ? undefined : claim,
  };
  return ok(change(domain, changed, "moved", "owner", now, notices));
}

/** The owner deletes the registration. Not while a claim is open: registering again would get rid of the claim. */
export function release(domain: Domain | undefined, { emailKey }: Visitor, now: number): Result<Change, RuleViolation> {
  const mine = owned(domain, emailKey);
  if (!mine.ok) return mine;
  return claimOf(mine.value, now) === undefined
    ? ok(removal(mine.value, "released", "released", "owner", now))
    : fail("claimed");
}

/** What a proof by DNS leads to; a claim that is already open leads to no change. */
export type ProofOutcome =
  | { readonly kind: "proven"; readonly change: KeepingChange }
  | { readonly kind: "taken"; readonly change: IssuingChange }
  | { readonly kind: "claimed"; readonly claim: Claim; readonly change: KeepingChange | undefined };

/**
 * The visitor controls the domain's DNS: a provisional domain becomes theirs immediately, any other is claimed. A name
 * under which the operator has only accounts is claimed too: the claim creates its domain, with a secret that nobody
 * has seen.
 *
 * @param value text of the TXT record that proves it
 */
export function prove(
  { domain, held = false }: NameState,
  visitor: Visitor,
  value: string,
  moment: Moment,
): Result<ProofOutcome, RuleViolation> {
  if (domain === undefined) return held ? ok(claimHeld(visitor, value, moment)) : fail("unknown");
  const { emailKey, language } = visitor;
  const { now } = moment;
  if (domain.state === "suspended") return fail("suspended");
  if (domain.owner === emailKey) return proveOwn(domain, now);
  if (isProvisional(domain))
    return ok({ kind: "taken", change: take(domain, { claimant: emailKey, language }, "dns", moment) });
  const standing = claimOf(domain, now);
  if (standing?.claimant === emailKey) return ok({ kind: "claimed", claim: standing, change: undefined });
  return standing === undefined ? ok(makeClaim(domain, visitor, value, now)) : fail("claimed");
}

function claimHeld(visitor: Visitor, value: string, moment: Moment): ProofOutcome {
  const { account } = visitor;
  const made = creation(undefined, { account, origin: "operator" }, "claimed", "claimant", moment);
  const { claim, change: claimed } = makeClaim(made.after, visitor, value, moment.now);
  const after = { ...claimed.after, version: made.after.version };
  return { kind: "claimed", claim, change: { ...claimed, before: undefined, after, secrets: made.secrets } };
}

function proveOwn(domain: Domain, now: number): Result<ProofOutcome, RuleViolation> {
  if (domain.proof === "dns") return fail("same");
  const notices = noticeTo(domain, domain.owner, "proven", now);
  return ok({ kind: "proven", change: change(domain, { proof: "dns" }, "proven", "owner", now, notices) });
}

function makeClaim(
  domain: Domain,
  { emailKey: claimant, language }: Visitor,
  value: string,
  now: number,
): { readonly kind: "claimed"; readonly claim: Claim; readonly change: KeepingChange } {
  const objectUntil = now + OBJECTION_LIFE_MS;
  const claim = { claimant, madeAt: now, objectUntil, value, ...(language && { language }) };
  const notices = [
    ...noticeTo(domain, domain.owner, "claimed", now, { other: claimant, until: objectUntil }),
    ...noticeTo(domain, claimant, "claim-made", now, { until: objectUntil, language }),
  ];
  return { kind: "claimed", claim, change: change(domain, { claim }, "claimed", "claimant", now, notices) };
}

/** The owner, or an operator (without `emailKey`), objects to a claim. */
export function object(
  domain: Domain | undefined,
  { actor, emailKey }: { readonly actor: Actor; readonly emailKey?: string },
  now: number,
): Result<KeepingChange, RuleViolation> {
  const claim = claimOf(domain, now);
  if (domain === undefined) return fail("unknown");
  if (emailKey !== undefined && domain.owner !== emailKey) return fail("foreign");
  if (claim === undefined) return fail("nothing");
  if (claim.objectedAt !== undefined) return fail("same");
  const notices = [
    ...noticeTo(domain, domain.owner, "objected", now, { other: claim.claimant, byOperator: actor !== "owner" }),
    ...noticeTo(domain, claim.claimant, "claim-objected", now),
  ];
  return ok(change(domain, { claim: { ...claim, objectedAt: now } }, "objected", actor, now, notices));
}

/** The operator gives the domain to the claimant, after the owner has objected or the time for it has passed. */
export function grant(domain: Domain | undefined, actor: Actor, moment: Moment): Result<IssuingChange, RuleViolation> {
  const { now } = moment;
  const claim = claimOf(domain, now);
  if (domain === undefined) return fail("unknown");
  if (claim === undefined) return fail("nothing");
  if (claim.objectedAt === undefined && claim.objectUntil > now) return fail("early");
  const { claimant, language } = claim;
  const notices = [
    ...noticeTo(domain, domain.owner, "claim-lost", now, { other: claimant, byOperator: true }),
    ...noticeTo(domain, claimant, "claim-granted", now, { other: domain.owner, byOperator: true }),
  ];
  return ok(handOver(domain, { owner: claimant, language, proof: "dns" }, "claim-granted", actor, moment, notices));
}

export function deny(domain: Domain | undefined, actor: Actor, now: number): Result<KeepingChange, RuleViolation> {
  if (domain === undefined) return fail("unknown");
  const { claim } = domain;
  if (claim === undefined) return fail("nothing");
  const notices = [
    ...noticeTo(domain, domain.owner, "claim-fended", now, { other: claim.claimant, byOperator: true }),
    ...noticeTo(domain, claim.claimant, "claim-denied", now, { byOperator: true }),
  ];
  return ok(change(domain, { claim: undefined }, "claim-denied", actor, now, notices));
}
