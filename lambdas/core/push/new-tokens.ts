/**
 * How many tokens of a domain may become endpoints, which share a small quota of AWS: many when it begins, then fewer, and
 * more for who has more phones. Times in Unix ms.
 */
export interface NewTokensLimits {
  readonly newTokensPerDomainInFirstHour: number;
  readonly newTokensPerDomainPerHour: number;
}

/** What one domain made of its tokens. A token that SNS refused does not count. */
export interface EndpointsMade {
  /** When its first token became an endpoint. */
  readonly firstAt: number;
  /** Endpoints ever. */
  readonly known: number;
  /** The last hour with any, by hourOf, and how many it had. */
  readonly hour: number;
  readonly inHour: number;
}

const HOUR_MS = 3_600_000;
/** Later hours allow this share of the known tokens on top. */
const SHARE_OF_KNOWN = 1 / 10;

/** Hours are the clock's. */
export const hourOf = (now: number): number => Math.floor(now / HOUR_MS);

/** Whether another token of the domain may become an endpoint now; undefined: none is known to have. */
export function mayMakeEndpoint(made: EndpointsMade | undefined, now: number, limits: NewTokensLimits): boolean {
  if (made === undefined) return true;
  if (now - made.firstAt < HOUR_MS) return made.known < limits.newTokensPerDomainInFirstHour;
  const inHour = made.hour < hourOf(now) ? 0 : made.inHour;
  return inHour < limits.newTokensPerDomainPerHour + Math.floor(made.known * SHARE_OF_KNOWN);
}

/** With one more. */
export const oneMoreEndpoint = (made: EndpointsMade | undefined, now: number): EndpointsMade => ({
  firstAt: made?.firstAt ?? now,
  known: (made?.known ?? 0) + 1,
  hour: Math.max(made?.hour ?? 0, hourOf(now)),
  inHour: made === undefined || made.hour < hourOf(now) ? 1 : made.inHour + 1,
});
