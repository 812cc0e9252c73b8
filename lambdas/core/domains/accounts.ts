import type { AuditEntry } from "./audit.ts";
import { removal, type Action, type Actor, type Change, type RuleViolation } from "./change.ts";
import type { Domain } from "./domain.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/**
 * Accounts with a secret of their own under a domain (`pbx.example.com/slave`). They are deleted with their domain and
 * when it changes hands, so that a former owner's secrets stop working.
 */

const ENDING: ReadonlySet<string> = new Set([
  "taken",
  "claim-granted",
  "transferred",
  "released",
  "deleted",
  "expired",
] satisfies Action[]);

/** The last step that ended a domain or gave it to somebody else; a change of address by its owner gives all of it away. */
export const lastEnd = (newestFirst: readonly AuditEntry[]): AuditEntry | undefined =>
  newestFirst.find(({ action }) => ENDING.has(action));

/** Whether the domain is no longer in the hands that it was in when the account was set up. */
export function hasOutlived({ under, createdAt }: Domain, domain: Domain | undefined, end: AuditEntry): boolean {
  // By holding, not by time: a step may be stored after one that was begun later.
  return under === undefined ? createdAt <= end.at : under !== domain?.heldSince;
}

/** The account ends with its domain. One that was set up since stays. */
export function endWithDomain(
  account: Domain | undefined,
  domain: Domain | undefined,
  end: AuditEntry,
  now: number,
): Result<Change, RuleViolation> {
  if (account === undefined) return fail("unknown");
  if (!hasOutlived(account, domain, end)) return fail("nothing");
  const { actor, by } = end;
  return ok({ ...removal(account, "account-ended", "deleted", actor as Actor, now), ...(by !== undefined && { by }) });
}
