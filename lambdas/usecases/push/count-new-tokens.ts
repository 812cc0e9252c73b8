import {
  type EndpointsMade,
  mayMakeEndpoint,
  type NewTokensLimits,
  oneMoreEndpoint,
} from "../../core/push/new-tokens.ts";
import { recent } from "../../core/shared/recent.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { NewTokens } from "../../ports/push.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** What one execution environment knows about the domains that made endpoints here. */
export interface NewTokenCount {
  /** Whether another token may become an endpoint now, by the last count. Makes no call. */
  mayMake(domain: string, now: number): boolean;
  /** One did: counts it for all execution environments, a token once in an hour. Never throws DependencyError. */
  made(domain: string, deviceKey: string, now: number, limitMs: number): Promise<void>;
}

const DOMAINS = { size: 2_000, lifeMs: 86_400_000 } as const;
const TOKENS = { size: 5_000, lifeMs: 3_600_000 } as const;

/**
 * Counts beside the Publish, in a row that all execution environments share, and decides by the last count: each of them
 * may exceed a limit by one token. A post whose token is new waits for its count as it does for its device row.
 */
export function countNewTokens(
  store: NewTokens,
  limits: NewTokensLimits,
  telemetry: Pick<Telemetry, "log">,
): NewTokenCount {
  const domains = recent<EndpointsMade>(DOMAINS.size, DOMAINS.lifeMs);
  const counted = recent<true>(TOKENS.size, TOKENS.lifeMs);

  return {
    mayMake: (domain, now) => mayMakeEndpoint(domains.get(domain, now), now, limits),
    async made(domain, deviceKey, now, limitMs) {
      if (counted.get(deviceKey, now) !== undefined) return;
      counted.set(deviceKey, true, now);
      try {
        domains.set(domain, await store.add(domain, now, limitMs), now);
      } catch (error) {
        if (!(error instanceof DependencyError)) throw error;
        telemetry.log("warn", "new token not counted", { error: error.message });
        domains.set(domain, oneMoreEndpoint(domains.get(domain, now), now), now);
      }
    },
  };
}
