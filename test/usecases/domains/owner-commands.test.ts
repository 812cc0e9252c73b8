import { describe, expect, it } from "vitest";
import { addPosts, type RecentPost } from "../../../lambdas/core/domains/recent-posts.ts";
import type { Visitor } from "../../../lambdas/core/domains/visitor.ts";
import { ownerCommands } from "../../../lambdas/usecases/domains/owner-commands.ts";
import { address, OPERATOR, ownershipServices } from "../../support/services/ownership.ts";
import { limits } from "../../support/services/registration.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@example.com";
/** Has registered, but shows no right by the address. */
const SQUATTER = "squatter@two.example";
const RIVAL = "rival@three.example";
const by = (emailKey: string) => ({ account: DOMAIN, emailKey });

const services = async (owner = OWNER) => {
  const made = ownershipServices();
  await made.register(DOMAIN, owner);
  return made;
};

const everything = (owners: Awaited<ReturnType<typeof services>>["owners"], present: string) => ({
  replaceSecret: (visitor: Visitor) => owners.replaceSecret(visitor, present),
  endOldSecret: (visitor: Visitor) => owners.endOldSecret(visitor),
  changeAddress: (visitor: Visitor) => owners.changeAddress(visitor, address("thief@example.org")),
  cancelChange: (visitor: Visitor) => owners.cancelChange(visitor),
  confirmAddress: (visitor: Visitor) => owners.confirmAddress(visitor),
  release: (visitor: Visitor) => owners.release(visitor),
  object: (visitor: Visitor) => owners.object(visitor),
  prove: (visitor: Visitor) => owners.prove(visitor),
});

/** With two secrets, a pending change of address and a claim, so that nearly every step is possible. */
async function claimed() {
  const setting = await services();
  const { owners, publish, secrets, work } = setting;
  await owners.replaceSecret(by(OWNER), (await secrets.find(DOMAIN))?.current.id ?? "");
  await owners.changeAddress(by(OWNER), address("next@example.com"));
  await publish(by(RIVAL));
  await owners.prove(by(RIVAL));
  await work();
  return { ...setting, all: everything(owners, (await secrets.find(DOMAIN))?.current.id ?? "") };
}

describe("a visitor's view", () => {
  it("has nothing about the domain for an unrelated address, registered or not", async () => {
    const { owners } = await services();
    const seen = await owners.view(by(RIVAL));
    expect(seen).toMatchObject({
      role: "unrelated",
      account: DOMAIN,
      challenge: { name: `_push-challenge.${DOMAIN}` },
    });
    expect(Object.keys(seen)).toEqual(Object.keys(await ownershipServices().owners.view(by(RIVAL))));
  });

  it("has the same challenge every time for one visitor, and another for another visitor", async () => {
    const { owners } = await services();
    const values = [];
    for (const who of [RIVAL, RIVAL, SQUATTER]) {
      const seen = await owners.view(by(who));
      values.push("challenge" in seen ? seen.challenge?.value : undefined);
    }
    expect(values[0]).toBe(values[1]);
    expect(values[0]).not.toBe(values[2]);
  });

  it("has everything for the owner, and how to prove the domain only while it is provisional", async () => {
    const proven = await (await services()).owners.view(by(OWNER));
    expect(proven).toMatchObject({ role: "owner", state: "active", standing: "proven", connections: [] });
    expect(proven).not.toHaveProperty("challenge");
    const provisional = await (await services(SQUATTER)).owners.view(by(SQUATTER));
    expect(provisional).toMatchObject({
      role: "owner",
      standing: "provisional",
      challenge: { name: `_push-challenge.${DOMAIN}` },
    });
  });

  it("has their part for a successor and a claimant, until it ends", async () => {
    const { owners, publish, clock } = await services();
    await owners.changeAddress(by(OWNER), address("next@example.com"));
    await publish(by(RIVAL));
    await owners.prove(by(RIVAL));
    expect((await owners.view(by("next@example.com"))).role).toBe("successor");
    expect(await owners.view(by(RIVAL))).toMatchObject({ role: "claimant", claim: { claimant: RIVAL } });
    expect(await owners.view(by(OWNER))).toMatchObject({
      change: { to: "next@example.com" },
      claim: { claimant: RIVAL },
    });
    clock.advance(30 * 24 * 3_600_000);
    for (const who of ["next@example.com", RIVAL]) expect((await owners.view(by(who))).role).toBe("unrelated");
  });
});

describe("the owner's view of connected PBXes", () => {
  const connected = async () => {
    const setting = await services();
    const { sockets, secrets, clock } = setting;
    const secretId = (await secrets.find(DOMAIN))?.current.id ?? "";
    for (const connectionId of ["c1", "c2"]) {
      const login = { account: DOMAIN, domain: DOMAIN, secretId, at: clock.now() };
      sockets.open.set(connectionId, { connectionId, connectedAt: clock.now(), source: "192.0.2.1", login });
    }
    sockets.active.set("c2", 42);
    return setting;
  };

  it("has the last activity of each that can be read", async () => {
    const { owners } = await connected();
    const closer = await owners.viewWithActivity(by(OWNER));
    expect(closer).toMatchObject({
      ok: true,
      value: { role: "owner", activity: true, connections: [{ connectionId: "c1" }, { lastActiveAt: 42 }] },
    });
    expect(closer.ok && closer.value.role === "owner" && closer.value.connections[0]).not.toHaveProperty(
      "lastActiveAt",
    );
  });

  it("has it without a request for ten at most, within the hourly limit", async () => {
    const setting = await connected();
    const { sockets, clock } = setting;
    const owners = ownerCommands({ ...setting, limits });
    expect(await owners.view(by(OWNER))).toMatchObject({ activity: true, connections: [{}, { lastActiveAt: 42 }] });
    const [known] = sockets.open.values();
    for (let nth = 3; nth <= 10; nth += 1) sockets.open.set(`c${nth}`, { ...known, connectionId: `c${nth}` } as never);
    expect(await owners.view(by(OWNER))).toMatchObject({ activity: true });
    sockets.open.set("c11", { ...known, connectionId: "c11" } as never);
    const many = await owners.view(by(OWNER));
    expect(many).toMatchObject({ activity: false });
    expect(JSON.stringify(many)).not.toContain("lastActiveAt");
    sockets.open.delete("c11");
    for (let made = 2; made < limits.activityPerAddressPerHour; made += 1)
      expect(await owners.view(by(OWNER))).toMatchObject({ activity: true });
    expect(await owners.view(by(OWNER))).toMatchObject({ role: "owner", activity: false });
    clock.advance(3_600_000);
    expect(await owners.view(by(OWNER))).toMatchObject({ activity: true });
  });

  it("is refused to others and to links with another purpose, and limited by the hour", async () => {
    const setting = await connected();
    let asked = 0;
    const sockets = { ...setting.sockets, lastActiveAt: () => Promise.resolve((asked += 1)) };
    const owners = ownerCommands({ ...setting, sockets, limits: { ...setting.limits, activityPerAddressPerHour: 2 } });
    expect(await owners.viewWithActivity(by(RIVAL))).toEqual({ ok: false, error: "not-yours" });
    expect(await owners.viewWithActivity({ ...by(OWNER), scope: "object" })).toEqual({ ok: false, error: "scope" });
    expect(asked).toBe(0);
    for (let made = 0; made < 2; made += 1) expect((await owners.viewWithActivity(by(OWNER))).ok).toBe(true);
    expect(await owners.viewWithActivity(by(OWNER))).toEqual({ ok: false, error: "limited" });
    expect(asked).toBe(4);
    expect(setting.telemetry.count("Limited", "activity-address")).toBe(1);
    setting.clock.advance(3_600_000);
    expect((await owners.viewWithActivity(by(OWNER))).ok).toBe(true);
  });

  it("has their refused logins, and on an account's page only its own", async () => {
    const { owners, sockets, office } = await connected();
    await office.add({ account: `${DOMAIN}/slave`, owner: OWNER }, OPERATOR);
    for (const [nth, account] of [DOMAIN, `${DOMAIN}/slave`, `${DOMAIN}/x`].entries()) {
      sockets.refused.push({
        account,
        domain: DOMAIN,
        source: "192.0.2.9",
        at: nth,
        reason: "wrong-password",
        refusals: 1,
      });
    }
    sockets.refused.push({
      account: "other.example.com",
      domain: "other.example.com",
      source: "192.0.2.9",
      at: 9,
      reason: "suspended",
      refusals: 1,
    });
    const accounts = async (domain: string) => {
      const seen = await owners.view({ account: domain, emailKey: OWNER });
      return seen.role === "owner" ? seen.refusedLogins.map(({ account }) => account) : seen.role;
    };
    expect(await accounts(DOMAIN)).toEqual([`${DOMAIN}/x`, `${DOMAIN}/slave`, DOMAIN]);
    expect(await accounts(`${DOMAIN}/slave`)).toEqual([`${DOMAIN}/slave`]);
  });

  it("has a hundred refused logins at most", async () => {
    const { owners, sockets } = await connected();
    for (let at = 0; at < 120; at += 1) {
      const account = `${DOMAIN}/${String(at)}`;
      sockets.refused.push({ account, domain: DOMAIN, source: "192.0.2.9", at, reason: "unknown", refusals: 1 });
    }
    const seen = await owners.view(by(OWNER));
    expect(seen.role === "owner" && seen.refusedLogins.map(({ at }) => at)).toEqual(
      Array.from({ length: 100 }, (_, nth) => 119 - nth),
    );
  });
});

describe("recent posts on an owner's page", () => {
  const post = (nth: number, at: number, more: Partial<RecentPost> = {}): RecentPost => ({
    id: String(nth),
    at,
    account: DOMAIN,
    app: "ios",
    outcome: "accepted",
    ms: 20,
    ...more,
  });
  const withPosts = async () => {
    const setting = await services();
    setting.telemetry.lines.length = 0; // the counts of the registration
    const keep = (...posts: readonly RecentPost[]) =>
      setting.recentPosts.kept.set(
        DOMAIN,
        addPosts(setting.recentPosts.kept.get(DOMAIN), DOMAIN, posts, 0, setting.clock.now()),
      );
    const posts = async (emailKey = OWNER, account = DOMAIN) => {
      const seen = await setting.owners.view({ account, emailKey });
      return seen.role === "owner" ? seen.posts : seen.role;
    };
    return { ...setting, keep, posts };
  };

  it("are the domain's own, and viewing them makes new ones appear immediately", async () => {
    const { keep, posts, clock, telemetry } = await withPosts();
    expect(await posts()).toBe("none");
    keep(post(1, clock.now()));
    expect(await posts()).toMatchObject({
      posts: [{ id: "1" }],
      day: { accepted: 1, failed: 0 },
      lastPostAt: { [DOMAIN]: clock.now() },
      writtenAt: clock.now(),
    });
    const watched = Array<string>(2).fill(JSON.stringify({ level: "info", message: "posts watched", account: DOMAIN }));
    expect(telemetry.lines).toEqual(watched);
    expect(await posts(RIVAL)).toBe("unrelated");
    expect(telemetry.lines).toEqual(watched);
  });

  it("include the domain's own accounts in the day's counts", async () => {
    const { keep, posts, clock, office } = await withPosts();
    await office.add({ account: `${DOMAIN}/slave`, owner: OWNER }, OPERATOR);
    keep(post(1, clock.now(), { account: `${DOMAIN}/slave` }));
    expect(await posts()).toMatchObject({ posts: [{ id: "1" }], day: { accepted: 1, failed: 0 } });
  });

  it("are off if the stage keeps none, and are then not watched", async () => {
    const setting = await withPosts();
    const owners = ownerCommands({ ...setting, recentPosts: undefined });
    expect(await owners.view(by(OWNER))).toMatchObject({ posts: "off" });
    expect(setting.telemetry.lines.filter((line) => line.includes("posts watched"))).toEqual([]);
  });

  it("never include the former owner's, although the password stays on a transfer", async () => {
    const { keep, posts, clock, owners } = await withPosts();
    keep(post(1, clock.now()));
    clock.advance(60_000);
    await owners.changeAddress(by(OWNER), address("next@example.com"));
    expect((await owners.confirmAddress(by("next@example.com"))).ok).toBe(true);
    expect(await posts("next@example.com")).toMatchObject({
      posts: [],
      day: { accepted: 0, failed: 0 },
      lastPostAt: {},
    });
    clock.advance(1_000);
    keep(post(2, clock.now()));
    expect(await posts("next@example.com")).toMatchObject({ posts: [{ id: "2" }], day: { accepted: 1, failed: 0 } });
  });

  it("never include those of an earlier registration", async () => {
    const { keep, posts, clock, owners, register } = await withPosts();
    keep(post(1, clock.now()));
    clock.advance(1_000);
    await owners.release(by(OWNER));
    await register(DOMAIN, RIVAL);
    expect(await posts(RIVAL)).toMatchObject({ posts: [], day: { accepted: 0, failed: 0 }, lastPostAt: {} });
  });

  it("do not include those of an account of the operator's own", async () => {
    const setting = await withPosts();
    const { keep, posts, clock, owners, office } = setting;
    await owners.release(by(OWNER));
    await office.add({ account: `${DOMAIN}/theirs` }, OPERATOR);
    await office.add({ account: DOMAIN, owner: OWNER }, OPERATOR);
    keep(post(1, clock.now(), { account: `${DOMAIN}/theirs` }), post(2, clock.now()));
    const seen = await posts();
    expect(seen).toMatchObject({ posts: [{ id: "2" }], lastPostAt: { [DOMAIN]: clock.now() } });
    expect(seen).not.toHaveProperty("day");
  });
});

describe("a new secret", () => {
  it("is shown to the owner who requested it", async () => {
    const { owners, secrets } = await services();
    const present = (await secrets.find(DOMAIN))?.current;
    const replaced = await owners.replaceSecret(by(OWNER), present?.id ?? "");
    const password = (await secrets.find(DOMAIN))?.current.secret;
    expect(password).not.toBe(present?.secret);
    expect(replaced).toEqual({ ok: true, value: { password } });
  });
});

describe("a change of address", () => {
  it("waits a day for the new address", async () => {
    const { owners, clock } = await services();
    const asked = await owners.changeAddress(by(OWNER), address("next@example.com"));
    expect(asked).toEqual({ ok: true, value: { expiresAt: clock.now() + 24 * 3_600_000 } });
    expect(await owners.confirmAddress(by("next@example.com"))).toEqual({ ok: true, value: undefined });
    expect(await owners.changeAddress(by(OWNER), address(RIVAL))).toEqual({ ok: false, error: "not-yours" });
  });
});

describe("a link that stays in a mailbox for days", () => {
  /** Follows the newest link of this kind in a mailbox; returns its reader as a visitor. */
  async function follow(
    { notices, visit }: Awaited<ReturnType<typeof services>>,
    kind: string,
    to: string,
  ): Promise<Visitor> {
    const link = notices.findLast((notice) => notice.kind === kind && notice.to === to)?.link ?? "";
    const entered = await visit.enter(link, "");
    const session = await visit.session(entered.kind === "entered" ? entered.token : "");
    if (session === undefined) throw new Error(`no link of ${kind}`);
    return session.visitor;
  }

  it("of a claim shows the claim and allows one objection, and nothing else", async () => {
    const setting = await claimed();
    const visitor = await follow(setting, "claimed", OWNER);
    const { object: objects, ...others } = setting.all;
    const seen = await setting.owners.view(visitor);
    expect(Object.keys(seen).sort()).toEqual(["account", "claim", "role"]);
    expect(seen).toMatchObject({ role: "objector", claim: { claimant: RIVAL } });
    const before = setting.changes.length;
    for (const [name, act] of Object.entries(others))
      expect(await act(visitor), name).toEqual({ ok: false, error: "scope" });
    expect(setting.changes).toHaveLength(before);
    expect(await objects(visitor)).toEqual({ ok: true, value: undefined });
    expect(await setting.owners.view(visitor)).toMatchObject({
      role: "objector",
      claim: { objectedAt: setting.clock.now() },
    });
    await setting.office.decide(DOMAIN, "deny", OPERATOR);
    expect(await setting.owners.view(visitor)).toEqual({ role: "done-link", account: DOMAIN });
  });

  it("of a change of address allows only the confirmation, even once the domain is theirs", async () => {
    const setting = await claimed();
    const visitor = await follow(setting, "address-asked", "next@example.com");
    const { confirmAddress, ...others } = setting.all;
    for (const [name, act] of Object.entries(others))
      expect(await act(visitor), name).toEqual({ ok: false, error: "scope" });
    expect((await setting.owners.view(visitor)).role).toBe("successor");
    expect(await confirmAddress(visitor)).toEqual({ ok: true, value: undefined });
    const before = setting.changes.length;
    for (const [name, act] of Object.entries(others))
      expect(await act(visitor), name).toEqual({ ok: false, error: "scope" });
    expect(setting.changes).toHaveLength(before);
    expect(await setting.owners.view(visitor)).toEqual({ role: "done-link", account: DOMAIN });
    const token = await setting.enter(DOMAIN, "next@example.com");
    const whole = await setting.visit.session(token ?? "");
    expect((await setting.owners.view(whole?.visitor ?? by(RIVAL))).role).toBe("owner");
  });

  it("shows nothing of the domain once it has another owner", async () => {
    const setting = await claimed();
    const visitor = await follow(setting, "claimed", OWNER);
    await setting.office.transfer(DOMAIN, RIVAL, OPERATOR);
    expect(await setting.owners.view(visitor)).toEqual({ role: "done-link", account: DOMAIN });
    expect(await setting.owners.object(visitor)).toMatchObject({ ok: false });
  });
});

describe("a claim", () => {
  const DAYS = 7 * 24 * 3_600_000;

  it("is granted only while its record exists, which the claimant's page shows", async () => {
    const { owners, office, publish, clock, txt, dns } = await services();
    await publish(by(RIVAL));
    await owners.prove(by(RIVAL));
    const records = txt.get(`_push-challenge.${DOMAIN}`) ?? [];
    expect(await owners.view(by(RIVAL))).toMatchObject({
      role: "claimant",
      record: { name: `_push-challenge.${DOMAIN}`, value: records[0] },
    });
    txt.delete(`_push-challenge.${DOMAIN}`);
    expect(await office.decide(DOMAIN, "grant", OPERATOR)).toEqual({ ok: false, error: "early" });
    clock.advance(DAYS);
    expect(await office.decide(DOMAIN, "grant", OPERATOR)).toEqual({ ok: false, error: "unproven" });
    txt.set(`_push-challenge.${DOMAIN}`, records);
    dns.down = true;
    expect(await office.decide(DOMAIN, "grant", OPERATOR)).toEqual({ ok: false, error: "unproven" });
    dns.down = false;
    expect(await office.decide(DOMAIN, "grant", OPERATOR)).toMatchObject({ ok: true, value: { owner: RIVAL } });
  });

  it("is not granted for another record at the same name", async () => {
    const { owners, office, publish, clock, txt } = await services();
    await publish(by(RIVAL));
    await owners.prove(by(RIVAL));
    clock.advance(DAYS);
    txt.set(`_push-challenge.${DOMAIN}`, ["push-challenge=other"]);
    expect(await office.decide(DOMAIN, "grant", OPERATOR)).toEqual({ ok: false, error: "unproven" });
  });
});

describe("a proof by TXT", () => {
  it("reports a missing record, and says what to publish", async () => {
    const { owners } = await services();
    const seen = await owners.view(by(RIVAL));
    const challenge = "challenge" in seen ? seen.challenge : undefined;
    expect(await owners.prove(by(RIVAL))).toMatchObject({ ok: true, value: { kind: "missing", challenge } });
  });

  it("looks up the record and reports it, without any change", async () => {
    const { owners, dns, txt, clock } = await services(SQUATTER);
    const look = async () => owners.lookUpRecord(by(RIVAL));
    const looked = await look();
    if (!looked.ok) throw new Error(looked.error);
    const { name, value } = looked.value;
    expect(looked.value.seen).toEqual({ kind: "missing", values: [], at: clock.now() });
    txt.set(name, ["v=spf1 -all"]);
    expect(await look()).toMatchObject({ value: { value, seen: { kind: "missing", values: ["v=spf1 -all"] } } });
    txt.set(name, ["v=spf1 -all", value]);
    expect(await look()).toMatchObject({ value: { value, seen: { kind: "found", values: ["v=spf1 -all", value] } } });
    expect(await owners.view(by(RIVAL))).toMatchObject({ role: "unrelated" });
    dns.down = true;
    expect(await look()).toMatchObject({ ok: true, value: { value, seen: { kind: "unreachable", values: [] } } });
  });

  it("says that the name servers do not answer", async () => {
    const { owners, dns, telemetry } = await services();
    dns.down = true;
    expect(await owners.prove(by(RIVAL))).toMatchObject({ ok: true, value: { kind: "unreachable" } });
    expect(telemetry.lines.join()).toContain("name servers do not answer");
  });

  it("throws unexpected errors", async () => {
    const setting = await services();
    const broken = ownerCommands({ ...setting, txtRecords: { find: () => Promise.reject(new Error("a bug")) } });
    await expect(broken.prove(by(RIVAL))).rejects.toThrow("a bug");
  });

  it("is limited for an address, for an hour", async () => {
    const setting = await services();
    const few = ownerCommands({ ...setting, limits: { ...setting.limits, proofsPerAddressPerHour: 2 } });
    const kinds = [];
    for (let made = 0; made < 3; made += 1) kinds.push((await few.prove(by(RIVAL))).ok);
    expect(kinds).toEqual([true, true, false]);
    expect(await few.prove(by(RIVAL))).toEqual({ ok: false, error: "limited" });
    expect(setting.telemetry.count("Limited", "proofs-address")).toBe(2);
    expect(await few.lookUpRecord(by(RIVAL))).toEqual({ ok: false, error: "limited" });
    expect((await few.prove(by(SQUATTER))).ok).toBe(true);
    setting.clock.advance(3_600_000);
    expect((await few.prove(by(RIVAL))).ok).toBe(true);
  });

  it("of a free domain says that it is free", async () => {
    const { owners, publish } = ownershipServices();
    await publish(by(RIVAL));
    expect(await owners.prove(by(RIVAL))).toEqual({ ok: true, value: { kind: "free" } });
    const account = { ...by(RIVAL), account: `${DOMAIN}/master` };
    await publish(account);
    expect(await owners.prove(account)).toEqual({ ok: true, value: { kind: "free" } });
  });

  it("makes the owner's provisional domain proven, once", async () => {
    const { owners, publish } = await services(SQUATTER);
    await publish(by(SQUATTER));
    expect(await owners.prove(by(SQUATTER))).toEqual({ ok: true, value: { kind: "proven" } });
    expect(await owners.view(by(SQUATTER))).toMatchObject({ standing: "proven" });
  });

  it("takes a provisional domain with a new secret, and its record works once", async () => {
    const { owners, publish, secrets } = await services(SQUATTER);
    await publish(by(RIVAL));
    const proved = await owners.prove(by(RIVAL));
    const password = (await secrets.find(DOMAIN))?.current.secret;
    expect(proved).toEqual({ ok: true, value: { kind: "taken", password } });
    expect(await owners.prove(by(RIVAL))).toMatchObject({ ok: true, value: { kind: "missing" } });
  });

  it("by the current claimant reports that claim, and changes and counts nothing", async () => {
    const { owners, txt, changes, telemetry } = await claimed();
    const [before, counted] = [changes.length, telemetry.metrics.length];
    const seen = await owners.view(by(RIVAL));
    const asked = await owners.lookUpRecord(by(RIVAL));
    if (asked.ok) txt.set(asked.value.name, [asked.value.value]);
    expect(await owners.prove(by(RIVAL))).toEqual({
      ok: true,
      value: { kind: "claimed", claim: seen.role === "claimant" && seen.claim },
    });
    expect(changes).toHaveLength(before);
    expect(telemetry.metrics.slice(counted)).toEqual([]);
  });

  it.each([
    ["suspended", "suspend"],
    ["claimed", "claim"],
  ] as const)("is refused if the domain is %s", async (error, how) => {
    const { owners, office, publish } = await services();
    if (how === "suspend") await office.suspend(DOMAIN, OPERATOR);
    else {
      await publish(by(RIVAL));
      await owners.prove(by(RIVAL));
    }
    await publish(by(SQUATTER));
    expect(await owners.prove(by(SQUATTER))).toEqual({ ok: false, error });
  });
});

describe("the steps of an owner", () => {
  it("are refused to others, whatever the state, and change nothing", async () => {
    const { all, changes } = await claimed();
    const { prove: _, ...steps } = all;
    const before = changes.length;
    for (const visitor of [by(SQUATTER), by(RIVAL)])
      for (const [name, act] of Object.entries(steps))
        expect(await act(visitor), name).toEqual({ ok: false, error: "not-yours" });
    expect(changes).toHaveLength(before);
  });

  it("are in the domain's history as the owner's", async () => {
    const { all, domains } = await claimed();
    await all.endOldSecret(by(OWNER));
    await all.object(by(OWNER));
    expect(await domains.history(DOMAIN, 2)).toMatchObject([
      { action: "objected", actor: "owner", by: OWNER },
      { action: "old-secret-ended", actor: "owner", by: OWNER },
    ]);
  });
});

describe("a step that is not possible", () => {
  const UNKNOWN = { account: "unknown.example.com", emailKey: OWNER };
  type Setting = Awaited<ReturnType<typeof services>>;
  const claim = async ({ owners, publish }: Setting) => {
    await publish(by(RIVAL));
    await owners.prove(by(RIVAL));
  };

  it.each<readonly [string, string, (setting: Setting) => Promise<{ readonly ok: boolean }>]>([
    ["of a domain that is not registered", "not-yours", async ({ owners }) => owners.release(UNKNOWN)],
    [
      "to see the PBXes of a domain that is not registered",
      "not-yours",
      async ({ owners }) => owners.viewWithActivity(UNKNOWN),
    ],
    [
      "on the old secret of a domain that is not registered",
      "not-yours",
      async ({ owners }) => owners.endOldSecret(UNKNOWN),
    ],
    ["on another's domain", "not-yours", async ({ owners }) => owners.cancelChange(by(RIVAL))],
    [
      "against the operator",
      "suspended",
      async ({ owners, office }) => {
        await office.suspend(DOMAIN, OPERATOR);
        return owners.changeAddress(by(OWNER), address("next@example.com"));
      },
    ],
    [
      "that would free a claimed domain",
      "claimed",
      async (setting) => {
        await claim(setting);
        return setting.owners.release(by(OWNER));
      },
    ],
    ["without a change of address", "nothing", async ({ owners }) => owners.cancelChange(by(OWNER))],
    ["without an old secret", "nothing", async ({ owners }) => owners.endOldSecret(by(OWNER))],
    ["without a claim", "nothing", async ({ owners }) => owners.object(by(OWNER))],
    ["that was done already", "same", async ({ owners }) => owners.replaceSecret(by(OWNER), "replaced since")],
    [
      "while someone else keeps changing the domain",
      "conflict",
      async (setting) => {
        const domains = { ...setting.domains, commit: () => Promise.resolve("conflict" as const) };
        return ownerCommands({ ...setting, domains }).release(by(OWNER));
      },
    ],
  ])("%s is refused: %s", async (_, error, act) => {
    const setting = await services();
    const counted = setting.telemetry.count("Ownership", "released");
    expect(await act(setting)).toEqual({ ok: false, error });
    expect(setting.telemetry.count("Ownership", "released")).toBe(counted);
  });
});

it("every step that changes something is counted, and no address logged", async () => {
  const { owners, telemetry } = await services();
  await owners.release(by(OWNER));
  await owners.release(by(OWNER));
  expect(telemetry.metrics.filter((line) => line.startsWith("Ownership"))).toEqual(["Ownership 1 outcome=released"]);
  expect(telemetry.lines.at(-1)).toBe(
    JSON.stringify({ level: "info", message: "ownership", account: DOMAIN, action: "released" }),
  );
  expect(telemetry.lines.join()).not.toContain("@");
});
