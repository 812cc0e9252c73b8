import { describe, expect, it } from "vitest";
import { add, disconnect, rekey } from "../../../lambdas/core/domains/domains.ts";
import { fail, ok } from "../../../lambdas/core/shared/result.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { commitChange, decideAndCommit } from "../../../lambdas/usecases/domains/commit-change.ts";
import { failing, type Faults } from "../../support/memory/failing.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";

const KEY = "pbx.example.com";
const ME = "operator test";

/** A domain with an owner, and everything that its changes trigger. */
async function services() {
  const [clock, random, telemetry] = [testClock(), testRandom(), rememberingTelemetry()];
  const domains = failing(memoryStore().domains, clock);
  const noticeQueue = failing({ notice: (_id: string, _after: number) => Promise.resolve() }, clock);
  const sweeps = failing({ sweep: (_domain: string, _after: number) => Promise.resolve() }, clock);
  const ports = { domains, noticeQueue, sweeps, telemetry };
  const moment = () => ({ now: clock.now(), bytes: random.bytes(32) });
  const added = add(undefined, { account: KEY, owner: "owner@example.com", actor: ME }, moment());
  if (!added.ok) throw new Error(added.error);
  await domains.commit(added.value);
  /** A step that notifies the owner and ends logins. */
  const aStep = async () => {
    const step = rekey(await domains.find(KEY), ME, moment());
    if (!step.ok) throw new Error(step.error);
    return step.value;
  };
  const ordered = ({ calls }: Pick<Faults, "calls">) => calls.map(({ args }) => args.at(-1));
  return { ...ports, clock, commit: commitChange(ports), aStep, ordered };
}

describe("the consequence of a change", () => {
  it("is queued for later, then done immediately", async () => {
    const { commit, aStep, ordered, noticeQueue, sweeps } = await services();
    expect(await commit(await aStep())).toBe("stored");
    expect([ordered(noticeQueue), ordered(sweeps)]).toEqual([
      [15, 0],
      [15, 0],
    ]);
  });

  it.each(["noticeQueue", "sweeps"] as const)("happens later if it cannot happen immediately: %s", async (port) => {
    const setting = await services();
    setting[port].plan(port === "sweeps" ? "sweep" : "notice", {}, { fails: "throttled" });
    expect(await setting.commit(await setting.aStep())).toBe("stored");
    expect(setting.telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([
      {
        level: "warn",
        message: "change stored, its consequences follow later",
        account: KEY,
        error: "test.Call: throttled",
      },
    ]);
  });

  it.each(["noticeQueue", "sweeps"] as const)(
    "prevents the change from being stored if it cannot be queued: %s",
    async (port) => {
      const setting = await services();
      setting[port].fail(port === "sweeps" ? "sweep" : "notice", "unavailable");
      const before = await setting.domains.find(KEY);
      await expect(setting.commit(await setting.aStep())).rejects.toBeInstanceOf(DependencyError);
      expect(await setting.domains.find(KEY)).toEqual(before);
    },
  );

  it("ends the logins of the whole domain if an account under it changes", async () => {
    const { commit, sweeps, clock } = await services();
    const added = add(undefined, { account: `${KEY}/own`, actor: ME }, { now: clock.now(), bytes: new Uint8Array(32) });
    if (!added.ok) throw new Error(added.error);
    await commit(added.value);
    expect(sweeps.calls.map(({ args }) => args)).toEqual([
      [KEY, 15],
      [KEY, 0],
    ]);
  });

  it("happens immediately if connections can be closed, and is still swept later", async () => {
    const { aStep, ordered, sweeps, ...ports } = await services();
    const closed: string[] = [];
    const commit = commitChange({ ...ports, sweeps }, (domain) => Promise.resolve(closed.push(domain)));
    await commit(await aStep());
    expect([closed, ordered(sweeps)]).toEqual([[KEY], [15]]);
  });

  it("ends no login if the change ends none", async () => {
    const { commit, sweeps, domains, clock } = await services();
    const step = disconnect(await domains.find(KEY), ME, clock.now());
    if (!step.ok) throw new Error(step.error);
    expect(await commit(step.value)).toBe("stored");
    expect(sweeps.calls).toEqual([]);
  });

  it("throws unexpected errors", async () => {
    const { commit, aStep, sweeps } = await services();
    sweeps.plan("sweep", {}, { breaks: new Error("a bug") });
    await expect(commit(await aStep())).rejects.toThrow("a bug");
  });

  it("is dropped if another change was faster", async () => {
    const { commit, aStep, ordered, noticeQueue } = await services();
    const [one, other] = [await aStep(), await aStep()];
    expect([await commit(one), await commit(other)]).toEqual(["stored", "conflict"]);
    expect(ordered(noticeQueue)).toEqual([15, 0, 15]);
  });
});

describe("a decision", () => {
  const onDisconnect = async ({ clock, ...ports }: Awaited<ReturnType<typeof services>>) =>
    decideAndCommit(ports)(
      KEY,
      (domain) => disconnect(domain, ME, clock.now()),
      (change) => change,
    );

  it("is repeated on what a faster change has stored", async () => {
    const setting = await services();
    setting.domains.plan("commit", { answers: "conflict" }, { answers: "conflict" });
    expect(await onDisconnect(setting)).toMatchObject({ ok: true, value: { action: "disconnected" } });
    expect((await setting.domains.history(KEY, 10)).map(({ action }) => action)).toEqual(["disconnected", "added"]);
  });

  it("is given up if another change is faster every time", async () => {
    const setting = await services();
    setting.domains.plan("commit", ...Array.from({ length: 5 }, () => ({ answers: "conflict" })));
    expect(await onDisconnect(setting)).toEqual({ ok: false, error: "conflict" });
    expect(setting.domains.count("commit")).toBe(1 + 5);
  });

  it("that refuses or changes nothing stores nothing", async () => {
    const setting = await services();
    const decide = decideAndCommit(setting);
    const before = setting.domains.count("commit");
    expect(
      await decide(
        KEY,
        () => fail("foreign"),
        () => undefined,
      ),
    ).toEqual({ ok: false, error: "foreign" });
    expect(
      await decide(
        KEY,
        () => ok("as it is"),
        () => undefined,
      ),
    ).toEqual({ ok: true, value: "as it is" });
    expect(setting.domains.count("commit")).toBe(before);
  });
});
