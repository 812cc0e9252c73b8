import { describe, expect, it } from "vitest";
import type { Change, Moment } from "../../../lambdas/core/domains/change.ts";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import type { Notice } from "../../../lambdas/core/domains/notice.ts";
import {
  askMove,
  cancelMove,
  confirmMove,
  deny,
  endOldSecret,
  grant,
  hasPart,
  object,
  prove,
  release,
  replaceByOwner,
} from "../../../lambdas/core/domains/ownership.ts";
import type { Result } from "../../../lambdas/core/shared/result.ts";
import { issueSecret, marksOf, SECRET_BYTES } from "../../../lambdas/core/domains/secrets.ts";
import { NOON } from "../../support/values/clock.ts";

// Times as in docs/ownership.md and docs/pages.md.
const DAY_MS = 86_400_000;
const MOVE_LIFE_MS = DAY_MS;
const OBJECTION_LIFE_MS = 7 * DAY_MS;
const CLAIM_LIFE_MS = 30 * DAY_MS;

const OWNER = "owner@one.example";
const NEXT = "next@two.example";
const RIVAL = "rival@three.example";
const ME = "operator test";
const by = (emailKey: string) => ({ account: "pbx.example.com", emailKey });

const moment: Moment = { now: NOON, bytes: new Uint8Array(SECRET_BYTES).fill(7) };
const secrets = { current: issueSecret(new Uint8Array(SECRET_BYTES).fill(1), 0) };
const PRESENT = secrets.current.id;
const claim = { claimant: RIVAL, madeAt: NOON - OBJECTION_LIFE_MS, objectUntil: NOON };
const move = { to: NEXT, expiresAt: NOON + 1 };

/** A domain that the operator has set up for the owner: proven, with a secret. */
const domain: Domain = {
  account: "pbx.example.com",
  state: "active",
  origin: "operator",
  owner: OWNER,
  proof: "operator",
  secrets: marksOf(secrets),
  createdAt: 0,
  changedAt: 0,
  version: 1,
};
const provisional: Domain = { ...domain, origin: "mail" };
delete (provisional as { proof?: unknown }).proof;
const suspended: Domain = { ...domain, state: "suspended" };
const replaced: Domain = {
  ...domain,
  secrets: { ...domain.secrets, previous: { id: "old", issuedAt: 0, validUntil: NOON + 1 } },
};
const moving: Domain = { ...domain, move };
const claimed: Domain = { ...domain, claim };

const errorOf = (result: Result<unknown, string>) => (result.ok ? "ok" : result.error);
const done = <T>(result: Result<T, string>): T => {
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const mails = ({ notices }: Change) => notices.map(({ kind, to }: Notice) => `${kind} to ${to}`);

describe("a rule forbids to", () => {
  const stored = (of: Domain | undefined) => ({ domain: of, secrets });
  const owner = { actor: "owner", emailKey: OWNER } as const;
  const rival = { actor: "owner", emailKey: RIVAL } as const;
  const operator = { actor: ME } as const;

  it.each<readonly [string, string, Result<unknown, string>]>([
    ["replace", "foreign", replaceByOwner(stored(undefined), by(OWNER), PRESENT, moment)],
    ["replace", "foreign", replaceByOwner(stored(domain), by(RIVAL), PRESENT, moment)],
    ["replace", "suspended", replaceByOwner(stored(suspended), by(OWNER), PRESENT, moment)],
    [
      "replace the secret of a missing domain",
      "nothing",
      replaceByOwner({ domain, secrets: undefined }, by(OWNER), PRESENT, moment),
    ],
    [
      "replace a secret that was replaced already",
      "same",
      replaceByOwner(stored(domain), by(OWNER), "another", moment),
    ],
    ["end the old secret", "unknown", endOldSecret(undefined, operator, NOON)],
    ["end the old secret", "foreign", endOldSecret(replaced, rival, NOON)],
    ["end the old secret", "suspended", endOldSecret({ ...replaced, state: "suspended" }, owner, NOON)],
    ["end an old secret that does not exist", "nothing", endOldSecret(domain, owner, NOON)],
    ["move", "foreign", askMove(domain, by(RIVAL), RIVAL, NOON)],
    ["move to the same address", "same", askMove(domain, by(OWNER), OWNER, NOON)],
    ["move", "suspended", askMove(suspended, by(OWNER), NEXT, NOON)],
    ["cancel a move", "foreign", cancelMove(moving, by(NEXT), NOON)],
    ["cancel a move that does not exist", "nothing", cancelMove(domain, by(OWNER), NOON)],
    ["confirm a move", "foreign", confirmMove(undefined, by(NEXT), NOON)],
    ["confirm a move", "foreign", confirmMove(moving, by(RIVAL), NOON)],
    ["confirm a move that does not exist", "foreign", confirmMove(domain, by(NEXT), NOON)],
    ["confirm a move too late", "foreign", confirmMove(moving, by(NEXT), move.expiresAt)],
    ["confirm a move", "suspended", confirmMove({ ...moving, state: "suspended" }, by(NEXT), NOON)],
    ["release", "foreign", release(domain, by(RIVAL), NOON)],
    ["release", "suspended", release(suspended, by(OWNER), NOON)],
    // Otherwise the owner could register it again, and the claim would be gone.
    ["release a claimed domain", "claimed", release(claimed, by(OWNER), NOON)],
    ["prove", "unknown", prove({ domain: undefined }, by(RIVAL), "text", moment)],
    ["prove", "suspended", prove({ domain: suspended }, by(RIVAL), "text", moment)],
    ["prove twice", "same", prove({ domain: { ...domain, proof: "dns" } }, by(OWNER), "text", moment)],
    ["claim a claimed domain", "claimed", prove({ domain: claimed }, by("third@four.example"), "text", moment)],
    ["object", "unknown", object(undefined, owner, NOON)],
    ["object", "foreign", object(claimed, rival, NOON)],
    ["object without a claim", "nothing", object(domain, owner, NOON)],
    ["object to a claim that has lapsed", "nothing", object(claimed, operator, claim.madeAt + CLAIM_LIFE_MS)],
    ["object twice", "same", object({ ...claimed, claim: { ...claim, objectedAt: NOON } }, owner, NOON)],
    ["grant", "unknown", grant(undefined, ME, moment)],
    ["grant without a claim", "nothing", grant(domain, ME, moment)],
    ["grant while the owner may object", "early", grant(claimed, ME, { ...moment, now: NOON - 1 })],
    ["deny", "unknown", deny(undefined, ME, NOON)],
    ["deny without a claim", "nothing", deny(domain, ME, NOON)],
  ])("%s: %s", (_, error, result) => expect(errorOf(result)).toBe(error));
});

describe("the owner", () => {
  it("replaces the secret, keeps the old one valid, and is notified", () => {
    const step = done(replaceByOwner({ domain, secrets }, by(OWNER), PRESENT, moment));
    expect(step.secrets.previous).toMatchObject({ id: secrets.current.id });
    expect(step.after.secrets).toEqual(marksOf(step.secrets));
    expect(mails(step)).toEqual([`replaced to ${OWNER}`]);
  });

  it.each([
    ["owner", undefined],
    [ME, true],
  ] as const)("or the operator ends the old secret immediately: %s", (actor, byOperator) => {
    const step = done(endOldSecret(replaced, { actor, ...(actor === "owner" && { emailKey: OWNER }) }, NOON));
    expect(step.after.secrets).toEqual({ current: domain.secrets.current });
    expect(step.notices).toMatchObject([{ kind: "old-secret-ended", to: OWNER }]);
    expect(step.notices[0]?.byOperator).toBe(byOperator);
  });

  it("moves the domain only once the new address, which gets an email, confirms", () => {
    const asked = done(askMove(domain, { ...by(OWNER), language: "de" }, NEXT, NOON));
    expect(asked.after).toMatchObject({
      owner: OWNER,
      move: { to: NEXT, expiresAt: NOON + MOVE_LIFE_MS, language: "de" },
    });
    expect(asked.notices).toMatchObject([
      { kind: "address-asked", to: NEXT, other: OWNER, until: NOON + MOVE_LIFE_MS, language: "de" },
    ]);
    const moved = done(confirmMove(asked.after, by(NEXT), NOON + MOVE_LIFE_MS - 1));
    expect(moved.after).toMatchObject({
      owner: NEXT,
      language: "de",
      secrets: domain.secrets,
      ownerSince: NOON + MOVE_LIFE_MS - 1,
    });
    expect(moved.after).not.toHaveProperty("move");
    expect(mails(moved)).toEqual([`address-changed to ${OWNER}`, `address-taken to ${NEXT}`]);
  });

  it("cancels a move", () => {
    expect(done(cancelMove(moving, by(OWNER), NOON)).after).not.toHaveProperty("move");
  });

  it.each([
    [RIVAL, undefined],
    [NEXT, claim],
  ] as const)("moves to %s: a claim remains, unless it was the new owner's", (to, left) => {
    const moved = done(confirmMove({ ...claimed, move: { ...move, to } }, by(to), NOON));
    expect(moved.after.claim).toEqual(left);
  });

  it.each([
    ["address", NEXT, undefined],
    ["address", "next@example.com", "address"],
    [undefined, "next@example.com", "address"],
    ["dns", NEXT, "dns"],
    ["operator", NEXT, "operator"],
  ] as const)("moves a domain with proof %s to %s, which leaves proof %s", (proof, to, expected) => {
    const moved = done(confirmMove({ ...provisional, ...(proof && { proof }), move: { ...move, to } }, by(to), NOON));
    expect(moved.after.proof).toBe(expected);
  });

  it("releases the domain with everything in it, also once a claim has lapsed", () => {
    const step = done(release(claimed, by(OWNER), claim.madeAt + CLAIM_LIFE_MS));
    expect([step.after, mails(step)]).toEqual([undefined, [`released to ${OWNER}`, `claim-ended to ${RIVAL}`]]);
  });
});

describe("a proof by DNS", () => {
  it("makes one's own domain proven, and keeps its secret", () => {
    const proved = done(prove({ domain: provisional }, by(OWNER), "text", moment));
    expect(proved).toMatchObject({
      kind: "proven",
      change: { after: { owner: OWNER, proof: "dns", secrets: domain.secrets } },
    });
  });

  it("takes another's provisional domain, with a new secret as the only valid one", () => {
    const proved = done(prove({ domain: provisional }, by(RIVAL), "text", moment));
    if (proved.kind !== "taken") throw new Error(proved.kind);
    expect(proved.change.after).toMatchObject({ owner: RIVAL, proof: "dns" });
    expect(proved.change.secrets).not.toHaveProperty("previous");
    expect(proved.change.secrets.current.id).not.toBe(secrets.current.id);
    expect(mails(proved.change)).toEqual([`taken to ${OWNER}`]);
  });

  it.each(["de", undefined] as const)(
    "claims another's proven domain, and notifies both in their languages: %s",
    (language) => {
      const proved = done(prove({ domain }, { ...by(RIVAL), ...(language && { language }) }, "text", moment));
      const expected = {
        claimant: RIVAL,
        madeAt: NOON,
        objectUntil: NOON + OBJECTION_LIFE_MS,
        value: "text",
        ...(language && { language }),
      };
      if (proved.kind !== "claimed" || proved.change === undefined) throw new Error(proved.kind);
      expect(proved.claim).toEqual(expected);
      expect(proved.change.after).toMatchObject({ owner: OWNER, claim: expected });
      expect(mails(proved.change)).toEqual([`claimed to ${OWNER}`, `claim-made to ${RIVAL}`]);
      expect(proved.change.notices.map((notice) => notice.language)).toEqual([undefined, language]);
    },
  );

  it("changes nothing if the visitor has a claim already", () => {
    expect(done(prove({ domain: claimed }, by(RIVAL), "text", moment))).toEqual({
      kind: "claimed",
      claim,
      change: undefined,
    });
  });

  it("replaces a lapsed claim", () => {
    const proved = done(prove({ domain: claimed }, by(NEXT), "text", { ...moment, now: claim.madeAt + CLAIM_LIFE_MS }));
    expect(proved).toMatchObject({ kind: "claimed", claim: { claimant: NEXT } });
  });
});

describe("a claim", () => {
  const objected = { ...claimed, claim: { ...claim, objectedAt: NOON - 1 } };

  it("may be objected to, and both are notified", () => {
    const step = done(object(claimed, { actor: "owner", emailKey: OWNER }, NOON));
    expect([step.after.claim?.objectedAt, mails(step)]).toEqual([
      NOON,
      [`objected to ${OWNER}`, `claim-objected to ${RIVAL}`],
    ]);
    const forThem = done(object(claimed, { actor: ME }, NOON));
    expect(forThem.notices[0]).toMatchObject({ kind: "objected", to: OWNER, byOperator: true });
  });

  it.each([
    ["after the owner's time to object", claimed, NOON],
    ["after the owner's objection", objected, NOON - 1],
  ])("is granted %s, with a new secret that was never shown", (_, of, now) => {
    const step = done(grant({ ...of, firstLoginAt: 1 }, ME, { ...moment, now }));
    expect(step.after).not.toHaveProperty("firstLoginAt");
    expect(step.after).toMatchObject({ owner: RIVAL, proof: "dns" });
    expect(step.after).not.toHaveProperty("claim");
    expect(step.secrets.current.id).not.toBe(secrets.current.id);
    expect(mails(step)).toEqual([`claim-lost to ${OWNER}`, `claim-granted to ${RIVAL}`]);
  });

  it("is denied: the domain stays as it is, and both are notified", () => {
    const step = done(deny(claimed, ME, NOON));
    expect(step.after).toMatchObject({ owner: OWNER, proof: "operator", secrets: domain.secrets });
    expect(step.after).not.toHaveProperty("claim");
    expect(mails(step)).toEqual([`claim-fended to ${OWNER}`, `claim-denied to ${RIVAL}`]);
  });
});

it("owner, successor and claimant have a part in a domain, the latter two until their time is over", () => {
  const all: Domain = { ...claimed, move };
  const parts = (of: Domain | undefined, now: number) =>
    [OWNER, NEXT, RIVAL, "third@four.example"].map((each) => hasPart(of, each, now));
  expect(parts(all, NOON)).toEqual([true, true, true, false]);
  expect(parts(all, claim.madeAt + CLAIM_LIFE_MS)).toEqual([true, false, false, false]);
  expect(parts(undefined, NOON)).toEqual([false, false, false, false]);
});
