import { billFor, unpriced, type Bill } from "./bill.ts";
import { containerUsage } from "./container.ts";
import type { Measured } from "../measured.ts";
import type { PriceList } from "./prices.ts";
import { usageOf, type Fleet, type Tuning, type Usage } from "./usage.ts";

export interface Lever {
  readonly name: string;
  /** USD a month; negative if it costs more. */
  readonly saves: number;
}

/** What possible changes would save, largest first, and what KeepAlive by MOCK already saves. */
export function levers(fleet: Fleet, measured: Measured, prices: PriceList): readonly Lever[] {
  const total = (other: Fleet, tuning: Tuning = {}) => billFor(usageOf(other, measured, tuning), prices).total;
  const now = total(fleet);
  const lever = (name: string, after: number): Lever => ({ name, saves: now - after });
  const doubled = fleet.keepAliveSeconds * 2;
  const slower = { ...fleet, keepAliveSeconds: doubled };
  const halfMemory = (measured.resources.memory["push"] ?? 0) / 2;
  return [
    lever(
      fleet.keepAlive === "mock" ? 'KeepAlive by Lambda instead of MOCK (keepAlive: "lambda")' : "KeepAlive by MOCK",
      total({ ...fleet, keepAlive: fleet.keepAlive === "mock" ? "lambda" : "mock" }),
    ),
    // API Gateway closes a connection that is idle for 10 minutes.
    ...(doubled < 600 ? [lever(`KeepAlive every ${doubled} s (the PBX's firmware decides)`, total(slower))] : []),
    lever("Lambda's own START, END and REPORT lines off (JSON logs, level WARN)", total(fleet, { platformLog: false })),
    lever("No log lines about successes; metrics stay", total(fleet, { logLines: false })),
    lever("Push function with half the memory, if it takes no longer", total(fleet, { pushMemory: halfMemory })),
    lever("No recent posts (recentPosts: false)", total(fleet, { recentPosts: false })),
    ...containerLever(fleet, measured, prices, now),
  ].sort((a, b) => b.saves - a.saves);
}

function containerLever(fleet: Fleet, measured: Measured, prices: PriceList, now: number): Lever[] {
  const bill = containerBill(fleet, measured, prices);
  const name = "A container host for the sockets (Fargate and a load balancer)";
  return bill === undefined ? [] : [{ name, saves: now - bill.total }];
}

const billIfPriced = (usage: Usage, prices: PriceList): Bill | undefined =>
  unpriced(usage, prices).length > 0 ? undefined : billFor(usage, prices);

/** Undefined if the Region has no price for a container or its load balancer. */
export const containerBill = (fleet: Fleet, measured: Measured, prices: PriceList): Bill | undefined =>
  billIfPriced(containerUsage(fleet, measured), prices);

const MOST_PBXES = 1_000_000;

/** The fewest PBXes at which containers cost less; undefined if they never do, or have no price. */
export function breakEven(fleet: Fleet, measured: Measured, prices: PriceList): number | undefined {
  const cheaper = (pbxes: number): boolean => {
    const some = { ...fleet, pbxes };
    const bill = containerBill(some, measured, prices);
    const serverless = billIfPriced(usageOf(some, measured), prices);
    return bill !== undefined && serverless !== undefined && bill.total < serverless.total;
  };
  if (!cheaper(MOST_PBXES)) return undefined;
  let [dearer, found] = [0, MOST_PBXES];
  while (found - dearer > 1) {
    const middle = Math.floor((dearer + found) / 2);
    if (cheaper(middle)) found = middle;
    else dearer = middle;
  }
  return found;
}
