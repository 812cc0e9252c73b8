import { describe, expect, it } from "vitest";
import type { LoggedEvent, RecentPosts } from "../../../lambdas/core/domains/recent-posts.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { recordPosts } from "../../../lambdas/usecases/domains/record-posts.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { NOON, virtualClock } from "../../support/values/clock.ts";

const MINUTE = 60_000;
const DOMAIN = "pbx.example.com";

const event = (n: number, at: number, outcome = "accepted", domain = DOMAIN): LoggedEvent => ({
  kind: "post",
  domain,
  post: { id: n.toString(16).padStart(12, "0"), at, account: domain, outcome, ms: 5 },
});
const watch = (n: number, at: number): LoggedEvent => ({ kind: "watch", domain: DOMAIN, id: `w${n}`, at });

/** Several execution environments over one table. */
function setting() {
  const clock = virtualClock();
  const rows = new Map<string, RecentPosts>();
  const store = {
    reads: 0,
    writes: 0,
    failing: false,
    find: (domain: string) => {
      store.reads += 1;
      return Promise.resolve(rows.get(domain));
    },
    replace(posts: RecentPosts, before: RecentPosts | undefined) {
      if (store.failing) return Promise.reject(new DependencyError("dynamodb.PutItem", "throttled"));
      if (rows.get(posts.domain)?.writtenAt !== before?.writtenAt) return Promise.resolve(false);
      store.writes += 1;
      rows.set(posts.domain, posts);
      return Promise.resolve(true);
    },
  };
  const telemetry = rememberingTelemetry();
  const environment = () => recordPosts({ store, clock, telemetry });
  const shown = () => rows.get(DOMAIN)?.posts.map(({ at }) => at) ?? [];
  return { clock, rows, store, telemetry, environment, shown };
}

/** A domain whose first hour is over, written just now. */
async function steady() {
  const all = setting();
  const recorder = all.environment();
  await recorder.take([event(1, NOON)]);
  all.clock.advance(61 * MINUTE);
  await recorder.take([event(2, NOON + 61 * MINUTE)]);
  all.store.writes = 0;
  all.store.reads = 0;
  return { ...all, recorder, begun: all.clock.now() };
}

describe("recordPosts", () => {
  it("writes every post of a domain's first hour immediately", async () => {
    const { environment, clock, shown, store } = setting();
    const recorder = environment();
    await recorder.take([event(1, NOON)]);
    expect(shown()).toEqual([NOON]);
    clock.advance(2_000);
    await recorder.take([event(2, NOON + 2_000, "Malformed")]);
    expect(shown()).toEqual([NOON + 2_000, NOON]);
    expect(store.writes).toBe(2);
  });

  it("then writes a domain once in 20 minutes without reading it, and loses no post", async () => {
    const { recorder, clock, store, rows, begun } = await steady();
    for (let n = 0; n < 240; n += 1) {
      clock.advance(MINUTE / 2);
      await recorder.take([event(1_000 + n, clock.now())]);
      await recorder.flush();
    }
    expect(store).toMatchObject({ writes: 6, reads: 0 }); // in 120 minutes
    expect(rows.get(DOMAIN)?.posts[0]?.at).toBe(begun + 120 * MINUTE);
    expect(rows.get(DOMAIN)?.hours.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(242);
  });

  it("writes a failed post within ten minutes, even if no other post follows", async () => {
    const { recorder, clock, shown, begun } = await steady();
    clock.advance(MINUTE);
    await recorder.take([event(3, clock.now(), "Uninstalled")]);
    for (let minute = 1; minute < 9; minute += 1) {
      clock.advance(MINUTE);
      await recorder.flush();
      expect(shown()[0]).toBe(begun);
    }
    clock.advance(MINUTE);
    await recorder.flush();
    expect(shown()[0]).toBe(begun + MINUTE);
  });

  it("writes the posts of a watched domain immediately, and those of the next hour", async () => {
    const { recorder, clock, shown, begun } = await steady();
    clock.advance(MINUTE);
    await recorder.take([event(3, clock.now())]);
    expect(shown()[0]).toBe(begun);
    await recorder.take([watch(1, clock.now())]);
    expect(shown()[0]).toBe(begun + MINUTE);
    clock.advance(50 * MINUTE);
    await recorder.take([event(4, clock.now())]);
    expect(shown()[0]).toBe(begun + 51 * MINUTE);
  });

  it("writes nothing more when the page is reloaded", async () => {
    const { recorder, clock, store } = await steady();
    for (let n = 0; n < 9; n += 1) {
      await recorder.take([watch(n, clock.now())]);
      clock.advance(MINUTE);
    }
    expect(store.writes).toBe(1);
  });

  it("counts a repeated delivery once, in this or another environment", async () => {
    const { environment, clock, rows } = setting();
    const [one, other] = [environment(), environment()];
    const events = [event(2, NOON + 1), event(1, NOON)];
    await one.take(events);
    clock.advance(1_000);
    await one.take(events);
    await other.take(events);
    expect(rows.get(DOMAIN)?.posts.map(({ at }) => at)).toEqual([NOON + 1, NOON]);
    expect(rows.get(DOMAIN)?.hours).toMatchObject([{ accepted: 2 }]);
  });

  it.each([
    [15 * MINUTE - 1, 21],
    [15 * MINUTE, 22],
  ])(
    "remembers for 15 minutes what it counted: repeated after %i ms, a delivery makes %i posts",
    async (later, posts) => {
      const { environment, clock, rows } = setting();
      const recorder = environment();
      // The row holds 20 posts: only this memory knows that an older one was counted.
      await recorder.take(Array.from({ length: 21 }, (_, n) => event(n, NOON + n)));
      clock.advance(later);
      await recorder.take([event(0, NOON)]);
      expect(rows.get(DOMAIN)?.hours).toMatchObject([{ accepted: posts }]);
    },
  );

  it("keeps both environments' posts if two write the same domain", async () => {
    const { environment, clock, shown } = setting();
    const [one, other] = [environment(), environment()];
    await one.take([event(1, NOON)]);
    clock.advance(1_000);
    await other.take([event(2, NOON + 1)]);
    clock.advance(1_000);
    await one.take([event(3, NOON + 2)]); // over the row as it last saw it
    expect(shown()).toEqual([NOON + 2, NOON + 1, NOON]);
  });

  it("fails if a write fails, and writes again with the next delivery", async () => {
    const { environment, store, shown, telemetry } = setting();
    const recorder = environment();
    store.failing = true;
    await expect(recorder.take([event(1, NOON)])).rejects.toThrow("dynamodb.PutItem: throttled");
    expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([
      { level: "warn", message: "posts not recorded", error: "dynamodb.PutItem: throttled" },
    ]);
    store.failing = false;
    await recorder.take([event(1, NOON)]); // the same delivery again, as Lambda retries
    expect(shown()).toEqual([NOON]);
  });

  it("writes the other domains if one of them fails", async () => {
    const { environment, store, rows } = setting();
    const replace = store.replace.bind(store);
    store.replace = (posts, before) =>
      posts.domain === DOMAIN
        ? Promise.reject(new DependencyError("dynamodb.PutItem", "timeout"))
        : replace(posts, before);
    const events = [event(1, NOON), event(2, NOON, "accepted", "other.example.com")];
    await expect(environment().take(events)).rejects.toThrow("dynamodb.PutItem: timeout");
    expect([...rows.keys()]).toEqual(["other.example.com"]);
  });

  it("throws unexpected errors", async () => {
    const { environment, store, telemetry } = setting();
    store.replace = () => Promise.reject(new Error("a bug"));
    await expect(environment().take([event(1, NOON)])).rejects.toThrow("a bug");
    expect(telemetry.lines).toEqual([]);
  });

  it("tries two writes at most if others are faster, and keeps its posts for the next one", async () => {
    const { environment, store, shown } = setting();
    const recorder = environment();
    const replace = store.replace.bind(store);
    let tries = 0;
    store.replace = () => Promise.resolve((tries += 1) < 0);
    await recorder.take([event(1, NOON)]);
    expect([tries, shown()]).toEqual([2, []]);
    store.replace = replace;
    await recorder.flush();
    expect(shown()).toEqual([NOON]);
  });

  it("stores that a domain is watched, even without a post", async () => {
    const { environment, rows } = setting();
    await environment().take([watch(1, NOON)]);
    expect(rows.get(DOMAIN)).toMatchObject({ posts: [], watchedUntil: NOON + 60 * MINUTE });
  });

  it("stores every ten minutes that a domain is still watched", async () => {
    const { recorder, clock, store, begun } = await steady();
    for (const [later, writes] of [
      [0, 1],
      [10 * MINUTE, 1],
      [10 * MINUTE + 1, 2],
    ] as const) {
      clock.advance(begun + later - clock.now());
      await recorder.take([watch(later, clock.now())]);
      expect(store.writes, String(later)).toBe(writes);
    }
  });

  it("reads a domain new to it, and writes it at the first attempt", async () => {
    const { environment, clock, store, shown } = setting();
    await environment().take([event(1, NOON)]);
    clock.advance(1_000);
    store.reads = 0;
    const replace = store.replace.bind(store);
    let tries = 0;
    store.replace = (posts, before) => ((tries += 1), replace(posts, before));
    await environment().take([event(2, NOON + 1_000)]);
    expect([store.reads, tries, shown().length]).toEqual([1, 1, 2]);
  });

  it("counts the hour of watching from the latest view, in whatever order views arrive", async () => {
    const { recorder, clock, shown, begun } = await steady();
    const late = begun + 30 * MINUTE;
    clock.advance(30 * MINUTE);
    await recorder.take([watch(1, late), watch(2, begun)]);
    clock.advance(59 * MINUTE);
    await recorder.take([event(3, clock.now())]);
    expect(shown()[0]).toBe(late + 59 * MINUTE);
  });

  it("remembers 20,000 domains, and then forgets the oldest without pending posts", async () => {
    const { recorder, clock, store, shown, begun } = await steady();
    const name = (n: number) => `d${String(n)}.example.com`;
    clock.advance(MINUTE);
    await recorder.take([event(3, begun + MINUTE)]); // waits for its domain's turn
    await recorder.take(Array.from({ length: 20_000 }, (_, n) => event(4 + n, NOON, "accepted", name(n))));
    const readFor = async (n: number) => {
      store.reads = 0;
      await recorder.take([event(100_000 + n, NOON, "accepted", name(n))]);
      return store.reads;
    };
    await recorder.take([event(4, NOON, "accepted", name(0))]); // known, although its domain is not
    expect([await readFor(1), await readFor(0), await readFor(1_001)]).toEqual([0, 1, 0]);
    clock.advance(20 * MINUTE);
    await recorder.flush();
    expect(shown()[0]).toBe(begun + MINUTE);
  });

  it("starts no write after 10 s, and leaves the rest to the next invocation", async () => {
    const { environment, store, rows, clock } = setting();
    const recorder = environment();
    const replace = store.replace.bind(store);
    let slow = 4_999;
    store.replace = async (posts, before) => {
      await clock.sleep(slow);
      return replace(posts, before);
    };
    // 25 at a time: those that begin after 0, 4,999 and 9,998 ms.
    const domains = Array.from({ length: 125 }, (_, n) => `d${n}.example.com`);
    await clock.run(recorder.take(domains.map((domain, n) => event(n, NOON, "accepted", domain))));
    expect([...rows.keys()]).toEqual(domains.slice(0, 75));
    slow = 10_000;
    await clock.run(recorder.flush());
    expect([...rows.keys()]).toEqual(domains.slice(0, 100));
    await clock.run(recorder.flush());
    expect([...rows.keys()]).toEqual(domains);
  });
});
