import type { AuditEntry } from "./audit.ts";
import { removal, type Action, type Actor, type Change, type RuleViolation } from "./change.ts";
import type { Domain } from "./domain.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/**
 * Accounts with a secret of their own under a domain (`pbx.example.com/slave`). Those set up while it was registered
 * are part of it: they are deleted when it ends or changes hands, so that a former owner's secrets stop working. Those
 * set up while it was not registered stay the operator's until the operator gives them to the domain's owner.
 */

export const isOperators = ({ account, under }: Domain): boolean => account.includes("/") && under === undefined;

/** Whether an account is part of the domain's present holding, and so shown to its owner. */
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

/** The last step that ended a domain or gave it to someone else. A change of address is not one: accounts go along. */
export const lastEnd = (newestFirst: readonly AuditEntry[]): AuditEntry | undefined =>
  newestFirst.find(({ action }) => ENDING.has(action));

/** Whether the domain has ended or changed hands since the account was set up. */
export function hasOutlived({ under }: Domain, domain: Domain | undefined): boolean {
  // Compares holdings, not times: steps may be stored in another order than they began.
  return under !== undefined && under !== domain?.heldSince;
}

/** Deletes an account that has outlived its domain; one set up since then stays. */
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
