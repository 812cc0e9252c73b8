import { describe, expect, it } from "vitest";
import { endWithDomain, lastEnd } from "../../../lambdas/core/domains/accounts.ts";
import { entryOf } from "../../../lambdas/core/domains/audit.ts";
import type { Change, Moment } from "../../../lambdas/core/domains/change.ts";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import { register, transfer } from "../../../lambdas/core/domains/domains.ts";
import { overdue } from "../../../lambdas/core/domains/expiry.ts";
import {
  askMove,
  cancelMove,
  confirmMove,
  deny,
  grant,
  object,
  prove,
  release,
} from "../../../lambdas/core/domains/ownership.ts";
import type { Result } from "../../../lambdas/core/shared/result.ts";
import { SECRET_BYTES } from "../../../lambdas/core/domains/secrets.ts";
import { NOON } from "../../support/values/clock.ts";

/** docs/ownership.md: 30 days. */
const CLAIM_LIFE_MS = 30 * 86_400_000;

const [OWNER, NEXT, RIVAL] = ["owner@one.example", "next@two.example", "rival@three.example"];
const ME = "operator test";
const by = (emailKey: string) => ({ account: "pbx.example.com", emailKey });
const moment: Moment = { now: NOON, bytes: new Uint8Array(SECRET_BYTES).fill(7) };
const done = <T>(result: Result<T, string>): T => {
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const request = { account: "pbx.example.com", emailKey: OWNER, source: "192.0.2.1", replace: false };
const registered = done(register({ domain: undefined, secrets: undefined }, request, moment));
const provisional = registered.after;
const proven: Domain = { ...provisional, proof: "dns" };
const claimed: Domain = { ...proven, claim: { claimant: RIVAL, madeAt: NOON, objectUntil: NOON } };
const moving: Domain = { ...proven, move: { to: NEXT, expiresAt: NOON + 1 } };
const changeOf = (result: ReturnType<typeof prove>): Change => {
  const { change } = done(result);
  if (change === undefined) throw new Error("no change");
  return change;
};

describe("an entry of the history names the actor, the former and the current owner", () => {
  it.each<readonly [string, Change | undefined, object]>([
    ["registering", registered, { actor: "owner", by: OWNER, to: OWNER }],
    [
      "taking",
      changeOf(prove({ domain: provisional }, by(RIVAL), "text", moment)),
      { actor: "claimant", by: RIVAL, from: OWNER, to: RIVAL },
    ],
    ["claiming", changeOf(prove({ domain: proven }, by(RIVAL), "text", moment)), { actor: "claimant", by: RIVAL }],
    ["asking a new address", done(askMove(proven, by(OWNER), NEXT, NOON)), { actor: "owner", by: OWNER, other: NEXT }],
    ["cancelling that", done(cancelMove(moving, by(OWNER), NOON)), { actor: "owner", by: OWNER, other: NEXT }],
    ["moving", done(confirmMove(moving, by(NEXT), NOON)), { actor: "owner", by: NEXT, from: OWNER, to: NEXT }],
    ["releasing", done(release(proven, by(OWNER), NOON)), { actor: "owner", by: OWNER, from: OWNER }],
    [
      "objecting",
      done(object(claimed, { actor: "owner", emailKey: OWNER }, NOON)),
      { actor: "owner", by: OWNER, other: RIVAL },
    ],
    ["granting", done(grant(claimed, ME, moment)), { actor: ME, from: OWNER, to: RIVAL }],
    ["denying", done(deny(claimed, ME, NOON)), { actor: ME, other: RIVAL }],
    ["lapsing", overdue(claimed, NOON + CLAIM_LIFE_MS), { actor: "time", other: RIVAL }],
    ["transferring", done(transfer(proven, { to: NEXT, actor: ME }, moment)), { actor: ME, from: OWNER, to: NEXT }],
  ])("%s", (_, change, expected) => {
    if (change === undefined) throw new Error("no change");
    const { at, action, ...who } = entryOf(change);
    expect([at, action, who]).toStrictEqual([change.at, change.action, expected]);
  });
});

describe("accounts of a domain", () => {
  const account: Domain = { ...proven, account: "pbx.example.com/slave", under: proven.version };
  const entry = (action: string, at: number) => ({ at, action, actor: "owner", by: RIVAL });

  it.each(["taken", "claim-granted", "transferred", "released", "deleted", "expired"])(
    "end when their domain is %s",
    (action) => {
      const end = lastEnd([entry("joined", NOON + 2), entry(action, NOON + 1), entry("registered", NOON)]);
      expect(end).toEqual(entry(action, NOON + 1));
      const ended = done(endWithDomain(account, undefined, entry(action, NOON), NOON + 1));
      expect(entryOf(ended)).toEqual({ at: NOON + 1, action: "account-ended", actor: "owner", by: RIVAL, from: OWNER });
    },
  );

  it.each(["moved", "suspended", "rekeyed", "claimed", "replaced"])("stay when their domain is %s", (action) => {
    expect(lastEnd([entry(action, NOON)])).toBeUndefined();
  });

  it("stay if set up later or while the name was free, and are skipped if already deleted", () => {
    const { under: _, ...operators } = account;
    expect(endWithDomain(operators, undefined, entry("released", NOON + 1), NOON + 2).ok).toBe(false);
    const end = entry("released", NOON - 1);
    expect(endWithDomain(account, proven, end, NOON)).toEqual({ ok: false, error: "nothing" });
    expect(endWithDomain(undefined, proven, end, NOON)).toEqual({ ok: false, error: "unknown" });
  });

  it.each<readonly [string, Domain | undefined, boolean]>([
    ["still the same", { ...proven, heldSince: 5 }, false],
    ["another's", { ...proven, heldSince: 6 }, true],
    ["gone", undefined, true],
  ])("set up under a domain end with it, whatever the clocks: it is %s", (_, domain, ended) => {
    const later: Domain = { ...account, under: 5, createdAt: NOON + 1 };
    expect(endWithDomain(later, domain, entry("released", NOON), NOON).ok).toBe(ended);
  });
});

// Never throws, whatever a change lacks.
it.each(["owner", "claimant", "time", ME] as const)(
  "entryOf: records an empty change by %s without an owner",
  (actor) => {
    for (const action of [
      "moved",
      "move-asked",
      "move-cancelled",
      "objected",
      "claim-denied",
      "claim-lapsed",
    ] as const) {
      const about = { account: "pbx.example.com", secrets: undefined, action, actor, at: NOON, notices: [] };
      const bare: Change = { ...about, before: undefined, after: undefined };
      expect(entryOf(bare)).toStrictEqual({ at: NOON, action, actor });
      const { owner: _, ...nobodys } = provisional;
      expect(entryOf({ ...bare, before: nobodys, after: nobodys })).toStrictEqual({ at: NOON, action, actor });
    }
  },
);
