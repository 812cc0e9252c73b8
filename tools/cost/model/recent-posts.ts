import { billFor } from "./bill.ts";
import type { Measured } from "../measured.ts";
import type { PriceList } from "./prices.ts";
import { assumptions, MONTH_HOURS, operationCounts, recordsPerMonth, usageOf, type Fleet } from "./usage.ts";

/** A way to keep recent posts. */
export interface Way {
  readonly name: string;
  /** USD a month, beside posts without any. */
  readonly usd: number;
  /** When a domain's first post is seen. */
  readonly firstPost: string;
}

/** A stream between the logs and the function, which then gets the posts of 10 s at a time. */
const stream = {
  /** Records that a shard takes in a second (Kinesis Data Streams Developer Guide, Quotas and limits). */
  shardRecords: 1_000,
  /** Posts in the busiest hour divided by the mean (docs/operate/scale.md). */
  peak: 2.8,
  windowSeconds: 10,
  /** Billed ms of a post in a batch; assumed, as those of an invocation are. */
  postMilliseconds: 1,
} as const;

/** Whether the Region has all prices to compare the ways. */
export const canCompareWays = ({ logScanGb, kinesisShardHour, kinesisPut }: PriceList): boolean =>
  [logScanGb, kinesisShardHour, kinesisPut].every((price) => price !== undefined);

/** Ways to keep recent posts, the one that is built first. Throws like billFor. */
export function waysToRecord(fleet: Fleet, measured: Measured, prices: PriceList): readonly Way[] {
  const [built, none] = [usageOf(fleet, measured), usageOf(fleet, measured, { recentPosts: false })];
  const without = billFor(none, prices).total;
  const price = (usage: typeof built) => billFor(usage, prices).total - without;
  const { recordedPost, heldPost } = operationCounts(fleet, measured);
  const units = Object.values(measured.operations.recordedPost.units).reduce((sum, { write }) => sum + write, 0);
  const records = recordsPerMonth(fleet);
  // Everything that push logs, each line once, without its share of the query time.
  const scanned = built.logGb;
  const runs = MONTH_HOURS * 60;
  const posts = recordedPost + heldPost;
  const shards = Math.ceil((posts * stream.peak) / (MONTH_HOURS * 3_600) / stream.shardRecords);
  const batches = (shards * MONTH_HOURS * 3_600) / stream.windowSeconds;
  const gigabytes = (measured.resources.memory["history"] ?? 0) / 1_024;
  const seconds = (invocations: number) => (invocations * assumptions.milliseconds.history) / 1_000;
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
      name: "subscription into a Kinesis stream, batches of 10 s",
      usd: price({
        ...built,
        kinesisShardHour: shards * MONTH_HOURS,
        kinesisPut: posts,
        lambdaRequest: built.lambdaRequest - posts + batches,
        lambdaGbSecond:
          built.lambdaGbSecond +
          (seconds(batches) - seconds(posts) + (posts * stream.postMilliseconds) / 1_000) * gigabytes,
      }),
      firstPost: "after 10 s",
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
