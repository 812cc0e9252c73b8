/**
 * The circuit breaker of one app: wrong credentials disable every endpoint they touch (docs/sns.md, rule 14), so mass
 * disabling says nothing about the tokens. Times in Unix ms.
 */
export interface Breaker {
  readonly openedAt: number;
  readonly openUntil: number;
}

/** A breaker stays open this long, in ms. */
const OPEN_MS = 600_000; // 10 minutes
/**
 * Marks from up to this long before it opened, in ms, may have the same cause: counting takes time, events are late.
 */
const LEAD_MS = 300_000; // 5 minutes
const DAY_MS = 86_400_000;

export const isOpen = (breaker: Breaker | undefined, now: number): boolean =>
  breaker !== undefined && breaker.openUntil > now;

/** A breaker that opens again within a day keeps its first opening time: marks from then still count for a day. */
export const opened = (before: Breaker | undefined, now: number): Breaker => ({
  openedAt: before !== undefined && now - before.openUntil < DAY_MS ? before.openedAt : now,
  openUntil: now + OPEN_MS,
});

/** Whether a token was marked gone for a reason of its own. */
export const isBelieved = (goneAt: number, breaker: Breaker | undefined): boolean =>
  breaker === undefined || goneAt < breaker.openedAt - LEAD_MS || goneAt > breaker.openUntil;
