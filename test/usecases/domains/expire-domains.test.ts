import { describe, expect, it } from "vitest";
import { domainUpkeep } from "../../../lambdas/usecases/domains/expire-domains.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { ownershipServices } from "../../support/services/ownership.ts";

const DAY = 24 * 3_600_000;
const name = (number: number) => `pbx${String(number).padStart(3, "0")}.example.com`;

/** That many registrations that no PBX has ever used. */
async function services(count: number) {
  const setting = ownershipServices();
  const pages: string[] = [];
  for (let made = 0; made < count; made += 1) await setting.register(name(made), `owner${made}@example.com`);
  const time = domainUpkeep({
    ...setting,
    notices: setting.stored,
    goOn: (after) => Promise.resolve(void pages.push(after)),
  });
  return { ...setting, time, pages };
}

describe("the daily check of all domains", () => {
  it("continues page by page, each in a separate message, until all are checked", async () => {
    const { time, pages, clock, domains, telemetry } = await services(101);
    clock.advance(23 * DAY);
    await time.tidy();
    expect(pages).toEqual([name(99)]);
    expect((await domains.find(name(100)))?.endsAt).toBeUndefined();
    await time.tidy(pages[0]);
    expect(pages).toHaveLength(1);
    expect((await domains.find(name(100)))?.endsAt).toBe(clock.now() + 7 * DAY);
    expect(telemetry.count("Ownership", "expiry-announced")).toBe(101);
  });

  it("leaves a domain that changes meanwhile to another day", async () => {
    const { time, clock, domains, telemetry } = await services(1);
    clock.advance(23 * DAY);
    const usual = { ...domains };
    Object.assign(domains, { commit: () => Promise.resolve("conflict") });
    await time.tidy();
    expect(telemetry.count("Ownership", "expiry-announced")).toBe(0);
    Object.assign(domains, usual);
    await time.tidy();
    expect(telemetry.count("Ownership", "expiry-announced")).toBe(1);
  });

  it("ends no domain whose owner was not emailed a week before: one held back by a limit is announced again", async () => {
    const { register, time, clock, domains, notices, changes, work } = ownershipServices(memoryStore(), {
      noticesPerAddressPerDay: 1,
    });
    for (const number of [0, 1]) await register(name(number), "owner@example.com");
    const mails = (key: string) =>
      notices.filter(({ kind, account }) => kind === "expiring" && account === key).map(({ leftAt }) => leftAt);
    for (let day = 0; day < 50; day += 1) {
      clock.advance(DAY);
      await time.tidy();
      await work();
    }
    const ends = changes.filter(({ action }) => action === "expired");
    expect(ends.map(({ account }) => account).sort()).toEqual([name(0), name(1)]);
    for (const { account, at } of ends) {
      expect(mails(account)).toHaveLength(1);
      expect(at - (mails(account)[0] ?? at)).toBeGreaterThanOrEqual(7 * DAY);
      expect(await domains.find(account)).toBeUndefined();
    }
    // The first one's end uses the next day's email too, so the other is announced a third time.
    expect(changes.filter(({ action }) => action === "expiry-announced")).toHaveLength(4);
  });

  it("counts the week from when the email left, however late that was", async () => {
    const { time, clock, domains, work } = await services(1);
    clock.advance(23 * DAY);
    await time.tidy();
    clock.advance(3 * DAY);
    await work();
    clock.advance(4 * DAY);
    await time.tidy();
    clock.advance(3 * DAY - 1);
    await time.tidy();
    expect(await domains.find(name(0))).toBeDefined();
    clock.advance(1);
    await time.tidy();
    expect(await domains.find(name(0))).toBeUndefined();
  });

  it("ends a domain of an address that gets no email at all", async () => {
    const { time, clock, domains, work, suppressions, notices } = await services(1);
    await suppressions.add({ address: "owner0@example.com", reason: "complained", at: 0 });
    clock.advance(23 * DAY);
    await time.tidy();
    await work();
    expect(notices).toEqual([]);
    clock.advance(7 * DAY);
    await time.tidy();
    expect(await domains.find(name(0))).toBeUndefined();
  });

  it.each([[undefined], [{ mail: "sent" }], [{ mail: "queued", mailAt: 1 }]])(
    "announces an end again if it is unknown when its email left: %j",
    async (notice) => {
      const { time, clock, domains, stored } = await services(1);
      clock.advance(23 * DAY);
      await time.tidy();
      clock.advance(7 * DAY);
      Object.assign(stored, { find: () => Promise.resolve(notice) });
      await time.tidy();
      expect((await domains.find(name(0)))?.endsAt).toBe(clock.now() + 7 * DAY);
    },
  );

  it("does not rely on a list that lags behind", async () => {
    const { time, clock, domains, noticed } = await services(2);
    const listed = await domains.list(10);
    Object.assign(domains, { list: () => Promise.resolve(listed) });
    await time.loggedIn(name(0), (await domains.find(name(0)))?.secrets.current.id ?? "");
    clock.advance(23 * DAY);
    await time.tidy();
    expect(noticed.filter((id) => id.startsWith(name(0)))).toEqual([]);
    expect((await domains.find(name(0)))?.endsAt).toBeUndefined();
    expect((await domains.find(name(1)))?.endsAt).toBeDefined();
  });
});

describe("cost and logs of the daily check", () => {
  it("are one read for a domain with a pending step, and none for others", async () => {
    const { time, clock, domains, register, stored } = await services(1);
    clock.advance(23 * DAY);
    await register(name(1), "owner1@example.com");
    const read: string[] = [];
    const find = domains.find.bind(domains);
    Object.assign(domains, { find: (account: string) => (read.push(account), find(account)) });
    Object.assign(stored, { find: () => Promise.reject(new Error("no end is announced yet")) });
    await time.tidy();
    expect(read).toEqual([name(0)]);
    expect((await find(name(0)))?.endsAt).toBe(clock.now() + 7 * DAY);
  });

  it("keep the order of all lists", async () => {
    const { time, domains } = await services(2);
    const listed: (readonly string[])[] = [];
    Object.assign(domains, { relist: (accounts: readonly string[]) => Promise.resolve(void listed.push(accounts)) });
    await time.tidy();
    expect(listed).toEqual([[name(0), name(1)]]);
  });

  it("include account and step", async () => {
    const { time, clock, telemetry } = await services(1);
    clock.advance(23 * DAY);
    telemetry.lines.length = 0;
    await time.tidy();
    expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([
      { level: "info", message: "ownership", account: name(0), action: "expiry-announced" },
    ]);
  });

  it("skip a domain deleted since it was listed", async () => {
    const { time, clock, domains, noticed } = await services(1);
    clock.advance(23 * DAY);
    Object.assign(domains, { find: () => Promise.resolve(undefined) });
    await time.tidy();
    expect(noticed).toEqual([]);
  });
});

describe("the first login with a secret", () => {
  async function loggedIn(conflicts: number) {
    const setting = await services(1);
    const { domains, telemetry } = setting;
    const secretId = (await domains.find(name(0)))?.secrets.current.id ?? "";
    const saveUse = domains.saveUse.bind(domains);
    let attempts = 0;
    Object.assign(domains, {
      saveUse: (...args: Parameters<typeof saveUse>) =>
        (attempts += 1) <= conflicts ? Promise.resolve("conflict") : saveUse(...args),
    });
    telemetry.lines.length = 0;
    return { ...setting, secretId, attempts: () => attempts };
  }

  it.each([0, 1, 4])(
    "is stored although another change was faster %i times, and the next login writes nothing",
    async (conflicts) => {
      const { time, domains, secretId, attempts, clock, telemetry } = await loggedIn(conflicts);
      await time.loggedIn(name(0), secretId);
      expect((await domains.find(name(0)))?.firstLoginAt).toBe(clock.now());
      expect(attempts()).toBe(conflicts + 1);
      await time.loggedIn(name(0), secretId);
      expect([attempts(), telemetry.lines]).toEqual([conflicts + 1, []]);
    },
  );

  it("is left to the next login after five attempts, which is logged", async () => {
    const { time, domains, secretId, attempts, telemetry } = await loggedIn(5);
    await time.loggedIn(name(0), secretId);
    expect((await domains.find(name(0)))?.firstLoginAt).toBeUndefined();
    expect(attempts()).toBe(5);
    expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([
      { level: "warn", message: "first login with a secret not stored", account: name(0) },
    ]);
  });

  it("is not stored for an account deleted since", async () => {
    const { time, secretId, attempts, telemetry } = await loggedIn(0);
    await time.loggedIn("unknown.example.com", secretId);
    expect([attempts(), telemetry.lines]).toEqual([0, []]);
  });
});
