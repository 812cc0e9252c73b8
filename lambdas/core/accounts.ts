import { removal, type Action, type Actor, type Change, type Refusal } from "./change.ts";
import type { Domain } from "./domain.ts";
import { fail, ok, type Result } from "./result.ts";

/**
 * Accounts with a secret of their own under a domain (`pbx.example.com/slave`). They are the domain's: when it ends or
 * somebody else gets it, they end, or their secrets would go on counting in the hands of whoever had the domain before.
 */

const ENDING: ReadonlySet<string> = new Set([
  "taken",
  "claim-granted",
  "transferred",
  "released",
  "deleted",
  "expired",
] satisfies Action[]);

/** What a domain's history tells of one step. */
export interface Told {
  readonly at: number;
  readonly action: string;
  readonly actor: string;
}

/** The last step that ended a domain or gave it to somebody else; a change of address by its owner gives all of it away. */
export const lastEnd = <T extends Told>(newestFirst: readonly T[]): T | undefined =>
  newestFirst.find(({ action }) => ENDING.has(action));

/** The account ends with its domain. One that was set up since stays. */
export function endWithDomain(account: Domain | undefined, end: Told, now: number): Result<Change, Refusal> {
  if (account === undefined) return fail("unknown");
  if (account.createdAt > end.at) return fail("nothing");
  return ok(removal(account, "account-ended", "deleted", end.actor as Actor, now));
}
