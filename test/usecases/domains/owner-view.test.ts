import { describe, expect, it } from "vitest";
import { address, OPERATOR, ownershipServices } from "../../support/services/ownership.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@example.com";
const NEXT = "next@example.com";
const RIVAL = "rival@three.example";
const DAY = 24 * 3_600_000;
const by = (emailKey: string, account = DOMAIN) => ({ account, emailKey });

async function services(owner = OWNER) {
  const setting = ownershipServices();
  await setting.register(DOMAIN, owner);
  const { owners } = setting;
  return {
    ...setting,
    seenBy: async (emailKey: string) => owners.view(by(emailKey)),
    claim: async () => {
      await setting.publish(by(RIVAL));
      await owners.prove(by(RIVAL));
    },
  };
}

describe("a link with one purpose", () => {
  it("shows neither another link's purpose nor the owner's page", async () => {
    const { owners, claim } = await services();
    await owners.changeAddress(by(OWNER), address(NEXT));
    await claim();
    const done = { role: "done-link", account: DOMAIN };
    expect(await owners.view({ ...by(NEXT), scope: "confirm" })).toMatchObject({ role: "successor" });
    expect(await owners.view({ ...by(NEXT), scope: "object" })).toEqual(done);
    expect(await owners.view({ ...by(OWNER), scope: "confirm" })).toEqual(done);
    expect(await owners.view({ ...by(RIVAL), scope: "object" })).toEqual(done);
  });

  it("for objecting shows nothing without a claim", async () => {
    const { owners } = await services();
    expect(await owners.view({ ...by(OWNER), scope: "object" })).toEqual({ role: "done-link", account: DOMAIN });
  });
});

describe("a change of address", () => {
  it("is on both pages for a day, to the ms", async () => {
    const { owners, seenBy, clock } = await services();
    const expiresAt = clock.now() + DAY;
    await owners.changeAddress(by(OWNER), address(NEXT));
    clock.advance(DAY - 1);
    expect(await seenBy(OWNER)).toMatchObject({ change: { to: NEXT, expiresAt } });
    expect(await seenBy(NEXT)).toEqual({ role: "successor", account: DOMAIN, expiresAt });
    clock.advance(1);
    expect(await seenBy(OWNER)).not.toHaveProperty("change");
    expect((await seenBy(NEXT)).role).toBe("unrelated");
  });
});

describe("a claim", () => {
  it("shows the claimant, until when the owner may object, and when the owner did", async () => {
    const { owners, seenBy, claim, clock, txt } = await services();
    const madeAt = clock.now();
    await claim();
    const shown = { claimant: RIVAL, madeAt, objectUntil: madeAt + 7 * DAY };
    const [[name, [value]] = ["", []]] = [...txt];
    expect(await seenBy(RIVAL)).toStrictEqual({
      role: "claimant",
      account: DOMAIN,
      claim: shown,
      record: { name, value },
    });
    const owner = await seenBy(OWNER);
    expect(owner.role === "owner" && owner.claim).toStrictEqual(shown);
    clock.advance(5_000);
    await owners.object(by(OWNER));
    expect(await seenBy(RIVAL)).toMatchObject({ claim: { ...shown, objectedAt: madeAt + 5_000 } });
  });

  it("stored by an earlier version without its record's text shows none", async () => {
    const { seenBy, claim, domains } = await services();
    await claim();
    const find = domains.find.bind(domains);
    Object.assign(domains, {
      find: async (account: string) => {
        const { claim: kept, ...domain } = (await find(account)) ?? {};
        const { value: _, ...claimed } = kept ?? {};
        return { ...domain, claim: claimed };
      },
    });
    const seen = await seenBy(RIVAL);
    expect(seen).toMatchObject({ role: "claimant", claim: { claimant: RIVAL } });
    expect(seen).not.toHaveProperty("record");
  });
});

describe("the page of an owner", () => {
  it("shows the accounts under the domain, and none on an account's own page", async () => {
    const { owners, office, seenBy, clock, domains } = await services();
    const createdAt = clock.now();
    await office.add({ account: `${DOMAIN}/slave`, owner: OWNER }, OPERATOR);
    const accountsOf = domains.accountsOf.bind(domains);
    const asked: string[] = [];
    Object.assign(domains, { accountsOf: (domain: string) => (asked.push(domain), accountsOf(domain)) });
    const seen = await seenBy(OWNER);
    expect(seen.role === "owner" && seen.accounts).toStrictEqual([
      { account: `${DOMAIN}/slave`, state: "active", createdAt },
    ]);
    expect(await owners.view(by(OWNER, `${DOMAIN}/slave`))).toMatchObject({ role: "owner", accounts: [] });
    expect(asked).toEqual([DOMAIN]);
  });

  it("omits a change, a claim, and the challenge of a proven domain", async () => {
    const { seenBy } = await services();
    expect(Object.keys(await seenBy(OWNER))).toEqual([
      "role",
      "account",
      "state",
      "standing",
      "secrets",
      "connections",
      "activity",
      "posts",
      "limits",
      "refusedLogins",
      "accounts",
    ]);
  });

  it("reads no activity if no PBX is connected, and uses up no limit", async () => {
    const { owners, telemetry, counters } = await services();
    const taken: string[] = [];
    const take = counters.take.bind(counters);
    Object.assign(counters, {
      take: (...args: Parameters<typeof take>) => (taken.push(...args[0].map(({ name }) => name)), take(...args)),
    });
    expect(await owners.view(by(OWNER))).toMatchObject({ activity: false });
    expect([taken, telemetry.count("Limited", "activity-address")]).toEqual([[], 0]);
  });

  it("shows only an account's own connections, and all of them for the domain", async () => {
    const { owners, office, sockets, secrets } = await services();
    const account = `${DOMAIN}/slave`;
    await office.add({ account, owner: OWNER }, OPERATOR);
    const secretId = (await secrets.find(account))?.current.id ?? "";
    for (const [connectionId, name] of [
      ["slave", account],
      ["master", `${DOMAIN}/master`],
    ] as const)
      sockets.open.set(connectionId, {
        connectionId,
        connectedAt: 1,
        source: "192.0.2.1",
        login: { account: name, domain: DOMAIN, secretId, at: 1 },
      });
    const ids = async (of: string) => {
      const seen = await owners.view(by(OWNER, of));
      return seen.role === "owner" ? seen.connections.map(({ connectionId }) => connectionId) : seen.role;
    };
    expect(await ids(account)).toEqual(["slave"]);
    expect(await ids(DOMAIN)).toEqual(["slave", "master"]);
  });
});

describe("a challenge", () => {
  it("is valid for seven days, then another one is shown", async () => {
    const { owners, clock } = await services();
    const challenge = async () => {
      const seen = await owners.view(by(RIVAL));
      if (seen.role !== "unrelated") throw new Error(seen.role);
      return seen.challenge;
    };
    const first = await challenge();
    expect(first).toEqual({
      name: `_push-challenge.${DOMAIN}`,
      value: expect.stringMatching(/^push-challenge=[A-Za-z0-9]{43}$/u) as string,
      expiresAt: clock.now() + 7 * DAY,
    });
    clock.advance(7 * DAY - 1);
    expect(await challenge()).toEqual(first);
    clock.advance(1);
    expect((await challenge()).value).not.toBe(first.value);
  });
});
