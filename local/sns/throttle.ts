import type { Throttle } from "./types.ts";

/** A bucket that holds one second's worth of calls and fills evenly. */
export class Bucket {
  #tokens: number | undefined;
  #filledAt = 0;

  /** Takes one call out; false if there is none left. `rate` in calls/s, undefined is unlimited; `now` in Unix ms. */
  take(rate: number | undefined, now: number): boolean {
    if (rate === undefined) return true;
    if (rate <= 0) return false;
    const size = Math.max(rate, 1);
    const gained = (Math.max(0, now - this.#filledAt) / 1000) * rate;
    const tokens = Math.min(size, (this.#tokens ?? size) + gained);
    this.#filledAt = now;
    this.#tokens = tokens >= 1 ? tokens - 1 : tokens;
    return tokens >= 1;
  }
}

/** The quota that an action draws from; the others are not limited here. */
export function quotaOf(action: string): keyof Throttle | undefined {
  if (action === "Publish") return "publish";
  return /^(?:CreatePlatformEndpoint|DeleteEndpoint|[GS]etEndpointAttributes)$/u.test(action) ? "endpoints" : undefined;
}
