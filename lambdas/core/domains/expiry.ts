import { change, noticeId, removal, noticeTo, type Change, type KeepingChange } from "./change.ts";
import type { Domain } from "./domain.ts";
import { CLAIM_LIFE_MS } from "./ownership.ts";

/** What time alone does to a domain. */

const DAY_MS = 24 * 60 * 60_000;
/** A registration by mail that no PBX ever used ends this long after the last thing that happened to it, in ms. */
export const UNUSED_LIFE_MS = 30 * DAY_MS;
/** Its owner hears of it so long before, in ms. */
export const NOTICE_PERIOD_MS = 7 * DAY_MS;

/** How far the mail that announced the end has come: it left at `at` (Unix ms), or its address takes none at all. */
export type Announced = { readonly mail: "sent"; readonly at: number } | { readonly mail: "suppressed" };

/** Name of that mail, of a domain whose end is announced: nothing has happened to it since. */
export const announcementOf = ({ account, version }: Pick<Domain, "account" | "version">): string =>
  noticeId(account, version, "expiry-announced", 0);

/**
 * The next step to take now, or undefined. Nothing ends unannounced: the owner has the whole notice from when the mail
 * left, and an announcement whose mail a limit or a failure kept from leaving is made once more.
 *
 * @param announced of a domain whose end is announced; undefined: its mail has not left
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
