import { describe, expect, it } from "vitest";
import { aging } from "../../lambdas/usecases/aging.ts";
import { ownershipWorld } from "../support/ownership-world.ts";

const DAY = 24 * 3_600_000;
const name = (number: number) => `pbx${String(number).padStart(3, "0")}.example.com`;

/** So many registrations that no PBX has ever used. */
async function world(count: number) {
  const setting = ownershipWorld();
  const pages: string[] = [];
  for (let made = 0; made < count; made += 1) await setting.register(name(made), `owner${made}@example.com`);
  const time = aging({ ...setting, goOn: (after) => Promise.resolve(void pages.push(after)) });
  return { ...setting, time, pages };
}

describe("the daily look at all domains", () => {
  it("goes on page by page, each in a message of its own, until all have been looked at", async () => {
    const { time, pages, clock, domains, telemetry } = await world(101);
    clock.advance(23 * DAY);
    await time.tidy();
    expect(pages).toEqual([name(99)]);
    expect((await domains.find(name(100)))?.endsAt).toBeUndefined();
    await time.tidy(pages[0]);
    expect(pages).toHaveLength(1);
    expect((await domains.find(name(100)))?.endsAt).toBe(clock.now() + 7 * DAY);
    expect(telemetry.count("Ownership", "expiry-announced")).toBe(101);
  });

  it("leaves to another day what somebody changes meanwhile", async () => {
    const { time, clock, domains, telemetry } = await world(1);
    clock.advance(23 * DAY);
    const usual = { ...domains };
    Object.assign(domains, { commit: () => Promise.resolve("conflict") });
    await time.tidy();
    expect(telemetry.count("Ownership", "expiry-announced")).toBe(0);
    Object.assign(domains, usual);
    await time.tidy();
    expect(telemetry.count("Ownership", "expiry-announced")).toBe(1);
  });

  it("believes no list that lags behind", async () => {
    const { time, clock, domains, noticed } = await world(2);
    const listed = await domains.list(10);
    Object.assign(domains, { list: () => Promise.resolve(listed) });
    await time.loggedIn(name(0));
    clock.advance(23 * DAY);
    await time.tidy();
    expect(noticed.filter((id) => id.startsWith(name(0)))).toEqual([]);
    expect((await domains.find(name(0)))?.endsAt).toBeUndefined();
    expect((await domains.find(name(1)))?.endsAt).toBeDefined();
  });
});
