import { table } from "../../bin/shared/terminal.ts";
import { billFor, type Bill } from "./model/bill.ts";
import { breakEven, containerBill, levers, type Lever } from "./model/compare.ts";
import { container as assumedContainer, containersFor } from "./model/container.ts";
import type { Measured } from "./measured.ts";
import { canCompareWays, waysToRecord, type Way } from "./model/recent-posts.ts";
import { sources, units, type PriceList, type Region } from "./model/prices.ts";
import { assumptions, usageOf, type Fleet } from "./model/usage.ts";

/** A fleet's monthly cost in USD, and what could change it. */
export interface CostReport {
  readonly region: Region;
  readonly fleet: Fleet;
  readonly measured: { readonly date: string; readonly commit: string };
  readonly assumptions: typeof assumptions & { readonly container: typeof assumedContainer };
  readonly bill: Bill;
  readonly perPbx: number;
  readonly levers: readonly Lever[];
  /** Ways to keep recent posts; empty if a price for one is missing. */
  readonly recentPosts: readonly Way[];
  /** Undefined if a price is missing. */
  readonly container?: { readonly containers: number; readonly bill: Bill };
  /** PBXes from which on containers cost less. */
  readonly breakEven?: number;
}

/** Throws an Error that names missing prices. */
export function costReport(fleet: Fleet, region: Region, prices: PriceList, measured: Measured): CostReport {
  const bill = billFor(usageOf(fleet, measured), prices);
  const container = containerBill(fleet, measured, prices);
  const even = breakEven(fleet, measured, prices);
  return {
    region,
    fleet,
    measured: { date: measured.date, commit: measured.commit },
    assumptions: { ...assumptions, container: assumedContainer },
    bill,
    perPbx: bill.total / fleet.pbxes,
    levers: levers(fleet, measured, prices),
    recentPosts: canCompareWays(prices) ? waysToRecord(fleet, measured, prices) : [],
    ...(container !== undefined && { container: { containers: containersFor(fleet), bill: container } }),
    ...(even !== undefined && { breakEven: even }),
  };
}

/** Shows cents only for small amounts. */
export function usd(amount: number): string {
  const digits = amount < 100 ? 2 : 0;
  return `$${amount.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}
const whole = (count: number) => count.toLocaleString("en-US", { maximumFractionDigits: count < 10 ? 2 : 0 });

export function costText(report: CostReport): string {
  const { fleet, bill, region, container } = report;
  const [dominating = "", most = 0] = bill.services[0] ?? [];
  const share = (amount: number) => `${((100 * amount) / bill.total).toFixed(0)} %`;
  const services = bill.services.map(([service, amount]) => [service, usd(amount), share(amount)]);
  const total = ["total", usd(bill.total), `${usd(report.perPbx)} per PBX`];
  return [
    fleetText(fleet, region),
    table(["service", "USD a month", "share"], [...services, total]),
    `Dominating: ${dominating}, ${share(most)}.`,
    `Counts per operation measured ${report.measured.date} at ${report.measured.commit}.`,
    "List prices without tax, discounts and free tiers; billed times are assumed (--json shows all assumptions).",
    "",
    "What the next lever would save a month:",
    ...report.levers.map(({ name, saves }) => `  ${saves >= 0 ? usd(saves) : `costs ${usd(-saves)} more`}  ${name}`),
    "",
    ...recentPostsText(report),
    "",
    container === undefined
      ? "No comparison with a container host: this Region has no price for one."
      : `Container host: ${container.containers} × Fargate and a load balancer, ${usd(container.bill.total)} in all; its size, a deploy a week and traffic between zones are estimates. ${breakEvenText(report)}`,
  ].join("\n");
}

const fleetText = (fleet: Fleet, region: Region): string =>
  [
    `${whole(fleet.pbxes)} PBXes`,
    `${whole(fleet.pushesPerDay)} pushes each a day`,
    `KeepAlive every ${fleet.keepAliveSeconds} s by ${fleet.keepAlive === "mock" ? "MOCK" : "Lambda"}`,
    region,
    ...(fleet.hostName ? ["behind a host name"] : []),
  ].join(", ");

const recentPostsText = ({ recentPosts, bill }: CostReport): readonly string[] =>
  recentPosts.length === 0
    ? ["What keeping recent posts costs: prices are missing for this Region."]
    : [
        "What keeping recent posts costs a month, and other ways to do it (each post a delivery of its own, each PBX a domain):",
        ...recentPosts.map(
          ({ name, usd: amount, firstPost }) =>
            `  ${usd(amount)} (${((100 * amount) / bill.total).toFixed(1)} %)  ${name}; a first post is seen ${firstPost}`,
        ),
      ];

const breakEvenText = ({ breakEven: even }: CostReport): string =>
  even === undefined
    ? "It never costs less."
    : `It costs less from ${whole(even)} PBXes on; that host, its deploys and its scaling would have to be built and run.`;

/** The price table of a Region with its sources. */
export function pricesText(prices: PriceList): string {
  const rows = Object.entries(prices).map(([item, price]) => {
    const [name, date] = price.source === "given" ? ["given", ""] : sources[price.source];
    return [item, String(price.usd), units[item as keyof typeof units].unit, name, date];
  });
  return table(["item", "USD", "per", "source", "date"], rows);
}
