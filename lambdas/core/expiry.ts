import { change, removal, tell, type Change, type Writing } from "./change.ts";
import type { Domain } from "./domain.ts";
import { CLAIM_LIFE } from "./ownership.ts";

/** What time alone does to a domain. */

const DAY = 24 * 60 * 60_000;
/** A registration by mail that no PBX ever used ends this long after the last thing that happened to it, in ms. */
export const UNUSED_LIFE = 30 * DAY;
/** Its owner hears of it so long before, in ms. */
export const NOTICE_PERIOD = 7 * DAY;

/** The next step that is due, or undefined. */
export function overdue(domain: Domain, now: number): Change | undefined {
  const { claim, origin, state, firstLoginAt, endsAt, changedAt } = domain;
  if (claim !== undefined && claim.madeAt + CLAIM_LIFE <= now) return lapse(domain, now);
  if (origin !== "mail" || state !== "active" || firstLoginAt !== undefined || claim !== undefined) return undefined;
  if (endsAt !== undefined) return endsAt <= now ? removal(domain, "expired", "expired", "time", now) : undefined;
  return changedAt + UNUSED_LIFE - NOTICE_PERIOD <= now ? announce(domain, now) : undefined;
}

function lapse(domain: Domain, now: number): Writing {
  const claimant = domain.claim?.claimant;
  const told = [
    ...tell(domain, domain.owner, "claim-lapsed", now, { other: claimant }),
    ...tell(domain, claimant, "claim-ended", now),
  ];
  return change(domain, { claim: undefined }, "claim-lapsed", "time", now, told);
}

function announce(domain: Domain, now: number): Writing {
  const endsAt = now + NOTICE_PERIOD;
  const told = tell(domain, domain.owner, "expiring", now, { until: endsAt });
  return change(domain, { endsAt }, "expiry-announced", "time", now, told);
}
