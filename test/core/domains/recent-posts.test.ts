import { describe, expect, it } from "vitest";
import {
  addPosts,
  isDue,
  lastPostOf,
  parseLoggedEvent,
  phonesIn,
  type RecentPost,
  type RecentPosts,
  viewPosts,
  withoutAccounts,
} from "../../../lambdas/core/domains/recent-posts.ts";

const NOW = Date.UTC(2026, 10, 27, 12, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DOMAIN = "pbx.example.com";

const post = (n: number, more: Partial<RecentPost> = {}): RecentPost => ({
  id: n.toString(16).padStart(12, "0"),
  at: NOW - n * MINUTE,
  account: DOMAIN,
  app: "ios",
  kind: "call",
  outcome: "accepted",
  ms: 20,
  ...more,
});
const kept = (posts: readonly RecentPost[], before?: RecentPosts, now = NOW) => addPosts(before, DOMAIN, posts, 0, now);
const marks = (issuedAt: number) => ({ current: { id: "aaaaaaaa", issuedAt } });

describe("parseLoggedEvent", () => {
  const line = {
    level: "info",
    time: NOW,
    message: "post answered",
    stage: "prod",
    account: "pbx.example.com/master",
    src: "5",
    app: "ios",
    type: "call",
    wake: "w",
    device: "d".repeat(43),
    outcome: "accepted",
    ms: 23.4,
  };
  const parse = (value: unknown) => parseLoggedEvent("1", typeof value === "string" ? value : JSON.stringify(value));

  it("reads a post and its account, and nothing else of the line", () => {
    expect(parse(line)).toEqual({
      kind: "post",
      domain: DOMAIN,
      post: {
        id: "6b86b273ff34", // SHA-256 of "1"
        at: NOW,
        account: "pbx.example.com/master",
        app: "ios",
        kind: "call",
        outcome: "accepted",
        ms: 23,
        device: "d".repeat(43),
      },
    });
  });

  it("reads that someone watches", () => {
    const watched = { message: "posts watched", account: DOMAIN, time: NOW };
    expect(parse(watched)).toEqual({ kind: "watch", domain: DOMAIN, id: "6b86b273ff34", at: NOW });
  });

  it.each([
    ["not JSON", "START RequestId: 1"],
    ["not an object", "null"],
    ["another line", { ...line, message: "dependency failed" }],
    ["a post without an account", { ...line, account: undefined }],
    ["an invalid time", { ...line, time: 1e300 }],
    ["an invalid outcome", { ...line, outcome: 1 }],
  ])("ignores %s", (_what, value) => {
    expect(parse(value)).toBeUndefined();
  });

  it("drops a device that is not a well-formed key", () => {
    expect(parse({ ...line, device: "ios:a41f024d69e68bfa" })).not.toHaveProperty("post.device");
  });

  it("cuts the PBX's own name to 64 characters", () => {
    const [long, cut] = ["x".repeat(65), "x".repeat(64)];
    expect(parse({ ...line, account: `${DOMAIN}/${long}`, app: long, outcome: long })).toMatchObject({
      domain: DOMAIN,
      post: { account: `${DOMAIN}/${"x".repeat(63)}`, app: cut, outcome: cut },
    });
  });

  it.each([
    ["type", "notification", { kind: "notification" }],
    ["type", "chat", { kind: undefined }],
    ["app", 1, { app: undefined }],
    ["ms", 23.5, { ms: 24 }],
    ["ms", -1, { ms: 0 }],
    ["ms", 65_536, { ms: 65_535 }],
    ["ms", "20", { ms: 0 }],
    ["device", 1, { device: undefined }],
    ["device", ["d".repeat(43)], { device: undefined }],
    ["device", "d".repeat(42), { device: undefined }],
    ["device", "d".repeat(44), { device: undefined }],
    ["device", `${"d".repeat(41)}-_`, { device: `${"d".repeat(41)}-_` }],
  ])("reads %s %j as %j", (name, value, expected) => {
    const read = parse({ ...line, [name]: value });
    const { app, device, kind, ms } = read?.kind === "post" ? read.post : post(0);
    expect({ app, device, kind, ms }).toEqual({
      ...{ app: "ios", device: "d".repeat(43), kind: "call", ms: 23 },
      ...expected,
    });
    for (const [member, wanted] of Object.entries(expected))
      if (wanted === undefined) expect(read).not.toHaveProperty(`post.${member}`);
  });

  // A row stores times in 48 bits.
  it.each([
    [0, false],
    [1, true],
    [1.5, false],
    [-1, false],
    [2 ** 47 - 1, true],
    [2 ** 47, false],
    ["1", false],
  ])("accepts the time %j: %s", (time, taken) => expect(parse({ ...line, time }) !== undefined).toBe(taken));
});

describe("addPosts", () => {
  it("keeps the 20 newest, newest first, in whatever order they arrive", () => {
    const posts = Array.from({ length: 30 }, (_, n) => post(n));
    const shuffled = [...posts.slice(11), ...posts.slice(0, 11)];
    const at = kept(shuffled.slice(7), kept(shuffled.slice(0, 7))).posts.map(({ at }) => at);
    expect(at).toEqual(posts.slice(0, 20).map(({ at }) => at));
  });

  it("counts a redelivered post once, alone or with others", () => {
    const once = kept([post(1), post(2, { outcome: "Uninstalled" })]);
    const again = kept([post(2, { outcome: "Uninstalled" }), post(3), post(3)], once);
    expect(again.posts.map(({ id }) => id)).toEqual([1, 2, 3].map((n) => post(n).id));
    expect(again.hours).toEqual([{ hour: Math.floor(NOW / HOUR), accepted: 2, failed: 1 }]);
  });

  it("counts 24 hours and forgets the 25th", () => {
    const day = kept([post(0), post(23 * 60), post(24 * 60)]);
    expect(day.hours.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(2);
    expect(kept([], day, NOW + HOUR).hours).toHaveLength(1);
  });

  it("orders posts of one millisecond by id, in whatever order they arrive", () => {
    const [a, b, c] = [1, 2, 3].map((n) => post(n, { at: NOW })) as [RecentPost, RecentPost, RecentPost];
    for (const order of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
    ])
      expect(kept(order).posts).toEqual([c, b, a]);
  });

  it("adds to the stored hours, start and end of watching", () => {
    const first = addPosts(undefined, DOMAIN, [post(0)], 5, NOW);
    expect(first).toEqual({
      domain: DOMAIN,
      posts: [post(0)],
      hours: [{ hour: Math.floor(NOW / HOUR), accepted: 1, failed: 0 }],
      lastPostAt: { [DOMAIN]: NOW },
      since: NOW,
      writtenAt: NOW,
      watchedUntil: 5,
    });
    const failed = [1, 2].map((n) => post(n, { outcome: "Uninstalled" }));
    expect(addPosts(first, DOMAIN, failed, 4, NOW + 7)).toEqual({
      ...first,
      posts: [post(0), ...failed],
      hours: [{ hour: Math.floor(NOW / HOUR), accepted: 1, failed: 2 }],
      writtenAt: NOW + 7,
    });
    expect(addPosts(first, DOMAIN, [], 6, NOW).watchedUntil).toBe(6);
    expect(addPosts(undefined, DOMAIN, [], -1, NOW).watchedUntil).toBe(0);
  });

  it("keeps the time of the last post for at most eight accounts", () => {
    const posts = Array.from({ length: 10 }, (_, n) => post(n, { account: `${DOMAIN}/${n}` }));
    const oldestFirst = [post(30, { account: `${DOMAIN}/0` }), ...posts.toReversed()];
    const { lastPostAt } = kept([...oldestFirst, post(31, { account: `${DOMAIN}/0` })]);
    expect(Object.keys(lastPostAt)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => `${DOMAIN}/${n}`));
    expect(lastPostAt[`${DOMAIN}/0`]).toBe(NOW);
  });
});

describe("isDue", () => {
  const old = { since: NOW - 2 * HOUR, writtenAt: NOW, watchedUntil: 0 };
  const failed = post(0, { outcome: "Uninstalled" });

  it.each([
    ["a domain that never posted", undefined, [post(0)], 0, 0, true],
    ["a domain in its first hour", { ...old, since: NOW - 59 * MINUTE }, [post(0)], 0, 0, true],
    ["a watched domain, according to the row", { ...old, watchedUntil: NOW + 1 }, [post(0)], 0, 0, true],
    ["a watched domain, according to a new event", old, [post(0)], NOW + 1, 0, true],
    ["a domain after its first hour", { ...old, since: NOW - HOUR }, [post(0)], 0, 0, false],
    ["a domain no longer watched, according to the row", { ...old, watchedUntil: NOW }, [post(0)], 0, 0, false],
    ["a domain no longer watched, according to a new event", old, [post(0)], NOW, 0, false],
    ["a failed post 9 minutes after the last write", old, [post(0), failed], 0, 9 * MINUTE, false],
    ["a failed post 10 minutes after the last write", old, [post(0), failed], 0, 10 * MINUTE, true],
    ["accepted posts 19 minutes after the last write", old, [post(0)], 0, 19 * MINUTE, false],
    ["accepted posts 20 minutes after the last write", old, [post(0)], 0, 20 * MINUTE, true],
  ] as const)("%s", (_what, written, posts, watchedUntil, after, due) => {
    expect(isDue(written, posts, watchedUntil, NOW + after)).toBe(due);
  });
});

describe("viewPosts", () => {
  const all = kept([
    post(0, { account: `${DOMAIN}/master` }),
    post(1, { outcome: "Uninstalled" }),
    post(40),
    post(3 * 60),
  ]);

  it("shows a domain with its accounts, and an account on its own", () => {
    expect(viewPosts(all, DOMAIN, marks(0), NOW)).toMatchObject({
      posts: all.posts,
      day: { accepted: 3, failed: 1 },
      lastPostAt: { [DOMAIN]: NOW - MINUTE, [`${DOMAIN}/master`]: NOW },
      writtenAt: NOW,
    });
    const account = viewPosts(all, `${DOMAIN}/master`, marks(0), NOW);
    expect(account.posts).toEqual([post(0, { account: `${DOMAIN}/master` })]);
    expect(account).not.toHaveProperty("day");
    expect(account.lastPostAt).toEqual({ [`${DOMAIN}/master`]: NOW });
  });

  it("shows no posts by a former owner's password", () => {
    expect(viewPosts(all, DOMAIN, marks(NOW + 1), NOW + 2)).toMatchObject({
      posts: [],
      day: { accepted: 0, failed: 0 },
      lastPostAt: {},
    });
    expect(viewPosts(all, DOMAIN, marks(NOW - 20 * MINUTE), NOW)).toMatchObject({
      posts: all.posts.slice(0, 2),
      day: { accepted: 1, failed: 1 },
    });
  });

  it("shows accounts under the name, not those that only begin like it", () => {
    const posts = ["", "/a", "/a/1", "/ab"].map((tail, n) => post(n, { account: DOMAIN + tail }));
    const seen = viewPosts(kept(posts), `${DOMAIN}/a`, marks(0), NOW);
    expect(seen.posts).toEqual([posts[1], posts[2]]);
    expect(seen.lastPostAt).toEqual({ [`${DOMAIN}/a`]: NOW - MINUTE, [`${DOMAIN}/a/1`]: NOW - 2 * MINUTE });
  });

  it("starts at the password's first millisecond", () => {
    const posts = [post(0), post(31), post(60, { outcome: "Uninstalled" }), post(61)];
    const seen = (since: number) => viewPosts(kept(posts), DOMAIN, marks(since), NOW);
    expect(seen(NOW - 31 * MINUTE)).toMatchObject({
      posts: posts.slice(0, 2),
      day: { accepted: 2, failed: 0 },
      lastPostAt: { [DOMAIN]: NOW },
    });
    expect(seen(NOW - HOUR)).toMatchObject({ posts: posts.slice(0, 3), day: { accepted: 2, failed: 1 } });
    expect(seen(NOW).lastPostAt).toEqual({ [DOMAIN]: NOW });
    expect(seen(NOW + 1).lastPostAt).toEqual({});
  });

  it("counts at most 24 hours, whatever the age of the password", () => {
    const day = kept([post(0), post(23 * 60 + 29), post(23 * 60 + 30)]);
    expect(viewPosts(day, DOMAIN, marks(0), NOW).day).toEqual({ accepted: 3, failed: 0 });
    expect(viewPosts(day, DOMAIN, marks(0), NOW + 30 * MINUTE).day).toEqual({ accepted: 1, failed: 0 });
    // The hour in which it started is 24 hours ago.
    const begun = NOW - 23 * HOUR - 20 * MINUTE;
    expect(viewPosts(day, DOMAIN, marks(begun), NOW + 30 * MINUTE).day).toEqual({ accepted: 1, failed: 0 });
  });

  it("counts each post once if the password was issued at the start of an hour", () => {
    expect(viewPosts(all, DOMAIN, marks(NOW - 30 * MINUTE), NOW).day).toEqual({ accepted: 1, failed: 1 });
  });

  it("shows posts from before the owner's replacement of the password", () => {
    const replaced = { ...marks(NOW), previous: { id: "bbbbbbbb", issuedAt: 0, validUntil: NOW + HOUR } };
    expect(viewPosts(all, DOMAIN, replaced, NOW).posts).toEqual(all.posts);
  });

  it("shows nothing from before the owner got the domain together with its password", () => {
    expect(viewPosts(all, DOMAIN, marks(0), NOW, NOW - 30 * MINUTE)).toMatchObject({
      posts: all.posts.slice(0, 2),
      day: { accepted: 1, failed: 1 },
      lastPostAt: { [DOMAIN]: NOW - MINUTE, [`${DOMAIN}/master`]: NOW },
    });
    const gotNow = viewPosts(all, DOMAIN, marks(0), NOW + 1, NOW + 1);
    expect(gotNow).toMatchObject({ posts: [], day: { accepted: 0, failed: 0 }, lastPostAt: {} });
  });
});

describe("withoutAccounts", () => {
  const view = viewPosts(kept([post(0, { account: `${DOMAIN}/other` }), post(1)]), DOMAIN, marks(0), NOW);

  it("leaves out an account with its last post, and the counts that include its posts", () => {
    const { day, ...rest } = view;
    expect(day).toBeDefined();
    expect(withoutAccounts(view, new Set([`${DOMAIN}/other`]))).toEqual({
      ...rest,
      posts: [post(1)],
      lastPostAt: { [DOMAIN]: NOW - MINUTE },
    });
  });

  it("changes nothing without such accounts, even in a view without counts", () => {
    const account = viewPosts(kept([post(1)]), `${DOMAIN}/a`, marks(0), NOW);
    for (const each of [view, account]) expect(withoutAccounts(each, new Set())).toStrictEqual(each);
  });
});

describe("phonesIn", () => {
  it("lists each phone once with its newest post, and none without device or app", () => {
    const { app: _, ...appless } = post(3, { device: "c" });
    const posts = [
      post(0, { device: "a" }),
      post(1, { device: "b", app: "android" }),
      post(2, { device: "a" }),
      appless,
    ];
    expect(phonesIn([...posts, post(4)])).toEqual([
      { device: "a", app: "ios", at: NOW },
      { device: "b", app: "android", at: NOW - MINUTE },
    ]);
  });
});

it("lastPostOf: returns the latest post of an account and those under it", () => {
  const view = viewPosts(kept([post(1), post(0, { account: `${DOMAIN}/a` })]), DOMAIN, marks(0), NOW);
  expect(lastPostOf(view)).toBe(NOW);
  expect(lastPostOf({ ...view, lastPostAt: {} })).toBeUndefined();
});
