import type { AuditEntry } from "./audit.ts";
import { removal, type Action, type Actor, type Change, type RuleViolation } from "./change.ts";
import type { Domain } from "./domain.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/**
 * Accounts with a secret of their own under a domain (`pbx.example.com/slave`). Those set up while it was registered are
 * part of it: deleted with it and when it changes hands, so that a former owner's secrets stop working. Those set up while
 * nobody had the name stay the operator's when someone gets the domain, until the operator gives them to its owner.
 */

export const isOperators = ({ account, under }: Domain): boolean => account.includes("/") && under === undefined;

/** Whether an account is part of a domain as it is held now: its owner sees it. */
export const isPartOf = ({ under }: Domain, { heldSince }: Domain): boolean =>
  under !== undefined && under === heldSince;

const ENDING: ReadonlySet<string> = new Set([
  "taken",
  "claim-granted",
  "transferred",
  "released",
  "deleted",
  "expired",
] satisfies Action[]);

/** The last step that ended a domain or gave it to someone else; a change of address by its owner gives all of it away. */
export const lastEnd = (newestFirst: readonly AuditEntry[]): AuditEntry | undefined =>
  newestFirst.find(({ action }) => ENDING.has(action));

/** Whether the domain is no longer in the hands that it was in when the account was set up. */
export function hasOutlived({ under }: Domain, domain: Domain | undefined): boolean {
  // By holding, not by time: a step may be stored after one that was begun later.
  return under !== undefined && under !== domain?.heldSince;
}

/** The account ends with its domain. One that was set up since stays. */
export function endWithDomain(
  account: Domain | undefined,
  domain: Domain | undefined,
  end: AuditEntry,
  now: number,
): Result<Change, RuleViolation> {
  if (account === undefined) return fail("unknown");
  if (!hasOutlived(account, domain)) return fail("nothing");
  const { actor, by } = end;
  return ok({ ...removal(account, "account-ended", "deleted", actor as Actor, now), ...(by !== undefined && { by }) });
}
