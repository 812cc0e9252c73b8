import { Bucket } from "../aws/bucket.ts";
import type { StageDefinition } from "./definition.ts";

/** Takes one request from the route's bucket; false if it is empty. */
export type TakeToken = (routeKey: string) => boolean;

/** A bucket per route as the stage sets it: holds `burst`, refilled at `rate` per second. */
export function createThrottles(stage: StageDefinition | undefined, now: () => number = Date.now): TakeToken {
  const buckets = new Map<string, Bucket>();
  return (routeKey) => {
    const bucket = buckets.get(routeKey) ?? new Bucket();
    buckets.set(routeKey, bucket);
    const { rate, burst } = { ...stage?.throttle, ...stage?.routeThrottles.get(routeKey) };
    return bucket.take(rate, burst, now());
  };
}
