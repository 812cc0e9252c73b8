import { change, noticeId, removal, noticeTo, type Change, type KeepingChange } from "./change.ts";
import type { Domain } from "./domain.ts";
import { CLAIM_LIFE_MS } from "./ownership.ts";

/** What time alone does to a domain. */

const DAY_MS = 24 * 60 * 60_000;
/** A registration by email that no PBX has used ends this long after its last change, in ms. */
export const UNUSED_LIFE_MS = 30 * DAY_MS;
/** Its owner is notified this long before, in ms. */
export const NOTICE_PERIOD_MS = 7 * DAY_MS;

/** What became of the email that announced the end: sent at `at` (Unix ms), or its address is suppressed. */
export type Announced = { readonly mail: "sent"; readonly at: number } | { readonly mail: "suppressed" };

/** Id of that notice: the domain has not changed since the announcement. */
export const announcementOf = ({ account, version }: Pick<Domain, "account" | "version">): string =>
  noticeId(account, version, "expiry-announced", 0);

/**
 * The step to take now, or undefined. Nothing ends unannounced: the notice period starts when the email was sent, and
 * an announcement whose email was held back by a limit or a failure is repeated.
 *
 * @param announced for a domain whose end is announced; undefined: the email has not been sent
 */
export function overdue(domain: Domain, now: number, announced?: Announced): Change | undefined {
  const { claim, origin, state, firstLoginAt, endsAt, changedAt } = domain;
  if (claim !== undefined && claim.madeAt + CLAIM_LIFE_MS <= now) return lapse(domain, now);
  if (origin !== "mail" || state !== "active" || firstLoginAt !== undefined || claim !== undefined) return undefined;
  if (endsAt === undefined)
    return changedAt + UNUSED_LIFE_MS - NOTICE_PERIOD_MS <= now ? announce(domain, now) : undefined;
  if (endsAt > now) return undefined;
  if (announced === undefined) return announce(domain, now);
  const hasHadNotice = announced.mail === "suppressed" || announced.at + NOTICE_PERIOD_MS <= now;
  return hasHadNotice ? removal(domain, "expired", "expired", "time", now) : undefined;
}

function lapse(domain: Domain, now: number): KeepingChange {
  const claimant = domain.claim?.claimant;
  const notices = [
    ...noticeTo(domain, domain.owner, "claim-lapsed", now, { other: claimant }),
    ...noticeTo(domain, claimant, "claim-ended", now),
  ];
  return change(domain, { claim: undefined }, "claim-lapsed", "time", now, notices);
}

function announce(domain: Domain, now: number): KeepingChange {
  const endsAt = now + NOTICE_PERIOD_MS;
  const notices = noticeTo(domain, domain.owner, "expiring", now, { until: endsAt });
  return change(domain, { endsAt }, "expiry-announced", "time", now, notices);
}
