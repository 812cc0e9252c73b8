import { describe, expect, it } from "vitest";
import { mayStay, type Domain } from "../../../lambdas/core/domains/domain.ts";
import { add, mayRegister, register, rekey, remove, setState } from "../../../lambdas/core/domains/domains.ts";
import type { Result } from "../../../lambdas/core/shared/result.ts";
import { testRandom } from "../../support/values/time-and-chance.ts";

const random = testRandom();
const moment = (now = 1_000) => ({ now, bytes: random.bytes(32) });
const value = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error(String(result.error));
  return result.value;
};

const KEY = "pbx.example.com";
const ACTOR = "operator test";
const mine = { account: KEY, emailKey: "a@example.com", source: "192.0.2.1", replace: false };
const owned = value(register({ domain: undefined, secrets: undefined }, mine, moment()));
const manual = value(add(undefined, { account: KEY, actor: ACTOR }, moment()));

describe("registering", () => {
  it("a free domain gives it to the address", () => {
    expect(owned.after).toMatchObject({
      account: KEY,
      owner: "a@example.com",
      origin: "mail",
      state: "active",
      createdAt: 1_000,
    });
    expect(owned).toMatchObject({ action: "registered", actor: "owner", at: 1_000, before: undefined });
    expect(owned.secrets?.current.id).toBe(owned.after.secrets.current.id);
  });

  it.each<[string, Domain | undefined, string, true | string]>([
    ["a free domain", undefined, "a@example.com", true],
    ["one's own", owned.after, "a@example.com", true],
    ["another's", owned.after, "b@example.com", "foreign"],
    ["an operator's", manual.after, "a@example.com", "foreign"],
    ["one's own, suspended", { ...owned.after, state: "suspended" }, "a@example.com", "suspended"],
    ["another's, suspended", { ...owned.after, state: "suspended" }, "b@example.com", "foreign"],
  ])("%s", (_name, domain, emailKey, expected) => {
    const may = mayRegister({ domain }, emailKey);
    expect(may.ok || may.error).toBe(expected);
    const change = register({ domain, secrets: owned.secrets }, { ...mine, emailKey }, moment());
    expect(change.ok).toBe(may.ok);
  });

  it("again keeps owner, origin and date, and the secret unless a replacement is requested", () => {
    const stored = { domain: owned.after, secrets: owned.secrets };
    const joined = value(register(stored, mine, moment(2_000)));
    expect(joined).toMatchObject({ action: "joined", secrets: undefined });
    expect(joined.after).toMatchObject({ createdAt: 1_000, changedAt: 2_000, secrets: owned.after.secrets });
    const replaced = value(register(stored, { ...mine, replace: true }, moment(2_000)));
    expect(replaced.action).toBe("replaced");
    expect(replaced.after.secrets.previous?.id).toBe(owned.after.secrets.current.id);
  });

  it("issues a secret if the domain's own is missing", () => {
    const repaired = value(register({ domain: owned.after, secrets: undefined }, mine, moment(2_000)));
    expect(repaired.secrets?.current.id).toBe(repaired.after.secrets.current.id);
  });
});

describe("versions", () => {
  it("grow with every change, even within one millisecond and across a deletion", () => {
    const suspended = value(setState(owned.after, "suspended", ACTOR, 1_000));
    expect(suspended.after.version).toBeGreaterThan(owned.after.version);
    const again = value(add(undefined, { account: KEY, actor: ACTOR }, moment(5_000)));
    expect(again.after.version).toBeGreaterThan(suspended.after.version);
  });
});

describe("the operator", () => {
  it("adds only free names", () => {
    expect(manual.after).toMatchObject({ origin: "operator", state: "active" });
    expect(manual.after).not.toHaveProperty("owner");
    expect(add(owned.after, { account: KEY, actor: ACTOR }, moment())).toEqual({ ok: false, error: "exists" });
  });

  it("changes only existing domains", () => {
    for (const refused of [
      rekey(undefined, ACTOR, moment()),
      setState(undefined, "suspended", ACTOR, 1),
      remove(undefined, ACTOR, 1),
    ]) {
      expect(refused).toEqual({ ok: false, error: "unknown" });
    }
  });

  it("replaces a secret immediately, without keeping the old one valid", () => {
    const rekeyed = value(rekey(owned.after, ACTOR, moment(2_000), "chosen"));
    expect(rekeyed.secrets).toMatchObject({ current: { secret: "chosen" } });
    expect(rekeyed.after.secrets.previous).toBeUndefined();
  });
});

describe("mayStay", () => {
  const id = owned.after.secrets.current.id;
  const own = value(add(undefined, { account: `${KEY}/master`, actor: ACTOR }, moment())).after;
  const off = (domain: Domain): Domain => ({ ...domain, state: "suspended" });

  it.each<[string, Domain | undefined, Domain | undefined, string, boolean]>([
    ["the domain's secret", undefined, owned.after, id, true],
    ["another secret", undefined, owned.after, "x", false],
    ["a domain that is gone", undefined, undefined, id, false],
    ["a suspended domain", undefined, off(owned.after), id, false],
    ["the account's own secret", own, owned.after, own.secrets.current.id, true],
    ["the domain's secret where the account has one", own, owned.after, id, false],
    ["the account's own secret without a domain", own, undefined, own.secrets.current.id, true],
    ["the account's own secret under a suspended domain", own, off(owned.after), own.secrets.current.id, false],
    ["a suspended account", off(own), owned.after, own.secrets.current.id, false],
  ])("%s", (_name, account, domain, secretId, expected) => {
    expect(mayStay(account, domain, secretId, 1_000)).toBe(expected);
  });
});
