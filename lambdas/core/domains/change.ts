import type { Domain } from "./domain.ts";
import type { Language } from "../shared/language.ts";
import type { Notice, NoticeKind } from "./notice.ts";
import { olderOf, type AccountSecrets } from "../pbx/secret.ts";
import { issueSecret, marksOf } from "./secrets.ts";

export type Action =
  | "registered"
  | "joined"
  | "taken"
  | "proven"
  | "replaced"
  | "old-secret-ended"
  | "move-asked"
  | "move-cancelled"
  | "moved"
  | "released"
  | "claimed"
  | "objected"
  | "claim-granted"
  | "claim-denied"
  | "claim-lapsed"
  | "expiry-announced"
  | "expired"
  | "added"
  | "rekeyed"
  | "suspended"
  | "resumed"
  | "disconnected"
  | "transferred"
  | "deleted"
  | "account-ended";

/**
 * Who did something: an owner or claimant through a link in an email; time by passing; an operator, named by ARN or as
 * in the console (core/admin/person.ts).
 */
export type Actor = "owner" | "claimant" | "time" | `operator ${string}`;

/** One step in a domain's life, stored completely or not at all. */
export interface Change {
  readonly account: string;
  /** Undefined: there was none. */
  readonly before: Domain | undefined;
  /** Undefined: it is deleted, with its secrets. */
  readonly after: Domain | undefined;
  /** New secrets. Undefined: the stored ones stay if the domain keeps their marks. */
  readonly secrets: AccountSecrets | undefined;
  readonly action: Action;
  readonly actor: Actor;
  /** Email key of who did it, where the domain itself does not say (core/domains/audit.ts). */
  readonly by?: string;
  readonly at: number;
  /** Emails to the people concerned. */
  readonly notices: readonly Notice[];
}

/** A change after which the domain exists. */
export type KeepingChange = Change & { readonly after: Domain };
/** A change that issues a secret, to be shown once. */
export type IssuingChange = KeepingChange & { readonly secrets: AccountSecrets };

/**
 * - `exists`, `unknown`: there is one already, there is none · `foreign`: it is someone else's
 * - `suspended`: by the operator · `claimed`: by another claimant · `nothing`: no such claim, move or old secret
 * - `same`: nothing would change · `early`: the owner may still object · `unproven`: the claimant's record is not there
 */
export type RuleViolation =
  | "exists"
  | "unknown"
  | "foreign"
  | "suspended"
  | "claimed"
  | "nothing"
  | "same"
  | "early"
  | "unproven";

/** What a decision needs from outside: the time, and random bytes for a secret that it may issue. */
export interface Moment {
  readonly now: number;
  /** SECRET_BYTES random bytes. */
  readonly bytes: Uint8Array;
}

/** What is stored for an account. */
export interface Stored {
  readonly domain: Domain | undefined;
  readonly secrets: AccountSecrets | undefined;
}

const nextVersion = (before: Domain | undefined, now: number) => Math.max(now, (before?.version ?? 0) + 1);

/** @param version of the domain after the change @param index of the notice among those of the change */
export const noticeId = (account: string, version: number, action: Action, index: number): string =>
  `${account}#${version}#${action}#${index}`;

/** The notices of a change with their ids, which are equal for all who try the same step from the same version. */
export const named = ({ account, before, at, action, notices }: Change): readonly (readonly [id: string, Notice])[] =>
  notices.map((notice, index) => [noticeId(account, nextVersion(before, at), action, index), notice]);

/** Language of a reader: the owner, the successor or the claimant. */
function languageOf({ owner, language, move, claim }: Domain, reader: string): Language | undefined {
  if (reader === owner) return language;
  return reader === move?.to ? move?.language : reader === claim?.claimant ? claim?.language : undefined;
}

/** A notice to someone; none without an address. */
export function noticeTo(
  domain: Domain,
  to: string | undefined,
  kind: NoticeKind,
  at: number,
  {
    other,
    until,
    source,
    byOperator,
    language,
  }: { readonly [Member in keyof Notice]?: Notice[Member] | undefined } = {},
): readonly Notice[] {
  if (to === undefined) return [];
  const reads = language ?? languageOf(domain, to);
  return [
    {
      kind,
      account: domain.account,
      to,
      at,
      ...(reads && { language: reads }),
      ...(other !== undefined && { other }),
      ...(until !== undefined && { until }),
      ...(source !== undefined && { source }),
      ...(byOperator && { byOperator }),
    },
  ];
}

type Changed = { readonly [Member in keyof Domain]?: Domain[Member] | undefined };

/**
 * A step after which the domain still exists. Members set to undefined are removed. An announced expiry is cancelled,
 * as something has now happened to the domain.
 */
export function change(
  before: Domain,
  changed: Changed,
  action: Action,
  actor: Actor,
  at: number,
  notices: readonly Notice[] = [],
): KeepingChange {
  const changes = { endsAt: undefined, ...changed, changedAt: at, version: nextVersion(before, at) };
  const after = Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined),
  );
  return {
    account: before.account,
    before,
    after: after as unknown as Domain,
    secrets: undefined,
    action,
    actor,
    at,
    notices,
  };
}

/** Whether the older secrets end without a new one being issued. */
export const endsOldSecrets = ({ before, after, secrets }: Change): boolean =>
  secrets === undefined &&
  before?.secrets.previous !== undefined &&
  after !== undefined &&
  after.secrets.previous === undefined;

/** Whether some logins that were allowed no longer are. */
export function endsLogins({ account, before, after }: Change): boolean {
  if (after === undefined) return true;
  // A new account's own secret replaces that of the domain that covered it.
  if (before === undefined) return account.includes("/");
  const idsOf = ({ secrets }: Domain) => [secrets.current, ...olderOf(secrets)].map(({ id }) => id);
  const left = idsOf(after);
  return (
    (after.state === "suspended" && before.state !== "suspended") || idsOf(before).some((id) => !left.includes(id))
  );
}

/** Deletes the domain with its secrets, move and claim. */
export function removal(domain: Domain, action: Action, kind: NoticeKind, actor: Actor, at: number): Change {
  const { account, owner, claim } = domain;
  const notices = [
    ...noticeTo(domain, owner, kind, at, actor.startsWith("operator") ? { byOperator: true } : {}),
    ...noticeTo(domain, claim?.claimant, "claim-ended", at),
  ];
  return { account, before: domain, after: undefined, secrets: undefined, action, actor, at, notices };
}

/** A new owner with a new secret, the only valid one: the former owner knows none that works. */
export function handOver(
  domain: Domain,
  {
    owner,
    proof,
    language,
  }: { readonly owner: string; readonly proof: Domain["proof"]; readonly language?: Language | undefined },
  action: Action,
  actor: Actor,
  moment: Moment,
  notices: readonly Notice[],
): IssuingChange {
  const heldSince = nextVersion(domain, moment.now);
  const changed = { owner, proof, language, heldSince, move: undefined, claim: undefined, firstLoginAt: undefined };
  return reissue(domain, changed, action, actor, moment, notices);
}

/** A new secret that replaces the old one immediately. */
export function reissue(
  domain: Domain,
  changed: Changed,
  action: Action,
  actor: Actor,
  { bytes, now }: Moment,
  notices: readonly Notice[],
  chosen?: string,
): IssuingChange {
  const secrets = { current: issueSecret(bytes, now, chosen) };
  return { ...change(domain, { ...changed, secrets: marksOf(secrets) }, action, actor, now, notices), secrets };
}

/** Creates a domain; `before` is one that had lost its secrets. */
export function creation(
  before: Domain | undefined,
  made: Pick<Domain, "account" | "origin" | "owner" | "proof" | "language" | "under">,
  action: Action,
  actor: Actor,
  { bytes, now }: Moment,
  chosen?: string,
): IssuingChange {
  const secrets = { current: issueSecret(bytes, now, chosen) };
  const version = nextVersion(before, now);
  const times = { createdAt: now, changedAt: now, version, heldSince: version };
  const after: Domain = { ...made, state: "active", secrets: marksOf(secrets), ...times };
  return { account: made.account, before, after, secrets, action, actor, at: now, notices: [] };
}
