import { describe, expect, it } from "vitest";
import { prove } from "../../../lambdas/core/domains/ownership.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { operatorCommands } from "../../../lambdas/usecases/admin/commands.ts";
import { operatorServices as services } from "../../support/services/operator.ts";

const DOMAIN = "pbx.example.com";
const ACCOUNT = "pbx.example.com/master";
const ME = "operator test";

describe("the operator", () => {
  it("adds an account with a generated secret, shown once", async () => {
    const { add, secrets, office } = services();
    const { secret, domain } = await add(ACCOUNT);
    expect(secret).toMatch(/^[A-Za-z0-9]{15}$/u);
    expect((await secrets.find(ACCOUNT))?.current.secret).toBe(secret);
    expect(domain).toMatchObject({ account: ACCOUNT, origin: "operator", state: "active" });
    expect(domain.owner).toBeUndefined();
    expect(JSON.stringify(await office.show(ACCOUNT, false))).not.toContain(secret);
    expect(JSON.stringify(await office.list(10))).not.toContain(secret);
  });

  it("adds one with a given secret", async () => {
    const { office, secrets } = services();
    expect(await office.add({ account: DOMAIN, secret: "pwd" }, ME)).toMatchObject({
      ok: true,
      value: { secret: "pwd" },
    });
    expect((await secrets.find(DOMAIN))?.current.secret).toBe("pwd");
  });

  it("cannot add an existing account", async () => {
    const { office, add } = services();
    await add(DOMAIN);
    expect(await office.add({ account: DOMAIN }, ME)).toEqual({ ok: false, error: "exists" });
  });

  it.each(["replace", "endOld", "suspend", "resume", "remove", "object", "disconnect"] as const)(
    "cannot %s an unknown account",
    async (verb) => {
      const { office } = services();
      expect(await office[verb](DOMAIN, ME)).toEqual({ ok: false, error: "unknown" });
    },
  );

  it("sees connections with the secret they use, and the history", async () => {
    const { office, add, logIn } = services();
    const { domain } = await add(DOMAIN);
    logIn("c1", ACCOUNT, domain.secrets.current.id);
    logIn("c2", "elsewhere.example.com", "x");
    await office.suspend("elsewhere.example.com", ME);
    const shown = await office.show(DOMAIN, false);
    expect(shown.ok && shown.value.connections.map(({ connectionId }) => connectionId)).toEqual(["c1"]);
    expect(shown.ok && shown.value.history.map(({ action, actor }) => [action, actor])).toEqual([["added", ME]]);
  });

  it.each(["remove", "suspend", "replace"] as const)(
    "closes the domain's connections by %s, immediately and again later",
    async (verb) => {
      const { office, add, logIn, sockets, swept } = services();
      const { domain } = await add(DOMAIN);
      const other = await add("other.example.com");
      logIn("c1", DOMAIN, domain.secrets.current.id);
      logIn("c2", ACCOUNT, domain.secrets.current.id);
      logIn("c3", "other.example.com", other.domain.secrets.current.id);
      swept.length = 0;
      expect(await office[verb](DOMAIN, ME)).toMatchObject({ ok: true });
      expect(sockets.closed.sort()).toEqual(["c1", "c2"]);
      expect(swept).toEqual([`${DOMAIN} after 15`]);
    },
  );

  // The former owner may know the account's secret, and the next owner could not end it.
  it.each([
    ["remove", undefined],
    ["transfer", "next@example.com"],
  ] as const)("by %s ends accounts with their own secret under a domain, and their connections", async (verb, to) => {
    const { office, add, logIn, sockets, secrets, domains } = services();
    await add(DOMAIN);
    const own = await add(ACCOUNT);
    await add("pbx.example.community/master");
    logIn("c1", ACCOUNT, own.domain.secrets.current.id);
    expect(
      await (to === undefined ? office.remove(DOMAIN, ME) : office[verb as "transfer"](DOMAIN, to, ME)),
    ).toMatchObject({ ok: true });
    expect(sockets.closed).toEqual(["c1"]);
    expect([await domains.find(ACCOUNT), await secrets.find(ACCOUNT)]).toEqual([undefined, undefined]);
    expect((await domains.history(ACCOUNT, 1))[0]).toMatchObject({ action: "account-ended", actor: ME });
    expect(await domains.find("pbx.example.community/master")).toBeDefined();
  });

  it("keeps an account set up after its domain was deleted, and one whose domain stays", async () => {
    const { office, add, watch, domains, clock } = services();
    await add(DOMAIN);
    await add(ACCOUNT);
    await office.replace(DOMAIN, ME);
    expect(await domains.find(ACCOUNT)).toBeDefined();
    await office.remove(DOMAIN, ME);
    clock.advance(1);
    await add(ACCOUNT);
    await watch.sweep(DOMAIN);
    expect(await domains.find(ACCOUNT)).toBeDefined();
  });

  it("ends the accounts in the later sweep if it could not immediately", async () => {
    const { office, add, watch, domains, secrets } = services();
    await add(DOMAIN);
    await add(ACCOUNT);
    const usual = { ...domains };
    Object.assign(domains, { accountsOf: () => Promise.reject(new DependencyError("dynamodb.Query", "timeout")) });
    expect(await office.remove(DOMAIN, ME)).toMatchObject({ ok: true });
    Object.assign(domains, usual);
    await watch.sweep(DOMAIN);
    expect(await secrets.find(ACCOUNT)).toBeUndefined();
  });

  it("suspends the accounts under a domain together with it", async () => {
    const { office, add, logIn, sockets } = services();
    await add(DOMAIN);
    const own = await add(ACCOUNT);
    logIn("c1", ACCOUNT, own.domain.secrets.current.id);
    await office.suspend(DOMAIN, ME);
    expect(sockets.closed).toEqual(["c1"]);
  });

  it("ends logins with the domain's secret when it adds an account with its own secret", async () => {
    const { add, logIn, sockets } = services();
    const { domain } = await add(DOMAIN);
    logIn("c1", ACCOUNT, domain.secrets.current.id);
    await add(ACCOUNT);
    expect(sockets.closed).toEqual(["c1"]);
  });

  it("suspends and resumes, with the same secret", async () => {
    const { office, add, secrets } = services();
    const { secret } = await add(DOMAIN);
    expect(await office.suspend(DOMAIN, ME)).toMatchObject({ ok: true, value: { state: "suspended" } });
    expect(await office.resume(DOMAIN, ME)).toMatchObject({ ok: true, value: { state: "active" } });
    expect((await secrets.find(DOMAIN))?.current.secret).toBe(secret);
  });

  it("replaces a secret so that the old one is no longer valid", async () => {
    const { office, add, secrets } = services();
    await add(DOMAIN);
    const replaced = await office.replace(DOMAIN, ME);
    const found = await secrets.find(DOMAIN);
    expect(replaced.ok && replaced.value.secret).toBe(found?.current.secret);
    expect(found?.previous).toBeUndefined();
  });

  it("disconnects a single account, or a whole domain", async () => {
    const { office, add, logIn, sockets } = services();
    const { domain } = await add(DOMAIN);
    const own = await add(ACCOUNT);
    const ids = { domain: domain.secrets.current.id, account: own.domain.secrets.current.id };
    logIn("c1", DOMAIN, ids.domain);
    logIn("c2", ACCOUNT, ids.account);
    expect(await office.disconnect(ACCOUNT, ME)).toEqual({ ok: true, value: 1 });
    expect(sockets.closed).toEqual(["c2"]);
    logIn("c2", ACCOUNT, ids.account);
    expect(await office.disconnect(DOMAIN, ME)).toEqual({ ok: true, value: 2 });
    expect((await office.show(DOMAIN, false)).ok).toBe(true);
  });

  it("gets the secret even when connections cannot be closed right now", async () => {
    const { office, add, logIn, sockets } = services();
    const { domain } = await add(DOMAIN);
    logIn("c1", DOMAIN, domain.secrets.current.id);
    Object.assign(sockets, {
      close: () => Promise.reject(new DependencyError("apigateway.DeleteConnection", "timeout")),
    });
    expect(await office.replace(DOMAIN, ME)).toMatchObject({ ok: true });
  });

  it("changes nothing if the later sweep cannot be queued", async () => {
    const setting = services();
    await setting.add(DOMAIN);
    const failed = new DependencyError("sqs.SendMessage", "timeout");
    const broken = operatorCommands({ ...setting.ports, sweeps: { sweep: () => Promise.reject(failed) } });
    await expect(broken.remove(DOMAIN, ME)).rejects.toBe(failed);
    expect(await setting.domains.find(DOMAIN)).toBeDefined();
  });

  it("gets an error if the domain has changed in between", async () => {
    const { office, add, domains } = services();
    await add(DOMAIN);
    Object.assign(domains, { commit: () => Promise.resolve("conflict") });
    expect(await office.suspend(DOMAIN, ME)).toEqual({ ok: false, error: "conflict" });
  });

  it("sends the email of a registration again while it waits for confirmation", async () => {
    const { office, ask, page, work, mails, telemetry, domains } = services();
    const { link, code } = await ask(DOMAIN, "owner@example.com");
    await ask("other.example.com", "owner@example.com");
    expect(await office.resend(DOMAIN, ME)).toBe(1);
    await work();
    expect(mails).toHaveLength(3);
    expect(telemetry.count("Admin", "resent")).toBe(1);
    expect((await domains.history(DOMAIN, 1))[0]).toMatchObject({ action: "resent", actor: ME, detail: "emails: 1" });
    await page.confirm(link ?? "", code, false);
    expect(await office.resend(DOMAIN, ME)).toBe(0);
  });

  it("sends no email for a registration confirmed at that moment", async () => {
    const { office, ask, registrations, queued } = services();
    await ask(DOMAIN, "owner@example.com");
    Object.assign(registrations, { queueAgain: () => Promise.resolve(undefined) });
    expect(await office.resend(DOMAIN, ME)).toBe(0);
    expect(queued).toEqual([]);
  });

  it("allows an address to get email again, and says whether it was blocked", async () => {
    const { office, suppressions, telemetry } = services();
    await suppressions.add({ address: "owner@example.com", reason: "bounced", at: 0 });
    expect([await office.allowMail("owner@example.com", ME), await office.allowMail("owner@example.com", ME)]).toEqual([
      true,
      false,
    ]);
    expect(await suppressions.find("owner@example.com")).toBeUndefined();
    expect(telemetry.count("Admin", "mail-allowed")).toBe(1);
    expect(telemetry.lines.join()).not.toContain("@");
  });

  it("is named in the histories of domain and address, and in logs without an address", async () => {
    const { office, add, domains, suppressions, telemetry } = services();
    const named = "operator arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Ops/Jane.Doe@example.com";
    await add(DOMAIN);
    await office.suspend(DOMAIN, named);
    await suppressions.add({ address: "owner@example.com", reason: "bounced", at: 0 });
    await office.allowMail("owner@example.com", named);
    for (const key of [DOMAIN, "owner@example.com"]) expect((await domains.history(key, 1))[0]?.actor).toBe(named);
    expect(telemetry.lines.join("\n")).toContain("assumed-role/AWSReservedSSO_Ops/mail-");
    expect(telemetry.lines.join("\n")).not.toMatch(/@|jane/iu);
  });

  it("transfers a domain to another address, and decides a claim only if there is one", async () => {
    const { office, add, domains } = services();
    await add(DOMAIN);
    expect(await office.transfer(DOMAIN, "next@example.com", ME)).toMatchObject({
      ok: true,
      value: { owner: "next@example.com" },
    });
    expect(await office.transfer(DOMAIN, "next@example.com", ME)).toEqual({ ok: false, error: "same" });
    expect(await office.decide(DOMAIN, "grant", ME)).toEqual({ ok: false, error: "nothing" });
    expect(await office.decide(DOMAIN, "deny", ME)).toEqual({ ok: false, error: "nothing" });
    expect((await domains.find(DOMAIN))?.owner).toBe("next@example.com");
  });
});

describe("what the operator did", () => {
  it("is counted and logged with account, step and actor", async () => {
    const { office, add, telemetry } = services();
    await add(DOMAIN);
    await office.suspend(DOMAIN, ME);
    await office.resume(DOMAIN, ME);
    await office.disconnect(DOMAIN, ME);
    await office.replace(DOMAIN, ME);
    await office.transfer(DOMAIN, "next@example.com", ME);
    await office.resend(DOMAIN, ME);
    await office.remove(DOMAIN, ME);
    const actions = ["added", "suspended", "resumed", "disconnected", "rekeyed", "transferred", "resent", "deleted"];
    expect(telemetry.metrics.filter((metric) => metric.startsWith("Admin"))).toEqual(
      actions.map((action) => `Admin 1 outcome=${action}`),
    );
    expect(telemetry.lines.filter((line) => line.includes('"operator"'))).toEqual(
      actions.map((action) =>
        JSON.stringify({ level: "info", message: "operator", account: DOMAIN, action, actor: ME }),
      ),
    );
  });

  it("is neither counted nor logged if nothing was done", async () => {
    const { office, telemetry } = services();
    for (const verb of ["replace", "endOld", "suspend", "remove", "object", "disconnect"] as const)
      await office[verb](DOMAIN, ME);
    expect(await office.transfer(DOMAIN, "next@example.com", ME)).toEqual({ ok: false, error: "unknown" });
    expect(await office.allowMail("owner@example.com", ME)).toBe(false);
    expect([telemetry.metrics, telemetry.lines]).toEqual([[], []]);
  });

  it("is in an address's own history, and in the log without account and address", async () => {
    const { office, suppressions, domains, clock, telemetry } = services();
    await suppressions.add({ address: "owner@example.com", reason: "bounced", at: 0 });
    await office.allowMail("owner@example.com", ME);
    expect(await domains.history("owner@example.com", 9)).toEqual([
      { at: clock.now(), action: "mail-allowed", actor: ME },
    ]);
    const logged = { level: "info", message: "operator", account: "", action: "mail-allowed", actor: ME };
    expect(telemetry.lines).toEqual([JSON.stringify(logged)]);
  });
});

describe("an account under a domain", () => {
  it("is part of the domain that it is added under", async () => {
    const { office, add } = services();
    const alone = await add(ACCOUNT);
    expect(alone.domain).not.toHaveProperty("under");
    await office.remove(ACCOUNT, ME);
    const { domain } = await add(DOMAIN);
    expect((await add(ACCOUNT)).domain.under).toBe(domain.heldSince);
  });

  it("becomes part of its domain only when that domain's owner gets it", async () => {
    const { office, add } = services();
    await add(ACCOUNT);
    await office.add({ account: DOMAIN, owner: "owner@example.com" }, ME);
    const shown = await office.show(DOMAIN, false);
    const elsewhere = await office.transfer(ACCOUNT, "next@example.com", ME);
    expect(elsewhere.ok && elsewhere.value.under).toBeUndefined();
    expect(await office.transfer(ACCOUNT, "owner@example.com", ME)).toMatchObject({
      ok: true,
      value: { under: shown.ok && shown.value.domain.heldSince },
    });
  });
});

it("ends the older secret of a domain, and keeps the current one", async () => {
  const { office, register, secrets } = services();
  await register(DOMAIN, "owner@example.com");
  await register(DOMAIN, "owner@example.com", true);
  const before = await secrets.find(DOMAIN);
  expect(before?.previous).toBeDefined();
  expect(await office.endOld(DOMAIN, ME)).toMatchObject({ ok: true, value: { account: DOMAIN } });
  expect(await secrets.find(DOMAIN)).toEqual({ current: before?.current });
  expect(await office.endOld(DOMAIN, ME)).toEqual({ ok: false, error: "nothing" });
});

describe("a claim", () => {
  const [OWNER, RIVAL] = ["owner@example.com", "rival@two.example"];
  /** docs/ownership.md: the owner has 7 days to object. */
  const OBJECTION_MS = 7 * 86_400_000;

  /** A domain that its owner has shown a right to, and that someone claims by a TXT record. */
  async function claimed(find: () => Promise<readonly string[]> = () => Promise.resolve(["other", "its text"])) {
    const setting = services();
    const { domains, clock, random, telemetry } = setting;
    const office = operatorCommands({ ...setting.ports, txtRecords: { find } });
    await office.add({ account: DOMAIN, owner: OWNER }, ME);
    const proven = prove({ domain: await domains.find(DOMAIN) }, { account: DOMAIN, emailKey: RIVAL }, "its text", {
      now: clock.now(),
      bytes: random.bytes(64),
    });
    if (!proven.ok || proven.value.change === undefined) throw new Error("not claimed");
    await domains.commit(proven.value.change);
    const now = async () => {
      const domain = await domains.find(DOMAIN);
      return { owner: domain?.owner, claimant: domain?.claim?.claimant };
    };
    return { ...setting, office, clock, telemetry, now };
  }

  it("is granted while its record exists, with a new secret that ends the old one", async () => {
    const { office, clock, secrets, telemetry, now } = await claimed();
    const before = await secrets.find(DOMAIN);
    clock.advance(OBJECTION_MS);
    expect(await office.decide(DOMAIN, "grant", ME)).toMatchObject({ ok: true, value: { owner: RIVAL } });
    expect(await now()).toEqual({ owner: RIVAL, claimant: undefined });
    const after = await secrets.find(DOMAIN);
    expect(after?.previous).toBeUndefined();
    expect(after?.current.secret).not.toBe(before?.current.secret);
    expect(telemetry.count("Admin", "claim-granted")).toBe(1);
  });

  it.each<readonly [string, () => Promise<readonly string[]>]>([
    ["has gone", () => Promise.resolve(["other"])],
    ["cannot be looked up", () => Promise.reject(new DependencyError("dns.resolveTxt", "timeout"))],
  ])("is not granted when its record %s", async (_, find) => {
    const { office, clock, telemetry, now } = await claimed(find);
    clock.advance(OBJECTION_MS);
    expect(await office.decide(DOMAIN, "grant", ME)).toEqual({ ok: false, error: "unproven" });
    expect(await now()).toEqual({ owner: OWNER, claimant: RIVAL });
    expect(telemetry.count("Admin", "claim-granted")).toBe(0);
  });

  it("is not granted before the owner's time to object is over", async () => {
    const { office, clock } = await claimed();
    clock.advance(OBJECTION_MS - 1);
    expect(await office.decide(DOMAIN, "grant", ME)).toEqual({ ok: false, error: "early" });
  });

  it("is denied, or objected to in the owner's name", async () => {
    const { office, clock, now } = await claimed();
    expect(await office.object(DOMAIN, ME)).toMatchObject({ ok: true, value: { claim: { objectedAt: clock.now() } } });
    expect(await office.object(DOMAIN, ME)).toEqual({ ok: false, error: "same" });
    expect(await office.decide(DOMAIN, "deny", ME)).toMatchObject({ ok: true });
    expect(await now()).toEqual({ owner: OWNER, claimant: undefined });
  });
});
