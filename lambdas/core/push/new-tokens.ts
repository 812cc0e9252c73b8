import { recent } from "../shared/recent.ts";

/**
 * How many tokens of a domain may become endpoints, which share a small quota of AWS: many when it begins, then fewer, and
 * more for who has more phones. Counts what one execution environment made of each domain; time is passed in.
 */
export interface NewTokens {
  /** Whether another token may become an endpoint now. */
  mayMake(domain: string, now: number): boolean;
  /** One did; the same token counts once in an hour. A token that SNS refused does not count. */
  made(domain: string, deviceKey: string, now: number): void;
}

export interface NewTokensLimits {
  readonly newTokensPerDomainInFirstHour: number;
  readonly newTokensPerDomainPerHour: number;
}

const HOUR_MS = 3_600_000;
/** Later hours allow this share of the known tokens on top. */
const SHARE_OF_KNOWN = 1 / 10;
const DOMAINS = 2_000;
const MEMORY_MS = 7 * 24 * HOUR_MS;

interface Made {
  readonly firstAt: number;
  hourFrom: number;
  readonly inHour: Set<string>;
  known: number;
}

export function newTokens(limits: NewTokensLimits): NewTokens {
  const domains = recent<Made>(DOMAINS, MEMORY_MS);

  function current(domain: string, now: number): Made | undefined {
    const made = domains.get(domain, now);
    if (made !== undefined && now - made.hourFrom >= HOUR_MS) {
      made.hourFrom = now;
      made.inHour.clear();
    }
    return made;
  }

  return {
    mayMake(domain, now) {
      const made = current(domain, now);
      if (made === undefined) return true;
      const isFirstHour = now - made.firstAt < HOUR_MS;
      const allowed = isFirstHour
        ? limits.newTokensPerDomainInFirstHour
        : limits.newTokensPerDomainPerHour + Math.floor(made.known * SHARE_OF_KNOWN);
      return made.inHour.size < allowed;
    },
    made(domain, deviceKey, now) {
      const made = current(domain, now) ?? { firstAt: now, hourFrom: now, inHour: new Set<string>(), known: 0 };
      if (!made.inHour.has(deviceKey)) made.known += 1;
      made.inHour.add(deviceKey);
      domains.set(domain, made, now);
    },
  };
}
