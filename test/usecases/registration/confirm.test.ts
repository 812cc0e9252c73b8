import { describe, expect, it } from "vitest";
import { add, remove } from "../../../lambdas/core/domains/domains.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { ownershipServices } from "../../support/services/ownership.ts";
import { registrationServices } from "../../support/services/registration.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@example.com";
const wrongOf = (code: string) => (code === "000000" ? "000001" : "000000");

describe("the reader of the email", () => {
  it("sees the request, and whether the domain is registered already", async () => {
    const { page, ask, register } = registrationServices();
    const first = await ask(DOMAIN, OWNER);
    const looked = await page.read(first.link ?? "");
    expect(looked).toMatchObject({
      kind: "open",
      registered: false,
      registration: { domain: DOMAIN, source: "192.0.2.1" },
    });
    await register(DOMAIN, OWNER);
    expect(await page.read((await ask(DOMAIN, OWNER)).link ?? "")).toMatchObject({ kind: "open", registered: true });
  });

  it("changes nothing by looking, however often", async () => {
    const { page, ask, domains, window } = registrationServices();
    const { link, ticket } = await ask(DOMAIN, OWNER);
    for (let look = 0; look < 20; look += 1) await page.read(link ?? "");
    expect(await domains.find(DOMAIN)).toBeUndefined();
    expect(await window.poll(ticket)).toMatchObject({ state: "waiting" });
  });

  it("becomes the owner with the code", async () => {
    const { page, ask, domains } = registrationServices();
    const { link, code } = await ask(DOMAIN, OWNER);
    expect(await page.confirm(link ?? "", code, false)).toEqual({ kind: "confirmed", domain: DOMAIN, replaced: false });
    expect(await domains.find(DOMAIN)).toMatchObject({ owner: OWNER, origin: "mail", state: "active" });
    expect((await domains.history(DOMAIN, 5)).map(({ action, actor }) => [action, actor])).toEqual([
      ["registered", "owner"],
    ]);
    expect(await page.read(link ?? "")).toEqual({ kind: "done", domain: DOMAIN });
    expect(await page.confirm(link ?? "", code, false)).toEqual({ kind: "done", domain: DOMAIN });
  });

  it.each([
    (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} `,
    (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`,
  ])("may write the code with spaces and hyphens", async (written) => {
    const { page, ask } = registrationServices();
    const { link, code } = await ask(DOMAIN, OWNER);
    expect(await page.confirm(link ?? "", written(code), false)).toMatchObject({ kind: "confirmed" });
  });

  it.each(["", "test@example.com", "https://safelinks.example/", "12345", "1234567", "Confirm", "\u200b"])(
    "loses no attempt with %j, which cannot be a code",
    async (typed) => {
      const { page, ask } = registrationServices();
      const { link = "", code } = await ask(DOMAIN, OWNER);
      for (let round = 0; round < 20; round += 1)
        expect(await page.confirm(link, typed, false)).toMatchObject({ kind: "no-code", registered: false });
      expect(await page.confirm(link, wrongOf(code), false)).toMatchObject({ kind: "wrong-code", left: 4 });
      expect(await page.confirm(link, code, false)).toMatchObject({ kind: "confirmed" });
    },
  );

  it("may paste the link with text around it", async () => {
    const { page, ask } = registrationServices();
    const { link = "", code } = await ask(DOMAIN, OWNER);
    expect(await page.read(`<${link}>.\n`)).toMatchObject({ kind: "open" });
    expect(await page.confirm(`${link}\u200b"`, `${code}.`, false)).toMatchObject({ kind: "confirmed" });
  });

  it("has five attempts, after which the correct code no longer works", async () => {
    const { page, ask, window, domains } = registrationServices();
    const { link = "", code, ticket } = await ask(DOMAIN, OWNER);
    for (const left of [4, 3, 2, 1]) {
      expect(await page.confirm(link, wrongOf(code), false)).toMatchObject({
        kind: "wrong-code",
        left,
        registered: false,
      });
    }
    expect(await page.confirm(link, wrongOf(code), false)).toEqual({ kind: "over" });
    expect(await page.confirm(link, code, false)).toEqual({ kind: "over" });
    expect(await window.poll(ticket)).toEqual({ state: "expired", reason: "codes" });
    expect(await domains.find(DOMAIN)).toBeUndefined();
  });

  it("makes the network of the window known for 30 days", async () => {
    const { page, ask, knownNetworks, clock } = registrationServices();
    const { link = "", code } = await ask(DOMAIN, OWNER);
    const known = async () => knownNetworks.knows(OWNER, "192.0.2.1", clock.now());
    await page.confirm(link, wrongOf(code), false);
    expect(await known()).toBe(false);
    await page.confirm(link, code, false);
    clock.advance(30 * 86_400_000 - 1);
    expect(await known()).toBe(true);
    clock.advance(1);
    expect(await known()).toBe(false);
  });

  it("is late after 30 minutes", async () => {
    const { page, ask, clock } = registrationServices();
    const { link, code } = await ask(DOMAIN, OWNER);
    clock.advance(30 * 60_000);
    expect(await page.read(link ?? "")).toEqual({ kind: "over" });
    expect(await page.confirm(link ?? "", code, false)).toEqual({ kind: "over" });
  });

  it.each(["", "A".repeat(43), "../../x", "LINK#x"])("needs a link from an email, not %j", async (link) => {
    const { page, ask } = registrationServices();
    const { code } = await ask(DOMAIN, OWNER);
    expect(await page.read(link)).toEqual({ kind: "over" });
    expect(await page.confirm(link, code, false)).toEqual({ kind: "over" });
  });
});

describe("with two requests for one domain", () => {
  /** Two windows of one reader, a minute apart. */
  async function twice(second = OWNER) {
    const services = registrationServices();
    const old = await services.ask(DOMAIN, OWNER);
    services.clock.advance(60_000);
    const recent = await services.ask(DOMAIN, second);
    return { ...services, old, recent };
  }

  it("the old email's page says that the new window's code belongs to the new email, and still counts it", async () => {
    const { page, old, recent } = await twice();
    expect(recent.reference).not.toBe(old.reference);
    const answers = [];
    for (let attempt = 0; attempt < 5; attempt += 1)
      answers.push(await page.confirm(old.link ?? "", recent.code, false));
    expect(answers[0]).toMatchObject({ kind: "wrong-code", left: 4, of: recent.reference, newer: true });
    expect(answers[4]).toEqual({ kind: "over", newer: recent.reference });
    expect(await page.confirm(recent.link ?? "", recent.code, false)).toMatchObject({ kind: "confirmed" });
  });

  it("the new email's page says that the old window's code belongs to the old email", async () => {
    const { page, old, recent } = await twice();
    const answer = await page.confirm(recent.link ?? "", old.code, false);
    expect(answer).toMatchObject({ kind: "wrong-code", left: 4, of: old.reference, newer: false });
  });

  it("the old email's page names the new request of a restarted window, even before a code is entered", async () => {
    const { page, window, old, recent } = await twice();
    await window.acknowledge(old.ticket);
    const over = { kind: "over", newer: recent.reference };
    expect(await page.read(old.link ?? "")).toEqual(over);
    expect(await page.confirm(old.link ?? "", old.code, false)).toEqual(over);
    await window.acknowledge(recent.ticket);
    expect(await page.read(old.link ?? "")).toEqual({ kind: "over" });
  });

  it("the page names the newest of several requests", async () => {
    const { page, window, ask, clock, old } = await twice();
    clock.advance(60_000);
    const newest = await ask(DOMAIN, OWNER);
    await window.acknowledge(old.ticket);
    expect(await page.read(old.link ?? "")).toEqual({ kind: "over", newer: newest.reference });
  });

  it("the new email's page names no older request that was given up", async () => {
    const { page, window, recent } = await twice();
    await window.acknowledge(recent.ticket);
    expect(await page.read(recent.link ?? "")).toEqual({ kind: "over" });
  });

  it("neither counts as newer if both were made at the same time", async () => {
    const { page, window, ask } = registrationServices();
    const [one, other] = [await ask(DOMAIN, OWNER), await ask(DOMAIN, OWNER)];
    expect(await page.confirm(one.link ?? "", other.code, false)).toMatchObject({ of: other.reference, newer: false });
    await window.acknowledge(one.ticket);
    expect(await page.read(one.link ?? "")).toEqual({ kind: "over" });
  });

  it("a code that neither window shows is only wrong", async () => {
    const { page, old, recent } = await twice();
    const wrong = ["000000", "000001", "000002"].find((code) => code !== old.code && code !== recent.code) ?? "";
    const answer = await page.confirm(old.link ?? "", wrong, false);
    expect(answer).toMatchObject({ kind: "wrong-code", left: 4 });
    expect(answer).not.toHaveProperty("of");
  });

  it("the old email's page names no new request that five wrong codes have ended", async () => {
    const { page, window, old, recent } = await twice();
    const wrong = ["000000", "000001", "000002"].find((code) => code !== old.code && code !== recent.code) ?? "";
    for (let attempt = 0; attempt < 5; attempt += 1) await page.confirm(recent.link ?? "", wrong, false);
    expect(await page.confirm(old.link ?? "", recent.code, false)).not.toHaveProperty("of");
    await window.acknowledge(old.ticket);
    expect(await page.read(old.link ?? "")).toEqual({ kind: "over" });
  });

  it("the page does not mention a request with another address", async () => {
    const { page, window, old, recent } = await twice("rival@elsewhere.example");
    expect(await page.confirm(old.link ?? "", recent.code, false)).not.toHaveProperty("of");
    await window.acknowledge(old.ticket);
    expect(await page.read(old.link ?? "")).toEqual({ kind: "over" });
  });
});

describe("someone else's provisional registration", () => {
  const SQUATTER = "squatter@elsewhere.example";
  const INSIDE = "admin@example.com";

  it("yields to an address of the domain: the old secret and its logins end, and its owner is notified", async () => {
    const { register, ask, page, window, secrets, domains, noticed, swept } = registrationServices();
    const first = await register(DOMAIN, SQUATTER);
    const { link = "", code, ticket } = await ask(DOMAIN, INSIDE);
    expect(await page.read(link)).toMatchObject({ kind: "open", registered: false });
    expect(await page.confirm(link, code, false)).toMatchObject({ kind: "confirmed", replaced: false });
    expect(await domains.find(DOMAIN)).toMatchObject({ owner: INSIDE, proof: "address" });
    const found = await secrets.find(DOMAIN);
    expect(found?.previous).toBeUndefined();
    expect(await window.poll(ticket)).toMatchObject({ state: "confirmed", password: found?.current.secret });
    expect(found?.current.secret).not.toBe(first.password);
    expect(await window.poll(first.ticket)).toEqual({ state: "expired", reason: "lost" });
    expect(swept).toEqual([`${DOMAIN} after 15`, `${DOMAIN} after 0`]);
    expect(new Set(noticed).size).toBe(1);
  });

  it("sends nothing to another unrelated address, nor a proven one to an address of the domain", async () => {
    const { register, ask } = registrationServices();
    await register(DOMAIN, SQUATTER);
    expect((await ask(DOMAIN, "rival@third.example")).link).toBeUndefined();
    await register("pbx.example.org", "first@example.org");
    expect((await ask("pbx.example.org", "second@example.org")).link).toBeUndefined();
  });
});

describe("registering again", () => {
  it("without replacing returns the existing secret unchanged", async () => {
    const { register, secrets } = registrationServices();
    const first = await register(DOMAIN, OWNER);
    const before = await secrets.find(DOMAIN);
    const second = await register(DOMAIN, OWNER);
    expect(second.outcome).toEqual({ kind: "confirmed", domain: DOMAIN, replaced: false });
    expect(second.password).toBe(first.password);
    expect(await secrets.find(DOMAIN)).toEqual(before);
  });

  it("without replacing notifies the owner once, with time and source of the window that got the password", async () => {
    const { register, ask, page, clock, domains, noticed, notices } = registrationServices();
    await register(DOMAIN, OWNER);
    expect(noticed).toEqual([]);
    const { link = "", code } = await ask(DOMAIN, OWNER, "198.51.100.7");
    clock.advance(60_000);
    for (let round = 0; round < 2; round += 1) await page.confirm(link, code, false);
    const ids = [...new Set(noticed)];
    expect(ids).toHaveLength(1);
    expect(await notices.find(ids[0] ?? "")).toMatchObject({
      kind: "joined",
      account: DOMAIN,
      to: OWNER,
      at: clock.now(),
      source: "198.51.100.7",
      language: "en",
    });
    expect(await domains.history(DOMAIN, 5)).toHaveLength(2);
  });

  it("ten times in a day sends no more emails than the owner's limit of notices", async () => {
    const { ask, page, work, notices, domains } = ownershipServices(memoryStore(), { noticesPerAddressPerDay: 3 });
    for (let round = 0; round <= 10; round += 1) {
      const { link = "", code } = await ask(DOMAIN, OWNER);
      expect(await page.confirm(link, code, false)).toMatchObject({ kind: "confirmed" });
      await work();
    }
    expect(await domains.history(DOMAIN, 20)).toHaveLength(11);
    expect(notices.map(({ kind, to }) => [kind, to])).toEqual(Array.from({ length: 3 }, () => ["joined", OWNER]));
  });

  it("with replacing keeps the old secret valid for seven days beside the new one", async () => {
    const { register, secrets, domains, clock } = registrationServices();
    const first = await register(DOMAIN, OWNER);
    const second = await register(DOMAIN, OWNER, true);
    expect(second.outcome).toEqual({ kind: "confirmed", domain: DOMAIN, replaced: true });
    const found = await secrets.find(DOMAIN);
    expect(found?.current.secret).toBe(second.password);
    expect(found?.previous?.secret).toBe(first.password);
    expect(found?.previous?.validUntil).toBe(clock.now() + 7 * 86_400_000);
    expect(second.password).not.toBe(first.password);
    expect(JSON.stringify(await domains.find(DOMAIN))).not.toContain(second.password);
  });

  it("of a deleted domain starts over", async () => {
    const { register, domains, clock } = registrationServices();
    await register(DOMAIN, OWNER);
    const removed = remove(await domains.find(DOMAIN), "operator test", clock.now());
    if (removed.ok) await domains.commit(removed.value);
    await register(DOMAIN, "other@example.org");
    expect(await domains.find(DOMAIN)).toMatchObject({ owner: "other@example.org" });
  });
});

describe("at the same time", () => {
  it("50 confirmations of one link give one secret", async () => {
    const { page, ask, window, secrets, domains } = registrationServices();
    const { link = "", code, ticket } = await ask(DOMAIN, OWNER);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => page.confirm(link, code, false)));
    expect(outcomes.filter(({ kind }) => kind === "confirmed")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === "done")).toHaveLength(49);
    expect(await domains.history(DOMAIN, 100)).toHaveLength(1);
    expect(await window.poll(ticket)).toMatchObject({ password: (await secrets.find(DOMAIN))?.current.secret });
  });

  it("two registrations of one domain give one owner, and the other window reports the end", async () => {
    const { page, ask, window, domains } = registrationServices();
    const mine = await ask(DOMAIN, OWNER);
    const theirs = await ask(DOMAIN, "rival@example.org");
    const outcomes = await Promise.all([mine, theirs].map(({ link, code }) => page.confirm(link ?? "", code, false)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["confirmed", "over"]);
    const polled = await Promise.all([mine, theirs].map(({ ticket }) => window.poll(ticket)));
    expect(polled.map((answer) => answer?.state).sort()).toEqual(["confirmed", "expired"]);
    const winner = outcomes[0]?.kind === "confirmed" ? OWNER : "rival@example.org";
    expect(await domains.find(DOMAIN)).toMatchObject({ owner: winner });
  });

  it("of 50 guesses in one burst, none is accepted after five wrong ones", async () => {
    const { page, ask, domains } = registrationServices();
    const { link = "", code } = await ask(DOMAIN, OWNER);
    const guesses = Array.from({ length: 50 }, () => page.confirm(link, wrongOf(code), false));
    await Promise.all(guesses);
    expect(await page.confirm(link, code, false)).toEqual({ kind: "over" });
    expect(await domains.find(DOMAIN)).toBeUndefined();
  });

  it("an operator's addition wins over a pending registration", async () => {
    const { page, ask, domains, clock, random, window } = registrationServices();
    const { link = "", code, ticket } = await ask(DOMAIN, OWNER);
    const added = add(
      undefined,
      { account: DOMAIN, actor: "operator test" },
      { now: clock.now(), bytes: random.bytes(32) },
    );
    if (added.ok) await domains.commit(added.value);
    expect(await page.read(link)).toEqual({ kind: "over" });
    expect(await page.confirm(link, code, false)).toEqual({ kind: "over" });
    expect(await window.poll(ticket)).toEqual({ state: "expired", reason: "taken" });
  });

  it("a domain that changes at every attempt is reported as busy", async () => {
    const services = registrationServices();
    const { link = "", code } = await services.ask(DOMAIN, OWNER);
    const commit = services.domains.commit.bind(services.domains);
    let tries = 0;
    Object.assign(services.domains, { commit: () => ((tries += 1), Promise.resolve("conflict")) });
    expect(await services.page.confirm(link, code, false)).toEqual({ kind: "busy" });
    expect(tries).toBe(5);
    Object.assign(services.domains, { commit });
    expect(await services.page.confirm(link, code, false)).toMatchObject({ kind: "confirmed" });
  });
});
