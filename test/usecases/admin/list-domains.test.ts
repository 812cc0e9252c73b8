import { describe, expect, it } from "vitest";
import { addPosts } from "../../../lambdas/core/domains/recent-posts.ts";
import { add } from "../../../lambdas/core/domains/domains.ts";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import { listDomains } from "../../../lambdas/usecases/admin/list-domains.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";

const MINUTE_MS = 60_000;

/** Domains as given, used and posted from a minute after they were added, connected or not or nobody knows. */
function setting(presence: Readonly<Record<string, boolean | undefined>>) {
  const clock = testClock();
  const random = testRandom();
  const addedAt = clock.now();
  const domains = Object.keys(presence).map((account): Domain => {
    const added = add(undefined, { account, actor: "operator test" }, { now: addedAt, bytes: random.bytes(32) });
    if (!added.ok || added.value.after === undefined) throw new Error("not added");
    return { ...added.value.after, firstLoginAt: addedAt };
  });
  const asked: string[] = [];
  const postedAt: Record<string, number> = {};
  const lists = listDomains({
    lists: { page: () => Promise.resolve({ items: domains }) },
    presence: {
      connected: (keys) => Promise.resolve(new Map(keys.map(({ account }) => [account, presence[account]]))),
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
  return { shown, lists, asked, postedAt, addedAt };
}

describe("when a domain last posted", () => {
  it("is shown of those that are not connected, each by its own accounts", async () => {
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

  it("is not that of an earlier owner", async () => {
    const { shown, postedAt, addedAt } = setting({ "off.example": false });
    postedAt["off.example"] = addedAt - MINUTE_MS;
    expect(await shown()).toEqual({ "off.example": undefined });
  });

  it("is not read for a list that shows connected domains only", async () => {
    const { lists, asked } = setting({ "off.example": false, "on.example": true });
    const { items } = await lists.page("connected");
    expect(items.map(({ domain }) => domain.account)).toEqual(["on.example"]);
    expect(asked).toEqual([]);
  });
});
