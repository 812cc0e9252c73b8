import type { StageDefinition, Throttle } from "./definition.ts";

/** Takes one request of a route out of its bucket; false if there is none left. */
export type TakeToken = (routeKey: string) => boolean;

/** A token bucket per route, as the stage sets them: `burst` deep, filled at `rate` per second. */
export function createThrottles(stage: StageDefinition | undefined, now: () => number = Date.now): TakeToken {
  const buckets = new Map<string, () => boolean>();
  return (routeKey) => {
    const known = buckets.get(routeKey);
    if (known !== undefined) return known();
    const take = bucket({ ...stage?.throttle, ...stage?.routeThrottles.get(routeKey) }, now);
    buckets.set(routeKey, take);
    return take();
  };
}

function bucket({ rate, burst = rate }: Throttle, now: () => number): () => boolean {
  if (rate === undefined || burst === undefined) return () => true;
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + (Math.max(0, at - filledAt) / 1000) * rate);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
