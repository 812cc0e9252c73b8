import { describe, expect, it } from "vitest";
import { named } from "../../../lambdas/core/domains/change.ts";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import { announcementOf, overdue, type Announced } from "../../../lambdas/core/domains/expiry.ts";
import { NOON } from "../../support/values/clock.ts";

// Times as in docs/ownership.md.
const DAY_MS = 86_400_000;
const UNUSED_LIFE_MS = 30 * DAY_MS;
const NOTICE_PERIOD_MS = 7 * DAY_MS;
const OBJECTION_LIFE_MS = 7 * DAY_MS;
const CLAIM_LIFE_MS = 30 * DAY_MS;

/** Registered by email at noon, and never used. */
const unused: Domain = {
  account: "pbx.example.com",
  state: "active",
  origin: "mail",
  owner: "owner@one.example",
  secrets: { current: { id: "s", issuedAt: NOON } },
  createdAt: NOON,
  changedAt: NOON,
  version: 1,
};
const ANNOUNCED = NOON + UNUSED_LIFE_MS - NOTICE_PERIOD_MS;
const ending: Domain = { ...unused, changedAt: ANNOUNCED, endsAt: ANNOUNCED + NOTICE_PERIOD_MS };
/** The email left with the announcement. */
const told = { mail: "sent", at: ANNOUNCED } as const;
const claim = { claimant: "rival@two.example", madeAt: NOON, objectUntil: NOON + OBJECTION_LIFE_MS };
/** After the announced end, while the claim is still undecided. */
const LATE_CLAIM = ANNOUNCED + NOTICE_PERIOD_MS + 1;
const LATE = NOON + 1_000 * UNUSED_LIFE_MS;

describe("expiry", () => {
  it.each<readonly [string, Domain, number, string | undefined]>([
    ["ignores a recent registration", unused, ANNOUNCED - 1, undefined],
    ["announces the end of one that was never used", unused, ANNOUNCED, "expiry-announced"],
    ["leaves one that was used", { ...unused, firstLoginAt: NOON }, LATE, undefined],
    ["leaves one that was used after the announcement", { ...ending, firstLoginAt: ANNOUNCED }, LATE, undefined],
    ["leaves one that an operator set up", { ...unused, origin: "operator" }, LATE, undefined],
    ["leaves a suspended one", { ...ending, state: "suspended" }, LATE, undefined],
    ["leaves a claimed one", { ...ending, claim }, NOON + CLAIM_LIFE_MS - 1, undefined],
    [
      "leaves a claimed one, even past its end",
      { ...ending, claim: { ...claim, madeAt: ANNOUNCED } },
      LATE_CLAIM,
      undefined,
    ],
    ["ends an undecided claim", { ...ending, claim }, NOON + CLAIM_LIFE_MS, "claim-lapsed"],
  ])("%s", (_, domain, now, action) => expect(overdue(domain, now)?.action).toBe(action));

  it.each<readonly [string, number, string | undefined, Announced | undefined]>([
    ["gives the owner the whole notice period", NOTICE_PERIOD_MS - 1, undefined, told],
    ["does not announce it again", NOTICE_PERIOD_MS - 1, undefined, undefined],
    ["ends it", NOTICE_PERIOD_MS, "expired", told],
    ["waits a week after an email that left late", NOTICE_PERIOD_MS, undefined, { mail: "sent", at: ANNOUNCED + 1 }],
    ["ends it a week after that email", NOTICE_PERIOD_MS + 1, "expired", { mail: "sent", at: ANNOUNCED + 1 }],
    ["announces it again if no email left", NOTICE_PERIOD_MS, "expiry-announced", undefined],
    ["ends it if no email can ever leave", NOTICE_PERIOD_MS, "expired", { mail: "suppressed" }],
  ])("after the announcement %s", (_, later, action, mail) =>
    expect(overdue(ending, ANNOUNCED + later, mail)?.action).toBe(action),
  );

  it.each([[unused], [ending]])(
    "names the announcement's email by the same id as the change that announced it",
    (domain) => {
      const announced = overdue(domain, LATE);
      expect(announced?.after && announcementOf(announced.after)).toBe(announced && named(announced)[0]?.[0]);
    },
  );

  it("emails the owner about the coming end, its time, and the end itself", () => {
    const announced = overdue(unused, ANNOUNCED);
    expect(announced?.after?.endsAt).toBe(ANNOUNCED + NOTICE_PERIOD_MS);
    expect(announced?.notices).toMatchObject([
      { kind: "expiring", to: unused.owner, until: ANNOUNCED + NOTICE_PERIOD_MS },
    ]);
    const ended = overdue(ending, ANNOUNCED + NOTICE_PERIOD_MS, told);
    expect([ended?.after, ended?.actor]).toEqual([undefined, "time"]);
    expect(ended?.notices).toMatchObject([{ kind: "expired", to: unused.owner }]);
  });

  it("emails owner and claimant that the claim has lapsed, and leaves the domain to its owner", () => {
    const lapsed = overdue({ ...unused, claim }, NOON + CLAIM_LIFE_MS);
    expect(lapsed?.after).toMatchObject({ owner: unused.owner, secrets: unused.secrets });
    expect(lapsed?.after).not.toHaveProperty("claim");
    expect(lapsed?.notices).toMatchObject([
      { kind: "claim-lapsed", to: unused.owner, other: claim.claimant },
      { kind: "claim-ended", to: claim.claimant },
    ]);
  });
});
