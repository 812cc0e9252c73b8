import { describe, expect, it } from "vitest";
import { addPosts } from "../../../lambdas/core/domains/recent-posts.ts";
import { add } from "../../../lambdas/core/domains/domains.ts";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import { listDomains } from "../../../lambdas/usecases/admin/list-domains.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";

const MINUTE_MS = 60_000;

/** Domains as given: used (unless named so), last posted a minute after they were added, and connected, not connected or unknown. */
function setting(presence: Readonly<Record<string, boolean | undefined>>) {
  const clock = testClock();
  const random = testRandom();
  const addedAt = clock.now();
  const domains = Object.keys(presence).map((account): Domain => {
    const added = add(undefined, { account, actor: "operator test" }, { now: addedAt, bytes: random.bytes(32) });
    if (!added.ok || added.value.after === undefined) throw new Error("not added");
    return account.startsWith("unused") ? added.value.after : { ...added.value.after, firstLoginAt: addedAt };
  });
  const asked: string[] = [];
  const postedAt: Record<string, number> = {};
  const pages: unknown[] = [];
  const looked: string[] = [];
  const lists = listDomains({
    lists: {
      page(parts, limit, after) {
        pages.push([parts.map(({ list, prefix }) => `${list} ${prefix}`), limit, after]);
        return Promise.resolve({ items: domains, next: "there is more" });
      },
    },
    presence: {
      connected(keys) {
        looked.push(...keys.map(({ account }) => account));
        return Promise.resolve(new Map(keys.map(({ account }) => [account, presence[account]])));
      },
    },
    recentPosts: {
      findAll(covering) {
        asked.push(...covering);
        return Promise.resolve(
          covering.map((domain) => {
            const posts = Object.entries(postedAt)
              .filter(([account]) => account === domain || account.startsWith(`${domain}/`))
              .map(([account, at], n) => ({ id: `00000000000${n}`, at, account, outcome: "accepted", ms: 1 }));
            return addPosts(undefined, domain, posts, 0, clock.now());
          }),
        );
      },
    },
    clock,
  });
  const shown = async () => {
    const { items } = await lists.page({ search: "" });
    return Object.fromEntries(items.map(({ domain, lastPostAt }) => [domain.account, lastPostAt]));
  };
  return { shown, lists, pages, looked, asked, postedAt, addedAt };
}

describe("when a domain last posted", () => {
  it("is shown for unconnected domains, each from its own accounts", async () => {
    const { shown, asked, postedAt, addedAt } = setting({
      "off.example": false,
      "off.example/master": false,
      "off.example/slave": false,
      "on.example": true,
      "unknown.example/x": undefined,
    });
    postedAt["off.example/master"] = addedAt + MINUTE_MS;
    postedAt["on.example"] = addedAt + MINUTE_MS;
    expect(await shown()).toEqual({
      "off.example": addedAt + MINUTE_MS,
      "off.example/master": addedAt + MINUTE_MS,
      "off.example/slave": undefined,
      "on.example": undefined,
      "unknown.example/x": undefined,
    });
    expect(asked).toEqual(["off.example"]);
  });

  it("does not include posts of an earlier owner", async () => {
    const { shown, postedAt, addedAt } = setting({ "off.example": false });
    postedAt["off.example"] = addedAt - MINUTE_MS;
    expect(await shown()).toEqual({ "off.example": undefined });
  });

  it("is not read for a list with only connected domains", async () => {
    const { lists, asked } = setting({ "off.example": false, "on.example": true });
    const { items } = await lists.page("connected");
    expect(items.map(({ domain }) => domain.account)).toEqual(["on.example"]);
    expect(asked).toEqual([]);
  });
});

describe("a page of domains", () => {
  it("has 50 of them, starting where the previous page ended", async () => {
    const { lists, pages } = setting({});
    expect((await lists.page({ search: "pbx" }, "here")).next).toBe("there is more");
    await lists.page("connected", "there");
    await lists.page({ list: "suspended" });
    await lists.claims("at a claim");
    expect(pages).toEqual([
      [["all pbx", "name pbx", "owner pbx"], 50, "here"],
      [["all "], 50, "there"],
      [["suspended "], 50, undefined],
      [["claimed "], 50, "at a claim"],
    ]);
  });

  it("shows which are connected, not connected or unknown, and skips the look-up for domains never used", async () => {
    const presence = { "off.example": false, "on.example": true, "unknown.example": undefined, "unused.example": true };
    const { lists, looked, asked } = setting(presence);
    const connected = async (wanted: Parameters<typeof lists.page>[0]) =>
      (await lists.page(wanted)).items.map((item) => [item.domain.account, item.connected]);
    const all = Object.entries({ ...presence, "unused.example": false });
    expect(await connected({ search: "" })).toEqual(all);
    expect(looked).toEqual(["off.example", "on.example", "unknown.example"]);
    expect(asked).toEqual(["off.example"]);
    expect(await connected("connected")).toEqual([
      ["on.example", true],
      ["unknown.example", undefined],
    ]);
  });

  it("shows no last post if there was none", async () => {
    const { items } = await setting({ "off.example": false }).lists.page({ search: "" });
    expect(items[0]).not.toHaveProperty("lastPostAt");
  });
});
