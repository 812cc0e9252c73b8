import type { Change } from "./change.ts";

/** Who did what when to a domain. Addresses are email keys: they are stored in the table, never in logs. */
export interface AuditEntry {
  /** Unix ms. */
  readonly at: number;
  readonly action: string;
  readonly actor: string;
  /** Email key of the owner or claimant who did it; an operator is named in `actor`. */
  readonly by?: string;
  /** The owner before and after, where they differ. */
  readonly from?: string;
  readonly to?: string;
  /** The other address involved: the successor's or the claimant's. */
  readonly other?: string;
  /** Further details, in our own words. */
  readonly detail?: string;
}

/** A move is confirmed by the new owner; any other step is taken by the owner before it. */
function byOf({ before, after, action, actor, by }: Change): string | undefined {
  if (by !== undefined) return by;
  if (actor === "claimant") return after?.claim?.claimant ?? after?.owner;
  if (actor !== "owner") return undefined;
  return action === "moved" ? after?.owner : (before?.owner ?? after?.owner);
}

function otherOf({ before, after, action }: Change): string | undefined {
  if (action === "move-asked") return after?.move?.to;
  if (action === "move-cancelled") return before?.move?.to;
  const settled = ["objected", "claim-denied", "claim-lapsed"].includes(action);
  return settled ? before?.claim?.claimant : undefined;
}

/** The entry that is stored with a change. */
export function entryOf(change: Change): AuditEntry {
  const { at, action, actor, before, after } = change;
  const [by, other, from, to] = [byOf(change), otherOf(change), before?.owner, after?.owner];
  return {
    at,
    action,
    actor,
    ...(by !== undefined && { by }),
    ...(from !== to && { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }),
    ...(other !== undefined && { other }),
  };
}
