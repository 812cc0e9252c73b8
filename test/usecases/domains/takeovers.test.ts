import { describe, expect, it } from "vitest";
import { address, OPERATOR, ownershipServices, type OwnershipServices } from "../../support/services/ownership.ts";

/** Attacks on someone else's name or secret, each with its steps. */
const DAY = 24 * 3_600_000;

/** The owner's page, as its owner sees it. */
async function pageOf({ owners }: OwnershipServices, account: string, emailKey: string) {
  const seen = await owners.view({ account, emailKey });
  if (seen.role !== "owner") throw new Error(`seen as ${seen.role}`);
  return seen;
}

const loginOf = (account: string, domain: string, secretId: string) => ({
  connectionId: account,
  connectedAt: 1,
  source: "203.0.113.7",
  login: { account, domain, secretId, at: 1 },
});

describe("an operator's accounts under an unregistered name", () => {
  async function customer() {
    const services = ownershipServices();
    const added = await services.office.add({ account: "customer.example/master" }, OPERATOR);
    if (!added.ok) throw new Error(added.error);
    return { ...services, secret: added.value.secret, secretId: added.value.domain.secrets.current.id };
  }

  it("keep the name the operator's: no email goes to an unrelated address, and no link confirms", async () => {
    const services = await customer();
    const { link } = await services.ask("customer.example", "stranger@one.example");
    expect(link).toBeUndefined();
    expect(await services.domains.find("customer.example")).toBeUndefined();
  });

  it("keep it the operator's even for a registration requested before they were added", async () => {
    const services = ownershipServices();
    const { link, code } = await services.ask("customer.example", "stranger@one.example");
    await services.office.add({ account: "customer.example/master" }, OPERATOR);
    expect(await services.page.read(link ?? "")).toEqual({ kind: "over" });
    expect(await services.page.confirm(link ?? "", code, false)).toEqual({ kind: "over" });
  });

  it("are claimed by DNS with their name, and the operator decides the claim", async () => {
    const services = await customer();
    const visitor = { account: "customer.example", emailKey: "rightful@one.example" };
    await services.publish(visitor);
    expect(await services.owners.prove(visitor)).toMatchObject({ ok: true, value: { kind: "claimed" } });
    await services.work();
    expect(services.notices.map(({ kind, to }) => [kind, to])).toEqual([["claim-made", visitor.emailKey]]);
    services.clock.advance(7 * DAY);
    expect(await services.office.decide("customer.example", "grant", OPERATOR)).toMatchObject({ ok: true });
    await services.work();
    expect(await services.domains.find("customer.example")).toMatchObject({ owner: visitor.emailKey, proof: "dns" });
    expect((await services.secrets.find("customer.example/master"))?.current.secret).toBe(services.secret);
  });

  it("stay hidden and valid under a domain that someone else gets, until they are transferred", async () => {
    const services = await customer();
    const owner = "owner@two.example";
    await services.office.add({ account: "customer.example", owner }, OPERATOR);
    const { secretId, sockets } = services;
    sockets.open.set("1", loginOf("customer.example/master", "customer.example", secretId));
    sockets.refused.push({
      domain: "customer.example",
      account: "customer.example/master",
      source: "203.0.113.7",
      at: 1,
      reason: "wrong-password",
      refusals: 1,
    });
    expect(await pageOf(services, "customer.example", owner)).toMatchObject({
      accounts: [],
      connections: [],
      refusedLogins: [],
    });

    expect(await services.owners.release({ account: "customer.example", emailKey: owner })).toMatchObject({ ok: true });
    await services.work();
    expect(await services.domains.find("customer.example/master")).toBeDefined();
    expect([...sockets.open.keys()]).toEqual(["1"]);
  });

  it("belong to the domain once the operator transfers them to its owner, and end with it", async () => {
    const services = await customer();
    const owner = "owner@two.example";
    await services.office.add({ account: "customer.example", owner }, OPERATOR);
    await services.office.transfer("customer.example/master", owner, OPERATOR);
    const { accounts } = await pageOf(services, "customer.example", owner);
    expect(accounts).toMatchObject([{ account: "customer.example/master" }]);
    await services.owners.release({ account: "customer.example", emailKey: owner });
    await services.work();
    expect(await services.domains.find("customer.example/master")).toBeUndefined();
  });

  it("leave the name free when the last of them is deleted", async () => {
    const services = await customer();
    await services.office.remove("customer.example/master", OPERATOR);
    expect((await services.ask("customer.example", "stranger@one.example")).link).toBeDefined();
  });
});

describe("an address at a subdomain", () => {
  it("does not take the name from its provisional owner, and gets no email", async () => {
    const services = ownershipServices();
    await services.register("uni.example", "it@agency.example");
    const { link } = await services.ask("uni.example", "s123@students.dorm.uni.example");
    expect(link).toBeUndefined();
  });

  it("registers a free name, provisionally", async () => {
    const services = ownershipServices();
    await services.register("uni.example", "s123@students.dorm.uni.example");
    expect(await services.domains.find("uni.example")).not.toHaveProperty("proof");
  });

  it("does not prove a domain that is moved to it", async () => {
    const services = ownershipServices();
    await services.register("uni.example", "it@uni.example");
    await services.owners.changeAddress(
      { account: "uni.example", emailKey: "it@uni.example" },
      address("s123@students.dorm.uni.example"),
    );
    await services.owners.confirmAddress({ account: "uni.example", emailKey: "s123@students.dorm.uni.example" });
    expect(await services.domains.find("uni.example")).not.toHaveProperty("proof");
  });
});

describe("a replacement whose answer was lost", () => {
  async function registered() {
    const services = ownershipServices();
    const owner = { account: "pbx.example.com", emailKey: "admin@example.com" };
    const first = (await services.register(owner.account, owner.emailKey)).password ?? "";
    const current = async () => (await services.secrets.find(owner.account))?.current;
    const replace = async () => services.owners.replaceSecret(owner, (await current())?.id ?? "");
    const logsIn = async () => services.time.loggedIn(owner.account, (await current())?.id ?? "");
    const older = async () => {
      const found = await services.secrets.find(owner.account);
      return [found?.previous, found?.earlier].flatMap((each) => (each === undefined ? [] : [each.secret]));
    };
    return { ...services, owner, first, current, replace, logsIn, older };
  }

  it.each([1, 2, 3, 4])("keeps the secret that PBXes use when repeated, after %i lost answers", async (lost) => {
    const { first, logsIn, replace, older, secrets, owner, clock } = await registered();
    await logsIn();
    const replacedAt = clock.now();
    for (let each = 0; each <= lost; each += 1) {
      await replace();
      clock.advance(60_000);
    }
    expect(await older()).toContain(first);
    const found = await secrets.find(owner.account);
    const kept = [found?.previous, found?.earlier].find((each) => each?.secret === first);
    expect(kept?.validUntil).toBe(replacedAt + 7 * DAY);
  });

  it("keeps two older secrets at most, used ones first", async () => {
    const { first, logsIn, replace, older, current } = await registered();
    await logsIn();
    await replace();
    const second = (await current())?.secret;
    await logsIn();
    await replace();
    await replace();
    expect(await older()).toEqual([second, first]);
  });

  it("does not keep a secret longer because PBXes still use it", async () => {
    const { first, logsIn, replace, older, clock } = await registered();
    await logsIn();
    await replace();
    clock.advance(7 * DAY);
    await replace();
    expect(await older()).not.toContain(first);
  });

  it("lets the owner end all older secrets immediately", async () => {
    const { logsIn, replace, older, owners, owner, domains } = await registered();
    await logsIn();
    await replace();
    await replace();
    expect(await older()).toHaveLength(2);
    expect(await owners.endOldSecret(owner)).toMatchObject({ ok: true });
    expect(await older()).toEqual([]);
    expect((await domains.find(owner.account))?.secrets).toEqual({ current: expect.anything() as never });
  });
});
