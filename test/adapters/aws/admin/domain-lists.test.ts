import { usedBy } from "../../../../lambdas/core/domains/domain.ts";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { dynamoDomainLists } from "../../../../lambdas/adapters/aws/admin/domain-lists.ts";
import { dynamoPresence } from "../../../../lambdas/adapters/aws/admin/presence.ts";
import type { FullDynamo } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import { dynamoDomains } from "../../../../lambdas/adapters/aws/domains/domains.ts";
import { dynamoRecentPosts } from "../../../../lambdas/adapters/aws/domains/recent-posts.ts";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import type { Change, Moment } from "../../../../lambdas/core/domains/change.ts";
import type { Domain } from "../../../../lambdas/core/domains/domain.ts";
import { add, remove, setState, transfer } from "../../../../lambdas/core/domains/domains.ts";
import { partsOf, type Wanted } from "../../../../lambdas/core/domains/lists.ts";
import { addPosts } from "../../../../lambdas/core/domains/recent-posts.ts";
import { accountKey } from "../../../../lambdas/core/shared/names.ts";
import type { Result } from "../../../../lambdas/core/shared/result.ts";
import { listDomains } from "../../../../lambdas/usecases/admin/list-domains.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { testRandom } from "../../../support/values/time-and-chance.ts";
import { holdTimeLimits } from "../../../support/values/time-limits.ts";

holdTimeLimits();
const NOW = Date.UTC(2026, 10, 23, 12);
const ACTOR = "operator test";
const random = testRandom();
const moment = (): Moment => ({ now: NOW, bytes: random.bytes(32) });

let dynamo: TestDynamo;
let scanned = 0;
/** Counts every item that is read: by a Query, returned or not, and by a BatchGetItem. */
const counting = (client: FullDynamo): FullDynamo => ({
  async request(operation, input, options) {
    const output = await client.request(operation, input, options);
    scanned += (output as { readonly ScannedCount?: number }).ScannedCount ?? 0;
    const { RequestItems = {} } = input as { readonly RequestItems?: Readonly<Record<string, { Keys?: unknown[] }>> };
    for (const { Keys = [] } of Object.values(RequestItems)) scanned += Keys.length;
    return output;
  },
});

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const domains = () => dynamoDomains(dynamo.clients.sdk, dynamo.tables, randomUUID);
const lists = () => dynamoDomainLists(counting(dynamo.clients.sdk), dynamo.tables.core);

async function step(account: string, decide: (before: Domain | undefined) => Result<Change, unknown>) {
  const change = decide(await domains().find(account));
  if (!change.ok) throw new Error(String(change.error));
  expect(await domains().commit(change.value)).toBe("stored");
}
const adding = (account: string, owner?: string) =>
  step(account, (before) => add(before, { account, actor: ACTOR, ...(owner !== undefined && { owner }) }, moment()));

/** A PBX logs in for the first time. */
async function logInFirst(account: string): Promise<void> {
  const before = await domains().find(account);
  if (before === undefined) throw new Error(`no ${account}`);
  await domains().saveUse(before, { ...before, firstLoginAt: NOW, version: before.version + 1 });
}

async function all(wanted: Wanted, limit = 2): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    scanned = 0;
    const page = await lists().page(partsOf(wanted), limit, after);
    expect(scanned).toBeLessThanOrEqual(limit);
    found.push(...page.items.map(({ account }) => account));
    if (page.next === undefined) return found;
    after = page.next;
  }
}
const list = (name: "suspended" | "claimed" | "unused") => all({ list: name });

describe("lists of domains in DynamoDB", () => {
  it("contain exactly what belongs there after every change", async () => {
    for (const name of ["a", "b", "c"]) await adding(`${name}.state.example`, "who@state.example");
    expect(await list("unused")).toEqual(["a", "b", "c"].map((name) => `${name}.state.example`));
    const before = await domains().find("b.state.example");
    const used = before && usedBy(before, before.secrets.current.id, NOW);
    if (before && used) await domains().saveUse(before, used);
    expect(await list("unused")).toEqual(["a.state.example", "c.state.example"]);
    await step("b.state.example", (before) => setState(before, "suspended", ACTOR, NOW));
    expect(await list("suspended")).toEqual(["b.state.example"]);
    const claim = { claimant: "x@example.com", madeAt: NOW, objectUntil: NOW };
    await step("c.state.example", (before) => {
      const change = setState(before, "active", ACTOR, NOW);
      return change.ok ? { ok: true, value: { ...change.value, after: { ...change.value.after, claim } } } : change;
    });
    expect(await list("claimed")).toEqual(["c.state.example"]);
    const [copy] = (await lists().page(partsOf({ list: "claimed" }), 1)).items;
    expect(copy).toEqual(await domains().find("c.state.example"));
    await step("b.state.example", (before) => transfer(before, { to: "new@state.example", actor: ACTOR }, moment()));
    expect(await list("unused")).toContain("b.state.example"); // no PBX has logged in for its new owner
    expect(await all({ search: "new@st" })).toEqual(["b.state.example"]);
    expect((await all({ search: "who@st" })).sort()).toEqual(["a.state.example", "c.state.example"]);
    for (const name of ["a", "b", "c"]) await step(`${name}.state.example`, (before) => remove(before, ACTOR, NOW));
    for (const name of ["suspended", "claimed", "unused"] as const) expect(await list(name)).toEqual([]);
    expect(await all({ search: "who@st" })).toEqual([]);
  });

  it("can be searched by the beginning of a key, a Unicode form or an owner's address, with each domain once", async () => {
    await adding("xn--mnchen-3ya.example", "amt@xn--mnchen-3ya.example");
    await adding("muenchen.example", "xn--m@muenchen.example");
    await adding("mu.example/slave", "muster@other.example");
    expect(await all({ search: "mün" })).toEqual(["xn--mnchen-3ya.example"]);
    expect(await all({ search: "m" })).toEqual(["mu.example/slave", "muenchen.example", "xn--mnchen-3ya.example"]);
    expect(await all({ search: "XN--M" })).toEqual(["xn--mnchen-3ya.example", "muenchen.example"]);
    expect(await all({ search: "amt@München" })).toEqual(["xn--mnchen-3ya.example"]);
    expect(await all({ search: "nobody" })).toEqual([]);
    expect((await all({ search: "" })).length).toBeGreaterThanOrEqual(3);
  });

  it("get rows stored by an earlier version, once", async () => {
    const account = "xn--bcher-kva.example";
    await adding(account, "old@early.example");
    const { Item: _, ...domain } = { ...(await domains().find(account)) } as Domain & { Item?: never };
    for (const parts of [partsOf({ search: "old@early" })])
      expect((await lists().page(parts, 10)).items).toHaveLength(1);
    // As stored before lists existed: only a row.
    await step(account, (before) => remove(before, ACTOR, NOW));
    const row = { pk: `DOMAIN#${account}`, sk: "DOMAIN", kind: "domain", ...domain, state: "suspended" };
    await dynamo.client.send(new PutItemCommand({ TableName: "core", Item: marshall(row) }));
    expect(await all({ search: "büch" })).toEqual([]);
    await domains().relist([account, "unknown.example"]);
    await domains().relist([account]);
    await domains().relist([]);
    expect(await all({ search: "büch" })).toEqual([account]);
    expect(await all({ search: "old@early" })).toEqual([account]);
    expect(await list("suspended")).toContain(account);
    expect(await domains().find(account)).toEqual({ ...domain, state: "suspended" });
    await step(account, (before) => setState(before, "active", ACTOR, NOW));
    expect(await list("suspended")).not.toContain(account);
  });
});

describe("a page of the console", () => {
  it("reads 100 items at most, and shows 50 domains", async () => {
    const sessions = dynamoSessions(dynamo.clients.lean, dynamo.tables.sessions);
    const posts = dynamoRecentPosts(counting(dynamo.clients.sdk), dynamo.tables.core);
    const names = Array.from({ length: 60 }, (_, number) => `m${String(number).padStart(2, "0")}.many-pages.example`);
    for (const account of names) {
      await adding(account, `${account.slice(0, 3)}@owners.example`);
      await logInFirst(account);
      const post = { id: "00000000000a", at: NOW, account, outcome: "accepted", ms: 1 };
      await posts.replace(addPosts(undefined, account, [post], 0, NOW), undefined);
      if (Number(account.slice(1, 3)) % 4 === 0) continue; // is deleted
      for (const id of [randomUUID(), randomUUID()]) {
        await sessions.open(id, { source: "192.0.2.1", connectedAt: NOW });
        const login = { account, domain: account, secretId: "s", spelling: account, at: NOW, sip: "", dn: "" };
        await sessions.logIn(id, login);
      }
    }
    const pages = listDomains({
      lists: lists(),
      presence: dynamoPresence(counting(dynamo.clients.sdk), dynamo.tables.sessions),
      recentPosts: posts,
      clock: { now: () => NOW },
    });
    const seen = new Set<string>();
    const lastSeen = new Set<string>();
    const whole: readonly unknown[] = ["", "unused"]; // nothing in them is left out
    for (const wanted of ["connected", { search: "m" }, { search: "" }, { list: "unused" }] as const)
      for (let after: string | undefined = ""; after !== undefined; ) {
        scanned = 0;
        const { items, next }: Awaited<ReturnType<typeof pages.page>> = await pages.page(wanted, after || undefined);
        expect(scanned).toBeLessThanOrEqual(100);
        if (next !== undefined && whole.includes(Object.values(wanted)[0])) expect(items).toHaveLength(50);
        for (const { domain, connected, lastPostAt } of items) {
          if (connected) seen.add(domain.account);
          if (lastPostAt === NOW) lastSeen.add(domain.account);
        }
        after = next;
      }
    const gone = names.filter((_, number) => number % 4 === 0);
    expect([...seen].filter((account) => names.includes(account)).sort()).toEqual(
      names.filter((account) => !gone.includes(account)),
    );
    expect([...lastSeen].sort()).toEqual(gone);
    scanned = 0;
    expect(await pages.claims()).toEqual({ items: [] });
    expect(scanned).toBe(0);
  });
});

describe("who is connected", () => {
  it("is known after one query for each domain, of no more connections than accounts", async () => {
    const sessions = dynamoSessions(dynamo.clients.lean, dynamo.tables.sessions);
    const logIn = async (account: string) => {
      const id = randomUUID();
      await sessions.open(id, { source: "192.0.2.1", connectedAt: NOW });
      await sessions.logIn(id, { ...accountKey(account), secretId: "s", spelling: account, at: NOW, sip: "", dn: "" });
      return id;
    };
    const first = await logIn("on.example/master");
    for (const name of ["a", "b", "c"]) await logIn(`many.example/${name}`);
    const accounts = ["on.example", "off.example", "on.example/master", "on.example/slave", "many.example/z"].map(
      accountKey,
    );
    scanned = 0;
    const connected = await dynamoPresence(counting(dynamo.clients.sdk), dynamo.tables.sessions).connected(accounts);
    expect(scanned).toBeLessThanOrEqual(accounts.length);
    expect(Object.fromEntries(connected)).toEqual({
      "on.example": true,
      "off.example": false,
      "on.example/master": true,
      "on.example/slave": false,
      "many.example/z": undefined,
    });
    await sessions.close(first);
    expect(
      (await dynamoPresence(dynamo.clients.sdk, "sessions").connected([accountKey("on.example")])).get("on.example"),
    ).toBe(false);
  });
});
