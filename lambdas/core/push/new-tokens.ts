/**
 * How many tokens of a domain may become endpoints, which share a small AWS quota: many in its first hour, then fewer,
 * and more for a domain with more phones. Times in Unix ms.
 */
export interface NewTokensLimits {
  readonly newTokensPerDomainInFirstHour: number;
  readonly newTokensPerDomainPerHour: number;
}

/** How many of a domain's tokens became endpoints. A token that SNS refused does not count. */
export interface EndpointsMade {
  /** When its first token became an endpoint. */
  readonly firstAt: number;
  /** Endpoints so far. */
  readonly known: number;
  /** The last hour (hourOf) with any, and how many it had. */
  readonly hour: number;
  readonly inHour: number;
}

const HOUR_MS = 3_600_000;
/** Later hours also allow this share of the known tokens. */
const SHARE_OF_KNOWN = 1 / 10;

/** Clock hours since 1970. */
export const hourOf = (now: number): number => Math.floor(now / HOUR_MS);

/** Whether another token of the domain may become an endpoint now; undefined: none has so far. */
export function mayMakeEndpoint(made: EndpointsMade | undefined, now: number, limits: NewTokensLimits): boolean {
  if (made === undefined) return true;
  if (now - made.firstAt < HOUR_MS) return made.known < limits.newTokensPerDomainInFirstHour;
  const inHour = made.hour < hourOf(now) ? 0 : made.inHour;
  return inHour < limits.newTokensPerDomainPerHour + Math.floor(made.known * SHARE_OF_KNOWN);
}

export const oneMoreEndpoint = (made: EndpointsMade | undefined, now: number): EndpointsMade => ({
  firstAt: made?.firstAt ?? now,
  known: (made?.known ?? 0) + 1,
  hour: Math.max(made?.hour ?? 0, hourOf(now)),
  inHour: made === undefined || made.hour < hourOf(now) ? 1 : made.inHour + 1,
});
