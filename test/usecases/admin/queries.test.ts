import { describe, expect, it } from "vitest";
import { addPosts } from "../../../lambdas/core/domains/recent-posts.ts";
import { add, remove } from "../../../lambdas/core/domains/domains.ts";
import { accountKey } from "../../../lambdas/core/shared/names.ts";
import { prove } from "../../../lambdas/core/domains/ownership.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { commitChange } from "../../../lambdas/usecases/domains/commit-change.ts";
import { operatorQueries } from "../../../lambdas/usecases/admin/queries.ts";
import { registrationServices } from "../../support/services/registration.ts";
import { memorySockets } from "../../support/process/sockets.ts";

const DOMAIN = "pbx.example.com";
const ACCOUNT = "pbx.example.com/master";
const OWNER = "owner@example.com";
const ME = "operator test";

function services() {
  const registration = registrationServices();
  const { clock, random, domains } = registration;
  const sockets = memorySockets();
  const commit = commitChange(registration);
  const set = async (account: string, owner?: string) => {
    const request = { account, actor: ME, ...(owner !== undefined && { owner }) } as const;
    const added = add(undefined, request, { now: clock.now(), bytes: random.bytes(32) });
    if (added.ok) await commit(added.value);
  };
  const unset = async (key: string) => {
    const removed = remove(await domains.find(key), ME, clock.now());
    if (removed.ok) await commit(removed.value);
  };
  const logIn = (connectionId: string, account: string) => {
    const login = { ...accountKey(account), secretId: "s", at: clock.now() };
    sockets.open.set(connectionId, { connectionId, connectedAt: clock.now(), source: "192.0.2.1", login });
  };
  const dns = { records: [] as string[], error: undefined as Error | undefined };
  const txtRecords = { find: () => (dns.error ? Promise.reject(dns.error) : Promise.resolve(dns.records)) };
  const office = operatorQueries({ ...registration, sockets, txtRecords });
  const show = async (key: string, activity = false) => {
    const shown = await office.show(key, activity);
    if (!shown.ok) throw new Error(shown.error);
    return shown.value;
  };
  return { ...registration, sockets, dns, office, commit, set, unset, logIn, show };
}

describe("an operator's view of one account", () => {
  it("is empty if the account does not exist", async () => {
    expect(await services().office.show(DOMAIN, false)).toEqual({ ok: false, error: "unknown" });
  });

  it.each([
    [DOMAIN, ["c1", "c2"], [DOMAIN, ACCOUNT]],
    [ACCOUNT, ["c2"], [ACCOUNT]],
  ])(
    "%s: has its own connections and refused logins, a domain's including its accounts",
    async (key, ids, accounts) => {
      const { set, logIn, show, sockets } = services();
      await set(DOMAIN);
      await set(ACCOUNT);
      logIn("c1", DOMAIN);
      logIn("c2", ACCOUNT);
      logIn("c3", "elsewhere.example.com");
      for (const account of [DOMAIN, ACCOUNT, "elsewhere.example.com"]) {
        const { domain } = accountKey(account);
        sockets.refused.push({ account, domain, source: "192.0.2.9", at: 0, reason: "wrong-password", refusals: 3 });
      }
      const shown = await show(key);
      expect(shown.connections.map(({ connectionId }) => connectionId)).toEqual(ids);
      expect(shown.refusedLogins.map(({ account }) => account)).toEqual(accounts);
    },
  );

  it("has the last activity on request, of at most 50 sockets that still exist", async () => {
    const { set, logIn, show, sockets } = services();
    await set(DOMAIN);
    for (let made = 0; made < 60; made += 1) {
      logIn(`c${made}`, DOMAIN);
      if (made > 0) sockets.active.set(`c${made}`, 1_000 + made);
    }
    const heardOf = (shown: Awaited<ReturnType<typeof show>>) =>
      shown.connections.map(({ lastActiveAt }) => lastActiveAt);
    const expected = Array.from({ length: 60 }, (_, made) => (made === 0 || made >= 50 ? undefined : 1_000 + made));
    expect(heardOf(await show(DOMAIN, true))).toEqual(expected);
    expect(heardOf(await show(DOMAIN)).every((at) => at === undefined)).toBe(true);
  });

  it("has what is stored of a connection for which API Gateway does not answer in time", async () => {
    const { set, logIn, show, sockets } = services();
    await set(DOMAIN);
    logIn("c1", DOMAIN);
    Object.assign(sockets, {
      lastActiveAt: () => Promise.reject(new DependencyError("apigateway.GetConnection", "timeout")),
    });
    expect((await show(DOMAIN, true)).connections).toMatchObject([{ connectionId: "c1" }]);
    Object.assign(sockets, { lastActiveAt: () => Promise.reject(new Error("a bug")) });
    await expect(show(DOMAIN, true)).rejects.toThrow("a bug");
  });

  it("says why its owner gets no email", async () => {
    const { set, show, suppressions, clock, office } = services();
    await set(DOMAIN, OWNER);
    await set("nobodys.example.com");
    const find = suppressions.find.bind(suppressions);
    const asked: string[] = [];
    Object.assign(suppressions, { find: (address: string) => (asked.push(address), find(address)) });
    expect((await show(DOMAIN)).suppression).toBeUndefined();
    const suppression = { address: OWNER, reason: "bounced", at: clock.now() } as const;
    await suppressions.add(suppression);
    const week = 7 * 86_400_000;
    expect((await show(DOMAIN)).suppression).toEqual({ ...suppression, until: clock.now() + week });
    expect((await show("nobodys.example.com")).suppression).toBeUndefined();
    expect(asked).toEqual([OWNER, OWNER]);
    clock.advance(week);
    expect((await show(DOMAIN)).suppression).toBeUndefined();
    expect((await office.suppressions(10)).items).toEqual([]);
  });
});

describe("posts of a domain", () => {
  const postsOf = (account: string, at: number, now: number) =>
    addPosts(undefined, DOMAIN, [{ id: "0".repeat(12), at, account, outcome: "accepted", ms: 20 }], 0, now);

  it("are shown with it and with their account, and marked as off if none are kept", async () => {
    const { set, show, recentPosts, clock } = services();
    for (const account of [DOMAIN, ACCOUNT, "pbx.example.com/slave"]) await set(account);
    expect(await show(DOMAIN)).not.toHaveProperty("posts");
    recentPosts.kept.set(DOMAIN, postsOf(ACCOUNT, clock.now(), clock.now()));
    for (const account of [DOMAIN, ACCOUNT])
      expect((await show(account)).posts?.posts).toMatchObject([{ account: ACCOUNT, at: clock.now() }]);
    expect((await show("pbx.example.com/slave")).posts?.posts).toEqual([]);
  });

  it("give unconnected domains the time of their last post", async () => {
    const { office, set, logIn, recentPosts, clock } = services();
    for (const account of ["a.example.com", DOMAIN, ACCOUNT, "q.example.com", "q.example.com/x"]) await set(account);
    logIn("c1", "q.example.com/x");
    recentPosts.kept.set(DOMAIN, postsOf(ACCOUNT, clock.now(), clock.now()));
    const { items } = await office.list(10, undefined, undefined, true);
    expect(items.map(({ account, lastPostAt }) => [account, lastPostAt])).toEqual([
      ["a.example.com", undefined],
      [DOMAIN, clock.now()],
      [ACCOUNT, clock.now()],
    ]);
    expect(items[0]).not.toHaveProperty("lastPostAt");
    const all = await office.list(10);
    expect(all.items).toHaveLength(5);
    expect(all.items.some((item) => "lastPostAt" in item)).toBe(false);
  });

  it("give it to every domain of a long page, and of the next page", async () => {
    const { office, set, sockets } = services();
    for (let n = 100; n < 160; n += 1) await set(`pbx${n}.example.com`);
    let asking = 0;
    let most = 0;
    Object.assign(sockets, {
      async ofDomain() {
        most = Math.max(most, (asking += 1));
        await Promise.resolve();
        asking -= 1;
        return [];
      },
    });
    const page = await office.list(55, undefined, undefined, true);
    expect(page.items.map(({ account }) => account)).toEqual(
      Array.from({ length: 55 }, (_, n) => `pbx${100 + n}.example.com`),
    );
    expect(page.next).toBe("pbx154.example.com");
    expect(most).toBe(25);
  });
});

it("shows the last 50 entries of a history", async () => {
  const { set, show, domains, office } = services();
  await set(DOMAIN);
  for (let at = 1; at <= 60; at += 1) await domains.note(DOMAIN, { at, action: "resent", actor: ME });
  expect((await show(DOMAIN)).history.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, n) => 60 - n));
  expect(await office.history(DOMAIN, 100)).toHaveProperty("value.length", 61);
});

it("shows an empty history for a domain without one", async () => {
  const { office, set, domains } = services();
  await set(DOMAIN);
  Object.assign(domains, { history: () => Promise.resolve([]) });
  expect(await office.history(DOMAIN, 10)).toEqual({ ok: true, value: [] });
});

describe("the record of a claim", () => {
  it("is looked up on request: found, missing or unreachable", async () => {
    const { office, set, domains, commit, dns, clock } = services();
    expect(await office.record(DOMAIN)).toEqual({ ok: false, error: "unknown" });
    await set(DOMAIN, OWNER);
    expect(await office.record(DOMAIN)).toEqual({ ok: false, error: "nothing" });
    const claimed = prove(
      { domain: await domains.find(DOMAIN) },
      { account: DOMAIN, emailKey: "rival@two.example" },
      "its text",
      { now: clock.now(), bytes: new Uint8Array(40) },
    );
    if (claimed.ok && claimed.value.change) await commit(claimed.value.change);
    expect(await office.record(DOMAIN)).toEqual({ ok: true, value: "missing" });
    dns.records = ["other", "its text"];
    expect(await office.record(DOMAIN)).toEqual({ ok: true, value: "found" });
    dns.error = new DependencyError("dns.resolveTxt", "timeout");
    expect(await office.record(DOMAIN)).toEqual({ ok: true, value: "unreachable" });
    dns.error = new Error("a bug");
    await expect(office.record(DOMAIN)).rejects.toThrow("a bug");
  });
});

describe("an operator's view of all accounts", () => {
  it("includes the history of a deleted domain, newest first", async () => {
    const { office, set, unset, clock } = services();
    await set(DOMAIN);
    clock.advance(1_000);
    await unset(DOMAIN);
    expect(await office.history(DOMAIN, 10)).toMatchObject({
      ok: true,
      value: [{ action: "deleted" }, { action: "added" }],
    });
    expect(await office.history(DOMAIN, 1)).toMatchObject({ value: [{ action: "deleted" }] });
    expect(await office.history("never.example.com", 10)).toEqual({ ok: false, error: "unknown" });
  });

  it("has pages: domains, filtered by text, and addresses that get no email", async () => {
    const { office, set, suppressions } = services();
    for (const name of ["a", "b", "c"]) {
      await set(`${name}.example.com`, `${name}@example.org`);
      await suppressions.add({ address: `${name}@example.org`, reason: "complained", at: 0 });
    }
    const first = await office.list(2);
    const second = await office.list(2, first.next);
    expect([...first.items, ...second.items].map(({ account }) => account)).toEqual([
      "a.example.com",
      "b.example.com",
      "c.example.com",
    ]);
    expect((await office.list(10, undefined, { text: "b@" })).items.map(({ account }) => account)).toEqual([
      "b.example.com",
    ]);
    const suppressed = await office.suppressions(2);
    expect((await office.suppressions(2, suppressed.next)).items.map(({ address }) => address)).toEqual([
      "c@example.org",
    ]);
  });
});
