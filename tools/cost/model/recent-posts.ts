import { billFor } from "./bill.ts";
import type { Measured } from "../measured.ts";
import type { PriceList } from "./prices.ts";
import { MONTH_HOURS, operationCounts, recordsPerMonth, usageOf, type Fleet } from "./usage.ts";

/** A way to keep recent posts. */
export interface Way {
  readonly name: string;
  /** USD a month, beside posts without any. */
  readonly usd: number;
  /** When a domain's first post is seen. */
  readonly firstPost: string;
}

/** What could keep recent posts instead, the way it is built first. Throws as billFor does. */
export function waysToRecord(fleet: Fleet, measured: Measured, prices: PriceList): readonly Way[] {
  const [built, none] = [usageOf(fleet, measured), usageOf(fleet, measured, { recentPosts: false })];
  const without = billFor(none, prices).total;
  const price = (usage: typeof built) => billFor(usage, prices).total - without;
  const { recordedPost, heldPost } = operationCounts(fleet, measured);
  const units = Object.values(measured.operations.recordedPost.units).reduce((sum, { write }) => sum + write, 0);
  const records = recordsPerMonth(fleet);
  // All that push logs, each line once; its share of the runs' time is left out.
  const scanned = built.logGb;
  const runs = MONTH_HOURS * 60;
  return [
    {
      name: "subscription, held in memory for 10 to 20 minutes (as built)",
      usd: price(built),
      firstPost: "in seconds",
    },
    {
      name: "subscription, a write for every delivery",
      usd: price({ ...built, dynamoWrite: built.dynamoWrite + heldPost * units }),
      firstPost: "in seconds",
    },
    {
      name: "query of the logs every minute",
      usd: price({
        ...none,
        logGb: built.logGb,
        logStorageGb: built.logStorageGb,
        logScanGb: scanned,
        dynamoWrite: none.dynamoWrite + Math.min(records, recordedPost) * units,
        lambdaRequest: none.lambdaRequest + 2 * runs,
      }),
      firstPost: "after up to a minute, the query and what Logs Insights lags behind: not within a minute",
    },
  ];
}
