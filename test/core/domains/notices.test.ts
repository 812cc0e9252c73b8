import { describe, expect, it } from "vitest";
import {
  change,
  endsLogins,
  endsOldSecrets,
  named,
  noticeTo,
  removal,
  type Change,
  type Moment,
} from "../../../lambdas/core/domains/change.ts";
import { endWithDomain, hasOutlived, isOperators, isPartOf } from "../../../lambdas/core/domains/accounts.ts";
import { usedBy, type Domain } from "../../../lambdas/core/domains/domain.ts";
import { add, disconnect, register, rekey, remove, setState, transfer } from "../../../lambdas/core/domains/domains.ts";
import {
  askMove,
  confirmMove,
  deny,
  endOldSecret,
  grant,
  object,
  prove,
  release,
} from "../../../lambdas/core/domains/ownership.ts";
import { overdue } from "../../../lambdas/core/domains/expiry.ts";
import { txtName, txtValue } from "../../../lambdas/core/domains/proof/txt-proof.ts";
import { mayDo } from "../../../lambdas/core/domains/visitor.ts";
import { issueSecret, marksOf, SECRET_BYTES } from "../../../lambdas/core/domains/secrets.ts";
import type { Result } from "../../../lambdas/core/shared/result.ts";
import { NOON } from "../../support/values/clock.ts";

const DAY = 86_400_000;
const [OWNER, NEXT, RIVAL] = ["owner@one.example", "next@two.example", "rival@three.example"] as const;
const ME = "operator test";
const account = "pbx.example.com";
const by = (emailKey: string) => ({ account, emailKey });
// Steps run inside the tests, so that one that throws fails only its test.
const moment = (): Moment => ({ now: NOON, bytes: new Uint8Array(SECRET_BYTES).fill(7) });
const secrets = { current: issueSecret(new Uint8Array(SECRET_BYTES).fill(1), 0) };
const claim = { claimant: RIVAL, madeAt: NOON - 7 * DAY, objectUntil: NOON };
const domain: Domain = {
  account,
  state: "active",
  origin: "operator",
  owner: OWNER,
  proof: "operator",
  secrets: marksOf(secrets),
  createdAt: 0,
  changedAt: 0,
  version: 1,
};
const old = { id: "old", issuedAt: 0, validUntil: NOON + 1 };
const replaced: Domain = { ...domain, secrets: { ...domain.secrets, previous: old } };
const claimed: Domain = { ...domain, claim };
const moving: Domain = { ...domain, move: { to: NEXT, expiresAt: NOON + 1 } };
const { proof: _, ...unproven } = domain;
const done = <T>(result: Result<T, string>): T => {
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const proofOf = (result: ReturnType<typeof prove>): Change => {
  const proved = done(result);
  if (proved.change === undefined) throw new Error("no change");
  return proved.change;
};
const request = { account, emailKey: OWNER, source: "192.0.2.1", replace: false };
const owners = { actor: "owner", emailKey: OWNER } as const;

/** A notice without the members that all have. */
const says = (kind: string, to: string, more: object = {}) => ({ kind, account, to, at: NOON, ...more });
const OPERATOR = { byOperator: true };

// docs/ownership.md: each step, its actor, and who is notified of what.
it.each<readonly [string, string, () => Change, readonly object[]]>([
  ["registered", "owner", () => done(register({ domain: undefined, secrets: undefined }, request, moment())), []],
  [
    "joined",
    "owner",
    () => done(register({ domain, secrets }, request, moment())),
    [says("joined", OWNER, { source: "192.0.2.1" })],
  ],
  [
    "replaced",
    "owner",
    () => done(register({ domain, secrets }, { ...request, replace: true }, moment())),
    [says("replaced", OWNER, { until: NOON + 7 * DAY })],
  ],
  [
    "added",
    ME,
    () => done(add(undefined, { account, owner: OWNER, actor: ME }, moment())),
    [says("added", OWNER, OPERATOR)],
  ],
  ["added", ME, () => done(add(undefined, { account, actor: ME }, moment())), []],
  ["rekeyed", ME, () => done(rekey(domain, ME, moment())), [says("replaced", OWNER, OPERATOR)]],
  ["suspended", ME, () => done(setState(domain, "suspended", ME, NOON)), [says("suspended", OWNER, OPERATOR)]],
  [
    "resumed",
    ME,
    () => done(setState({ ...domain, state: "suspended" }, "active", ME, NOON)),
    [says("resumed", OWNER, OPERATOR)],
  ],
  ["resumed", ME, () => done(setState(domain, "active", ME, NOON)), []],
  ["disconnected", ME, () => done(disconnect(domain, ME, NOON)), [says("disconnected", OWNER, OPERATOR)]],
  [
    "deleted",
    ME,
    () => done(remove(claimed, ME, NOON)),
    [says("deleted", OWNER, OPERATOR), says("claim-ended", RIVAL)],
  ],
  [
    "transferred",
    ME,
    () => done(transfer(claimed, { to: NEXT, actor: ME }, moment())),
    [
      says("transferred-away", OWNER, { other: NEXT, ...OPERATOR }),
      says("transferred-to", NEXT, { other: OWNER, ...OPERATOR }),
      says("claim-ended", RIVAL),
    ],
  ],
  [
    "transferred",
    ME,
    () => done(transfer(claimed, { to: RIVAL, actor: ME }, moment())),
    [
      says("transferred-away", OWNER, { other: RIVAL, ...OPERATOR }),
      says("transferred-to", RIVAL, { other: OWNER, ...OPERATOR }),
    ],
  ],
  [
    "transferred",
    ME,
    () => done(transfer(domain, { to: NEXT, actor: ME }, moment())),
    [
      says("transferred-away", OWNER, { other: NEXT, ...OPERATOR }),
      says("transferred-to", NEXT, { other: OWNER, ...OPERATOR }),
    ],
  ],
  ["old-secret-ended", "owner", () => done(endOldSecret(replaced, owners, NOON)), [says("old-secret-ended", OWNER)]],
  [
    "old-secret-ended",
    ME,
    () => done(endOldSecret(replaced, { actor: ME }, NOON)),
    [says("old-secret-ended", OWNER, OPERATOR)],
  ],
  [
    "move-asked",
    "owner",
    () => done(askMove(domain, by(OWNER), NEXT, NOON)),
    [says("address-asked", NEXT, { other: OWNER, until: NOON + DAY })],
  ],
  [
    "moved",
    "owner",
    () => done(confirmMove(moving, { ...by(NEXT), language: "de" }, NOON)),
    [says("address-changed", OWNER, { other: NEXT }), says("address-taken", NEXT, { other: OWNER, language: "de" })],
  ],
  ["released", "owner", () => done(release(domain, by(OWNER), NOON)), [says("released", OWNER)]],
  ["proven", "owner", () => proofOf(prove({ domain }, by(OWNER), "text", moment())), [says("proven", OWNER)]],
  [
    "taken",
    "claimant",
    () => proofOf(prove({ domain: unproven }, by(RIVAL), "text", moment())),
    [says("taken", OWNER, { other: RIVAL })],
  ],
  [
    "claimed",
    "claimant",
    () => proofOf(prove({ domain }, by(RIVAL), "text", moment())),
    [
      says("claimed", OWNER, { other: RIVAL, until: NOON + 7 * DAY }),
      says("claim-made", RIVAL, { until: NOON + 7 * DAY }),
    ],
  ],
  [
    "claimed",
    "claimant",
    () => proofOf(prove({ domain: undefined, held: true }, by(RIVAL), "text", moment())),
    [says("claim-made", RIVAL, { until: NOON + 7 * DAY })],
  ],
  [
    "objected",
    "owner",
    () => done(object(claimed, owners, NOON)),
    [says("objected", OWNER, { other: RIVAL }), says("claim-objected", RIVAL)],
  ],
  [
    "objected",
    ME,
    () => done(object(claimed, { actor: ME }, NOON)),
    [says("objected", OWNER, { other: RIVAL, ...OPERATOR }), says("claim-objected", RIVAL)],
  ],
  [
    "claim-granted",
    ME,
    () => done(grant(claimed, ME, moment())),
    [
      says("claim-lost", OWNER, { other: RIVAL, ...OPERATOR }),
      says("claim-granted", RIVAL, { other: OWNER, ...OPERATOR }),
    ],
  ],
  [
    "claim-denied",
    ME,
    () => done(deny(claimed, ME, NOON)),
    [says("claim-fended", OWNER, { other: RIVAL, ...OPERATOR }), says("claim-denied", RIVAL, OPERATOR)],
  ],
  [
    "expiry-announced",
    "time",
    () => overdue({ ...unproven, origin: "mail" }, NOON) as Change,
    [says("expiring", OWNER, { until: NOON + 7 * DAY })],
  ],
  [
    "claim-lapsed",
    "time",
    () => overdue({ ...claimed, claim: { ...claim, madeAt: NOON - 30 * DAY } }, NOON) as Change,
    [says("claim-lapsed", OWNER, { other: RIVAL }), says("claim-ended", RIVAL)],
  ],
])("%s by %s notifies the right people", (action, actor, step, notices) => {
  const made = step();
  expect([made.action, made.actor, made.at]).toEqual([action, actor, NOON]);
  expect(made.notices).toStrictEqual(notices);
});

describe("a name that is the operator's only through accounts", () => {
  it("becomes a domain with the claim, with a secret that was never shown", () => {
    const proven = prove({ domain: undefined, held: true }, by(RIVAL), "text", moment());
    expect(proven).toMatchObject({ ok: true, value: { kind: "claimed" } });
    const step = proofOf(proven);
    expect(step).toMatchObject({
      account,
      before: undefined,
      after: {
        account,
        origin: "operator",
        state: "active",
        version: NOON,
        claim: { claimant: RIVAL, madeAt: NOON, objectUntil: NOON + 7 * DAY, value: "text" },
      },
    });
    expect(step.after).not.toHaveProperty("owner");
    expect(step.secrets?.current.id).toBe(step.after?.secrets.current.id);
  });
});

describe("a domain that does not exist", () => {
  it.each([
    ["disconnected", () => disconnect(undefined, ME, NOON)],
    ["transferred", () => transfer(undefined, { to: NEXT, actor: ME }, moment())],
    ["rekeyed", () => rekey(undefined, ME, moment())],
    ["suspended", () => setState(undefined, "suspended", ME, NOON)],
    ["deleted", () => remove(undefined, ME, NOON)],
  ])("cannot be %s", (_name, step) => expect(step()).toEqual({ ok: false, error: "unknown" }));

  it("cannot be taken if the operator holds the name", () =>
    expect(register({ domain: undefined, secrets: undefined, held: true }, request, moment())).toEqual({
      ok: false,
      error: "foreign",
    }));
});

describe("an account under a domain", () => {
  const held: Domain = { ...domain, heldSince: 5 };
  it.each([
    ["pbx.example.com", undefined, false],
    ["pbx.example.com/a", undefined, true],
    ["pbx.example.com/a", 5, false],
    ["pbx.example.com", 5, false],
  ])("%s of holding %s is the operator's: %s", (name, under, expected) =>
    expect(isOperators({ ...domain, account: name, ...(under !== undefined && { under }) })).toBe(expected),
  );
  it.each([
    [5, held, true],
    [4, held, false],
    [undefined, held, false],
    [undefined, domain, false],
  ])("of holding %s is part of the domain: %#", (under, covering, expected) =>
    expect(isPartOf({ ...domain, ...(under !== undefined && { under }) }, covering)).toBe(expected),
  );
  it.each([
    ["its owner", OWNER, 5],
    ["someone else", RIVAL, undefined],
  ])("given to %s of the domain above is part of it: %#", (_name, to, under) => {
    const given = done(transfer({ ...domain, owner: "x@y.example" }, { to, actor: ME, covering: held }, moment()));
    expect(given.after.under).toBe(under);
    if (under === undefined) expect(given.after).not.toHaveProperty("under");
  });
  it.each([
    [undefined, held, false],
    [5, held, false],
    [4, held, true],
    [5, undefined, true],
    [undefined, undefined, false],
  ])("of holding %s has outlived its domain: %#", (under, covering, expected) =>
    expect(hasOutlived({ ...domain, ...(under !== undefined && { under }) }, covering)).toBe(expected),
  );
  it.each([
    ["owner", OWNER, { by: OWNER }],
    [ME, undefined, {}],
  ])("ends with its domain, by the same actor: %s", (actor, who, more) => {
    const end = { at: 1, action: "released", actor, ...(who !== undefined && { by: who }) };
    const step = done(endWithDomain({ ...domain, under: 4 }, held, end, NOON));
    expect(step).toStrictEqual({
      account,
      before: { ...domain, under: 4 },
      after: undefined,
      secrets: undefined,
      action: "account-ended",
      actor,
      at: NOON,
      notices: [says("deleted", OWNER, actor === ME ? OPERATOR : {})],
      ...more,
    });
  });
  it("stays part of the same domain", () => {
    const given = done(transfer({ ...domain, under: 3 }, { to: NEXT, actor: ME }, moment()));
    expect(given.after.under).toBe(3);
  });
});

it.each(["active", "suspended"] as const)("setState: makes it %s", (state) => {
  const step = done(setState({ ...domain, state: "suspended" }, state, ME, NOON));
  expect([step.after.state, step.after.changedAt]).toEqual([state, NOON]);
});

describe("the logins that a change ends", () => {
  const after = (changed: Partial<Domain>): Change => change(domain, changed, "resumed", ME, NOON);
  const twice = { current: { id: "new", issuedAt: 1 }, previous: { ...domain.secrets.current, validUntil: 9 } };
  it.each<readonly [string, () => Change, boolean]>([
    ["a domain is deleted", () => removal(domain, "deleted", "deleted", ME, NOON), true],
    ["a domain is new", () => done(add(undefined, { account, actor: ME }, moment())), false],
    [
      "an account replaces the domain's login",
      () => done(add(undefined, { account: `${account}/a`, actor: ME }, moment())),
      true,
    ],
    ["nothing changes", () => after({}), false],
    ["suspended", () => after({ state: "suspended" }), true],
    [
      "suspended as before",
      () => ({ ...after({ state: "suspended" }), before: { ...domain, state: "suspended" } }),
      false,
    ],
    ["resumed", () => ({ ...after({}), before: { ...domain, state: "suspended" } }), false],
    ["a new secret keeps the old one", () => after({ secrets: twice }), false],
    ["a new secret replaces the old one", () => after({ secrets: { current: { id: "new", issuedAt: 1 } } }), true],
    ["the old secret ends", () => ({ ...after({}), before: replaced }), true],
  ])("%s: %#", (_name, step, expected) => expect(endsLogins(step())).toBe(expected));

  it.each<readonly [string, () => Change, boolean]>([
    ["the owner ends it", () => done(endOldSecret(replaced, owners, NOON)), true],
    ["there was none", () => after({}), false],
    ["it stays", () => change(replaced, {}, "joined", "owner", NOON), false],
    ["a new secret is issued", () => done(rekey(replaced, ME, moment())), false],
    ["the domain is new", () => done(add(undefined, { account, actor: ME }, moment())), false],
    ["the domain is deleted", () => removal(replaced, "deleted", "deleted", ME, NOON), false],
    ["the domain is new and keeps its secrets", () => ({ ...after({}), before: undefined }), false],
  ])("only old secrets end when %s: %#", (_name, step, expected) => expect(endsOldSecrets(step())).toBe(expected));
});

describe("an email about a change", () => {
  const spoken: Domain = {
    ...domain,
    language: "de",
    move: { to: NEXT, expiresAt: NOON, language: "en" },
    claim: { ...claim, language: "de" },
  };
  it.each([
    [OWNER, spoken, "de"],
    [NEXT, spoken, "en"],
    [RIVAL, spoken, "de"],
    ["x@y.example", spoken, undefined],
    [NEXT, { ...claimed, language: "de" as const }, undefined],
    [RIVAL, { ...moving, language: "de" as const }, undefined],
    [OWNER, domain, undefined],
  ])("to %s is in the reader's language: %#", (to, of, language) =>
    expect(noticeTo(of, to, "joined", NOON)).toStrictEqual([{ ...says("joined", to), ...(language && { language }) }]),
  );
  it("needs a reader", () => {
    expect(noticeTo(domain, undefined, "joined", NOON)).toEqual([]);
    expect(change(domain, {}, "moved", "owner", NOON).notices).toEqual([]);
  });
  it("has the same id at every attempt of the step, and another for each email", () => {
    const step = done(remove({ ...claimed, version: NOON + 5 }, ME, NOON));
    expect(named(step).map(([id]) => id)).toEqual([
      `${account}#${NOON + 6}#deleted#0`,
      `${account}#${NOON + 6}#deleted#1`,
    ]);
  });
});

it("usedBy: stores the first login once, and cancels an announced end", () => {
  const first = usedBy({ ...domain, endsAt: NOON }, domain.secrets.current.id, NOON);
  expect(first).toStrictEqual({
    ...domain,
    firstLoginAt: NOON,
    version: 2,
    secrets: { current: { ...domain.secrets.current, usedAt: NOON } },
  });
  expect(usedBy({ ...domain, firstLoginAt: 3 }, domain.secrets.current.id, NOON)?.firstLoginAt).toBe(3);
  expect(first && usedBy(first, domain.secrets.current.id, NOON)).toBeUndefined();
});

it.each([
  [undefined, undefined, true],
  [undefined, "object", true],
  ["object", "object", true],
  ["object", "confirm", false],
  ["object", undefined, false],
] as const)("mayDo: a link for %s may do what requires %s: %s", (scope, needed, may) =>
  expect(mayDo({ ...by(OWNER), ...(scope && { scope }) }, needed)).toBe(may),
);

it("a TXT record has the domain's name and 43 letters and digits", () => {
  expect(txtName("pbx.example.com/master")).toBe("_push-challenge.pbx.example.com");
  expect(txtValue(new Uint8Array(40).fill(9))).toMatch(/^push-challenge=[A-Za-z0-9]{43}$/u);
});
