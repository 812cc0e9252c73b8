import { describe, expect, it } from "vitest";
import type { Change, RuleViolation } from "../../../lambdas/core/domains/change.ts";
import { add, remove } from "../../../lambdas/core/domains/domains.ts";
import type { Result } from "../../../lambdas/core/shared/result.ts";
import { endAccountsOf } from "../../../lambdas/usecases/domains/end-accounts.ts";
import { failing } from "../../support/memory/failing.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";

const DOMAIN = "pbx.example.com";
const OWN = `${DOMAIN}/own`;
const ME = "operator test";

/** A domain with one account under it, both set up by an operator, and the use case that ends accounts. */
async function services() {
  const [clock, random, telemetry] = [testClock(), testRandom(), rememberingTelemetry()];
  const domains = failing(memoryStore().domains, clock);
  const sweeps = failing({ sweep: (_domain: string, _after: number) => Promise.resolve() }, clock);
  const noticeQueue = { notice: () => Promise.resolve() };
  const moment = () => ({ now: clock.now(), bytes: random.bytes(32) });
  const commit = async (change: Result<Change, RuleViolation>) => {
    if (!change.ok) throw new Error(change.error);
    await domains.commit(change.value);
  };
  const begin = async () => {
    await commit(add(undefined, { account: DOMAIN, actor: ME }, moment()));
    const covering = await domains.find(DOMAIN);
    await commit(add(undefined, { account: OWN, actor: ME, covering }, moment()));
    clock.advance(1_000);
  };
  await begin();
  return {
    begin,
    domains,
    sweeps,
    telemetry,
    endAccounts: endAccountsOf({ domains, sweeps, noticeQueue, telemetry, clock }),
    removeDomain: async () => commit(remove(await domains.find(DOMAIN), ME, clock.now())),
  };
}

describe("the accounts of a domain that ended", () => {
  it("end with it, by the same actor, and that is logged", async () => {
    const { domains, telemetry, endAccounts, removeDomain } = await services();
    await removeDomain();
    await endAccounts(DOMAIN);
    expect(await domains.find(OWN)).toBeUndefined();
    expect(await domains.history(OWN, 1)).toMatchObject([{ action: "account-ended", actor: ME }]);
    expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([
      { level: "info", message: "ownership", account: OWN, action: "account-ended" },
    ]);
  });

  it("have their logins ended by the current sweep, and queue only a later one", async () => {
    const { sweeps, endAccounts, removeDomain } = await services();
    await removeDomain();
    await endAccounts(DOMAIN);
    expect(sweeps.calls.map(({ args }) => args)).toEqual([[DOMAIN, 15]]);
  });

  it("stay while the domain has the same owner", async () => {
    const { domains, endAccounts } = await services();
    await endAccounts(DOMAIN);
    expect(await domains.find(OWN)).toBeDefined();
  });

  it("are those of that owner: the next owner's stay, and are not read one by one", async () => {
    const { domains, endAccounts, removeDomain, begin } = await services();
    await removeDomain();
    await endAccounts(DOMAIN);
    await begin();
    const before = domains.count("find");
    await endAccounts(DOMAIN);
    expect(domains.count("find") - before).toBe(1);
    expect(await domains.find(OWN)).toBeDefined();
  });

  it("stay if the domain's history no longer says how it ended", async () => {
    const { domains, telemetry, endAccounts, removeDomain } = await services();
    await removeDomain();
    domains.plan("history", { answers: [] });
    await endAccounts(DOMAIN);
    expect(await domains.find(OWN)).toBeDefined();
    expect(telemetry.lines).toEqual([]);
  });

  it.each([
    [99, true],
    [100, false],
  ])("end if the domain's end is among the newest 100 steps of its history: %i have followed", async (later, end) => {
    const { domains, endAccounts, removeDomain } = await services();
    await removeDomain();
    for (let at = 1; at <= later; at += 1) await domains.note(DOMAIN, { at, action: "resent", actor: ME });
    await endAccounts(DOMAIN);
    expect((await domains.find(OWN)) === undefined).toBe(end);
  });

  it("are skipped if deleted since they were listed", async () => {
    const { domains, telemetry, endAccounts, removeDomain } = await services();
    await removeDomain();
    domains.plan("find", {}, { answers: undefined });
    await endAccounts(DOMAIN);
    expect(await domains.history(OWN, 5)).toHaveLength(1);
    expect(telemetry.lines).toEqual([]);
  });
});

it("a domain without accounts costs a sweep one read", async () => {
  const { domains, endAccounts } = await services();
  const before = domains.calls.length;
  await endAccounts("other.example.com");
  expect(domains.calls.slice(before).map(({ operation }) => operation)).toEqual(["accountsOf"]);
});
