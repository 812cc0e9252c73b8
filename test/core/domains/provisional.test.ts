import { describe, expect, it } from "vitest";
import type { Change } from "../../../lambdas/core/domains/change.ts";
import { isProvisional, type Domain } from "../../../lambdas/core/domains/domain.ts";
import {
  add,
  disconnect,
  mayRegister,
  register,
  remove,
  setState,
  transfer,
} from "../../../lambdas/core/domains/domains.ts";
import type { Result } from "../../../lambdas/core/shared/result.ts";
import { testRandom } from "../../support/values/time-and-chance.ts";

const random = testRandom();
const NOW = 1_000_000;
const moment = () => ({ now: NOW, bytes: random.bytes(32) });
const value = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error(String(result.error));
  return result.value;
};
const told = ({ notices }: Change) => notices.map(({ kind, to }) => `${kind} to ${to}`);

const KEY = "pbx.example.com";
const OPERATOR = "operator test";
const [INSIDE, OTHER, THIRD] = ["admin@example.com", "other@two.example", "third@three.example"];
const created = (emailKey: string) =>
  value(
    register(
      { domain: undefined, secrets: undefined },
      { account: KEY, emailKey, language: "de", source: "192.0.2.1", replace: false },
      moment(),
    ),
  );
const provisional = created(OTHER);
const proven = created(INSIDE);
const manual = value(add(undefined, { account: KEY, actor: OPERATOR }, moment())).after;
const suspended: Domain = { ...proven.after, state: "suspended" };

describe("an address", () => {
  it("unrelated to the domain makes a registration provisional, a member's does not", () => {
    expect(isProvisional(provisional.after)).toBe(true);
    expect([isProvisional(proven.after), proven.after.proof]).toEqual([false, "address"]);
    expect(isProvisional(manual)).toBe(false);
  });
});

describe("a provisional registration", () => {
  const stored = { domain: provisional.after, secrets: provisional.secrets };

  it("yields to an address of the domain, with one new secret, and notifies the former owner in their language", () => {
    const taken = value(
      register(stored, { account: KEY, emailKey: INSIDE, source: "192.0.2.1", replace: false }, moment()),
    );
    expect(taken).toMatchObject({ action: "taken", actor: "claimant", after: { owner: INSIDE, proof: "address" } });
    expect(taken.after.secrets.current.id).not.toBe(provisional.after.secrets.current.id);
    expect(taken.after.secrets.previous).toBeUndefined();
    expect(taken.notices).toMatchObject([{ kind: "taken", to: OTHER, other: INSIDE, language: "de" }]);
  });

  it.each<[string, Domain, string, string]>([
    ["another unrelated address", provisional.after, THIRD, "foreign"],
    [
      "an address of the domain while it is suspended",
      { ...provisional.after, state: "suspended" },
      INSIDE,
      "suspended",
    ],
    ["an address of the domain once it is proven", { ...provisional.after, proof: "dns" }, INSIDE, "foreign"],
    ["an address of the domain if the operator has it", manual, INSIDE, "foreign"],
  ])("does not yield to %s", (_name, domain, emailKey, error) => {
    expect(mayRegister({ domain }, emailKey)).toEqual({ ok: false, error });
  });
});

describe("a step of the operator", () => {
  it.each<[string, Change, readonly string[]]>([
    ["suspending", value(setState(proven.after, "suspended", OPERATOR, NOW)), [`suspended to ${INSIDE}`]],
    ["suspending again", value(setState(suspended, "suspended", OPERATOR, NOW)), []],
    ["resuming", value(setState(suspended, "active", OPERATOR, NOW)), [`resumed to ${INSIDE}`]],
    ["disconnecting", value(disconnect(proven.after, OPERATOR, NOW)), [`disconnected to ${INSIDE}`]],
    ["deleting", value(remove(proven.after, OPERATOR, NOW)), [`deleted to ${INSIDE}`]],
    ["adding", value(add(undefined, { account: KEY, owner: OTHER, actor: OPERATOR }, moment())), [`added to ${OTHER}`]],
    ["adding without an owner", value(add(undefined, { account: KEY, actor: OPERATOR }, moment())), []],
    ["suspending without an owner", value(setState(manual, "suspended", OPERATOR, NOW)), []],
  ])("notifies the owner: %s", (_name, change, expected) => {
    expect(told(change)).toEqual(expected);
    expect(change.notices.every(({ byOperator }) => byOperator)).toBe(true);
  });

  it.each([
    [undefined, "operator"],
    ["dns", "dns"],
    ["none", undefined],
  ] as const)("adds a domain with its state and proof: %s", (proof, expected) => {
    const request = {
      account: KEY,
      owner: OTHER,
      actor: OPERATOR,
      state: "suspended",
      ...(proof && { proof }),
    } as const;
    const { after, secrets } = value(add(undefined, request, moment()));
    expect([after.state, after.proof, secrets.current.id]).toEqual(["suspended", expected, after.secrets.current.id]);
  });

  it("transfers a domain to another address, with a secret that was never shown, and ends a claim", () => {
    const claimed: Domain = { ...proven.after, claim: { claimant: OTHER, madeAt: NOW, objectUntil: NOW + 1 } };
    const given = value(transfer(claimed, { to: THIRD, actor: OPERATOR }, moment()));
    expect(given.after).toMatchObject({ owner: THIRD, proof: "operator", state: "active" });
    expect(given.after).not.toHaveProperty("claim");
    expect(given.after.secrets.current.id).not.toBe(proven.after.secrets.current.id);
    expect(told(given)).toEqual([
      `transferred-away to ${INSIDE}`,
      `transferred-to to ${THIRD}`,
      `claim-ended to ${OTHER}`,
    ]);
    expect(transfer(claimed, { to: INSIDE, actor: OPERATOR }, moment())).toEqual({ ok: false, error: "same" });
    expect(told(value(transfer(claimed, { to: OTHER, actor: OPERATOR }, moment())))).not.toContain(
      `claim-ended to ${OTHER}`,
    );
  });
});
