import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { containerUsage, containersFor } from "../../../tools/cost/model/container.ts";
import { billFor, unpriced } from "../../../tools/cost/model/bill.ts";
import { breakEven, containerBill, levers } from "../../../tools/cost/model/compare.ts";
import { readMeasured } from "../../../tools/cost/measured.ts";
import { items, prices, pricesOf, regions, sources, type PriceList } from "../../../tools/cost/model/prices.ts";
import { costPicture } from "../../../tools/cost/picture.ts";
import { costProgram } from "../../../tools/cost/program.ts";
import { countResources } from "../../../tools/cost/measure/templates.ts";
import { ensureAssembly } from "../../../local/synth.ts";
import { runHere } from "../../support/process/in-process.ts";
import { waysToRecord } from "../../../tools/cost/model/recent-posts.ts";
import { costReport, costText } from "../../../tools/cost/report.ts";
import { operationCounts, usageOf, type Fleet } from "../../../tools/cost/model/usage.ts";

const measured = readMeasured();
const east = pricesOf("us-east-1");
const fleet = (pbxes: number, changes: Partial<Fleet> = {}): Fleet => ({
  pbxes,
  pushesPerDay: 500,
  keepAliveSeconds: 60,
  keepAlive: "mock",
  hostName: false,
  ...changes,
});
const total = (of: Fleet, list: PriceList = east) => billFor(usageOf(of, measured), list).total;

describe("the model against an estimate by hand, made before the code", () => {
  // USD a month in us-east-1, 60 s, 500 pushes. It left out the fixed part: alarms, canary and polled queues.
  const rows = [
    { pbxes: 1_000, mock: 174, lambda: 228 },
    { pbxes: 10_000, mock: 1_703, lambda: 2_239 },
    { pbxes: 100_000, mock: 15_230, lambda: 20_594 },
  ];
  const fixed = total(fleet(0));
  const within = (share: number, value: number, estimate: number) =>
    expect(Math.abs(value / estimate - 1), `${value.toFixed(0)} against ${estimate}`).toBeLessThan(share);

  it.each(rows)("$pbxes PBXes, KeepAlive by MOCK", ({ pbxes, mock }) => {
    within(0.15, total(fleet(pbxes)) - fixed, mock);
    if (pbxes >= 10_000) within(0.15, total(fleet(pbxes)), mock); // from here on, the fixed part hardly matters
  });

  it.each(rows)(
    "$pbxes PBXes, KeepAlive by Lambda, plus a write that only the estimate assumed",
    ({ pbxes, lambda }) => {
      const of = fleet(pbxes, { keepAlive: "lambda" });
      const keepAlives = (pbxes * 730 * 3_600) / 60;
      const usage = usageOf(of, measured);
      const withWrite = billFor({ ...usage, dynamoWrite: usage.dynamoWrite + keepAlives }, east).total;
      within(0.15, withWrite - fixed, lambda);
    },
  );

  it("breaks even with a container host at a few hundred PBXes", () => {
    const even = breakEven(fleet(1), measured, east) ?? NaN;
    expect(even).toBeGreaterThan(100);
    expect(even).toBeLessThan(1_000);
    const difference = (pbxes: number) =>
      total(fleet(pbxes)) - (containerBill(fleet(pbxes), measured, east)?.total ?? NaN);
    expect(difference(even)).toBeGreaterThan(0);
    expect(difference(even - 1)).toBeLessThanOrEqual(0);
  });
});

describe("the model", () => {
  it("bills what can be counted by hand", () => {
    const usage = usageOf(fleet(100), measured);
    const canary = measured.resources.scheduled["canary"] ?? 0;
    expect(usage.webSocketMinute).toBe(100 * 730 * 60);
    const posts = (100 * 500 * 730) / 24 + canary;
    expect(usage.snsMobilePush).toBeCloseTo(posts, 3);
    const keepAlives = 100 * 730 * 60 + canary;
    const logins = (100 * 730) / 2 + canary;
    expect(usage.webSocketMessage).toBeCloseTo(2 * keepAlives + 2 * posts + 5 * logins, 3); // PbxInfo has no answer
  });

  it("bills a post one read unit for its session if its token is remembered, otherwise three", () => {
    const reads = (warmPosts: number) => usageOf(fleet(100), measured, { warmPosts }).dynamoRead;
    const { firstPost, coldPost, warmPost } = operationCounts(fleet(100), measured);
    expect([warmPost, firstPost]).toEqual([0, 100 * 10]);
    expect(reads(0) - reads(1)).toBeCloseTo(2 * coldPost, 3);
    expect(usageOf(fleet(100), measured).dynamoRead).toBe(reads(0));
  });

  it("bills a container host for its addresses, traffic between zones, and logins only after deployments", () => {
    const of = fleet(10_000);
    const [host, serverless] = [containerUsage(of, measured), usageOf(of, measured)];
    expect(host.publicIpv4Hour).toBe((containersFor(of) + 2) * 730);
    expect(host.crossZoneGb).toBeGreaterThan(0.9 * host.transferGb);
    expect(host.dynamoWrite).toBeLessThan(serverless.dynamoWrite);
    const logins = (connectionHours?: number) =>
      operationCounts(of, measured, connectionHours === undefined ? {} : { connectionHours }).login;
    expect(logins(168) / logins()).toBeLessThan(0.02);
    expect([serverless.publicIpv4Hour, serverless.crossZoneGb]).toEqual([0, 0]);
  });

  it("uses the lower price above a billion messages, and counts no message twice", () => {
    const { webSocketMessage, webSocketMessageOverBillion } = usageOf(fleet(100_000), measured);
    expect(webSocketMessage).toBe(1e9);
    expect(webSocketMessageOverBillion / usageOf(fleet(10_000), measured).webSocketMessage).toBeGreaterThan(10);
  });

  it("costs more with more PBXes, pushes and KeepAlives, and never less than zero", () => {
    const some = fc.record({
      pbxes: fc.integer({ min: 1, max: 200_000 }),
      pushesPerDay: fc.integer({ min: 0, max: 5_000 }),
      keepAliveSeconds: fc.integer({ min: 10, max: 300 }),
      keepAlive: fc.constantFrom("mock" as const, "lambda" as const),
      hostName: fc.boolean(),
    });
    fc.assert(
      fc.property(some, (of) => {
        const usage = usageOf(of, measured);
        for (const item of items) expect(usage[item]).toBeGreaterThanOrEqual(0);
        const { total: sum, services } = billFor(usage, east);
        expect(services.reduce((all, [, usd]) => all + usd, 0)).toBeCloseTo(sum, 6);
        expect(total({ ...of, pbxes: of.pbxes + 1 })).toBeGreaterThan(sum);
        expect(total({ ...of, pushesPerDay: of.pushesPerDay + 1 })).toBeGreaterThan(sum);
        expect(total({ ...of, keepAliveSeconds: of.keepAliveSeconds * 2 })).toBeLessThan(sum);
      }),
    );
  });

  it("lists levers with their savings, largest first", () => {
    const found = levers(fleet(10_000), measured, east);
    expect(found.map(({ saves }) => saves)).toEqual(found.map(({ saves }) => saves).sort((a, b) => b - a));
    const slower = found.find(({ name }) => name.startsWith("KeepAlive every 120 s"))?.saves;
    expect(slower).toBeCloseTo(total(fleet(10_000)) - total(fleet(10_000, { keepAliveSeconds: 120 })), 6);
    expect(found.find(({ name }) => name.startsWith("KeepAlive by Lambda"))?.saves).toBeLessThan(0);
    const idle = levers(fleet(10, { keepAliveSeconds: 300 }), measured, east);
    expect(idle.some(({ name }) => name.startsWith("KeepAlive every"))).toBe(false); // 10 minutes is the idle limit
  });

  it("names the largest cost, in text and picture", () => {
    const text = costText(costReport(fleet(10_000), "us-east-1", east, measured));
    expect(text).toMatch(/Dominating: API Gateway WebSocket messages, 6\d %/u);
    expect(costPicture(costReport(fleet(10_000), "us-east-1", east, measured))).toMatch(
      /^<svg[\s\S]*container host[\s\S]*What a lever saves/u,
    );
  });
});

describe("tools/cost/measured.json", () => {
  // npm run test:slow measures operations again. If this fails: npm run cost -- --measure, then npm run scale.
  it("still matches the resources in the templates", async () => {
    const { memory: _, ...counted } = measured.resources;
    expect(countResources((await ensureAssembly()).directory)).toEqual(counted);
  });
});

describe("prices", () => {
  it("each have a source with a date", () => {
    for (const region of regions)
      for (const [item, { usd, source }] of Object.entries(prices[region])) {
        expect(usd, item).toBeGreaterThan(0);
        expect(source === "given" ? "" : sources[source][1], item).toMatch(/^20\d\d-\d\d-\d\d$/u);
      }
  });

  it("are complete for us-east-1, and no total is given without one of them", () => {
    expect(items.filter((item) => east[item] === undefined)).toEqual([]);
    expect(() => total(fleet(10), pricesOf("eu-central-1"))).toThrow("webSocketMessage, webSocketMinute");
    const given = pricesOf("eu-central-1", { webSocketMessage: 1, webSocketMinute: 0.25 });
    expect(total(fleet(10), given)).toBeGreaterThan(total(fleet(10)));
    expect(breakEven(fleet(10), measured, given)).toBeUndefined(); // it has no price for a load balancer
  });
});

describe("ways to keep recent posts", () => {
  const ways = (pbxes: number) => waysToRecord(fleet(pbxes), measured, east).map(({ usd }) => usd);

  it("cost for a stream what a count by hand gives: a shard, its records, and a run every 10 s", () => {
    const [built = NaN, , stream = NaN] = ways(1_000);
    const posts = (1_000 * 500 * 730) / 24 + (measured.resources.scheduled["canary"] ?? 0);
    const runs = 730 * 360;
    const shard = 730 * 0.015 + (posts * 0.014) / 1e6;
    const lambda = ((runs - posts) * 0.2) / 1e6 + (runs * 0.012 - posts * 0.011) * (128 / 1_024) * 0.0000133334;
    expect(stream - built).toBeCloseTo(shard + lambda, 6);
  });

  it("are cheapest as built for a small service, cost at most 3 % of the bill at 10,000 PBXes, and are cheaper by a stream from 3,500", () => {
    const cheaper = (pbxes: number) => {
      const [built = NaN, , stream = NaN] = ways(pbxes);
      return built < stream ? "as built" : "stream";
    };
    expect([1_000, 3_000, 4_000].map(cheaper)).toEqual(["as built", "as built", "stream"]);
    const [built = NaN] = ways(10_000);
    expect(built / total(fleet(10_000))).toBeLessThan(0.03);
  });
});

describe("the report", () => {
  it.each(regions)("of %s has no heading without lines", (region) => {
    const missing = unpriced(usageOf(fleet(10), measured), pricesOf(region));
    const list = pricesOf(region, Object.fromEntries(missing.map((item) => [item, 1])));
    const text = costText(costReport(fleet(10), region, list, measured));
    expect(text).not.toMatch(/:\n+(?! )/u);
    expect(text).toContain("What keeping recent posts costs");
  });
});

describe("npm run cost", () => {
  const cost = (...args: readonly string[]) => runHere(costProgram(), args);

  it("prints a month as JSON", async () => {
    const { out, code } = await cost("--pbxes", "10000", "--pushes", "500", "--keepalive", "60", "--json");
    expect(code).toBe(0);
    const report = JSON.parse(out) as { bill: { total: number }; breakEven: number; measured: { commit: string } };
    expect(report.bill.total).toBeCloseTo(total(fleet(10_000)), 6);
    expect(report.measured.commit).toMatch(/^[0-9a-f]{7,40}$/u);
  });

  it.each([
    [["--pbxes", "0"], "a number from 1"],
    [["--price", "beer=3"], "must be ITEM=USD"],
    [["--region", "mars"], "Allowed choices"],
    [["--region", "eu-central-1"], "repeat the command with --price webSocketMessage=USD --price webSocketMinute=USD"],
  ])("rejects %j as wrong usage", async (args, says) => {
    const { err, code } = await cost(...args);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});
