import { beforeEach, describe, expect, it } from "vitest";
import { postFailure } from "../../../lambdas/usecases/push/post.ts";
import { NOON } from "../../support/values/clock.ts";
import { phoneGets } from "../../support/values/phone.ts";
import { postServices, type PostServices } from "../../support/services/posts.ts";
import { androidToken, anApp, iosToken } from "../../support/values/values.ts";

const IOS = `ios-call:${iosToken}`;
const ACCEPTED = { mt: "PushNotifyPostResult", src: "5" };

let w: PostServices;
beforeEach(async () => {
  w = postServices();
  await w.login("c1", "pbx.example.com/master");
});

const phoneOf = (nth: number) => {
  const push = w.phones.pushes.at(nth);
  return push === undefined ? {} : phoneGets(push.message);
};

describe("a post", () => {
  it("wakes the phone with the unchanged payload and is answered without err", async () => {
    expect(await w.post(IOS, { type: "call", enc: "x/y" })).toEqual(ACCEPTED);
    expect(w.phones.pushes).toHaveLength(1);
    expect(phoneOf(0)).toMatchObject({ aps: {}, type: "call", ttl: 8, payload: '{"type":"call","enc":"x/y"}' });
  });

  it("has its own id", async () => {
    await w.post(IOS);
    await w.post(IOS);
    expect(phoneOf(0)["id"]).toMatch(/^[\w-]{22}$/u);
    expect(phoneOf(1)["id"]).not.toBe(phoneOf(0)["id"]);
  });

  it.each([
    ["nonsense", {}, "UnknownApp"],
    ["", {}, "Malformed"],
    [`ios-call:${iosToken}`, { type: "notification" }, "Malformed"],
    [`ios:${iosToken}`, { type: "call" }, "Malformed"],
    ["ios:xyz", {}, "ApnInvalidToken"],
    ["android:\u00e9", {}, "GcmInvalidReg"],
    [IOS, { enc: "x".repeat(6_000) }, "ApnPayloadSize"],
    [androidToken, { enc: "x".repeat(6_000) }, "GcmMessageTooBig"],
  ])(
    "for %.40s with %.60o is refused immediately: only its session is read, and nothing is sent",
    async (token, members, err) => {
      const reply = await w.post(token, members);
      expect(reply).toMatchObject({ ...ACCEPTED, err });
      expect([w.context.calls.length, w.dispatcher.calls, w.devices.calls]).toEqual([1, [], []]);
      expect(w.telemetry.lines.join()).not.toContain(iosToken);
      expect(w.telemetry.lines.join()).toContain('"account":"pbx.example.com/master"');
      expect((await w.post(token, { ...members, connectionId: "c2" })).info).toBe("not logged in: send AppLogin first");
    },
  );

  it("on a connection that has not logged in is refused, and nothing is sent", async () => {
    expect(await w.post(IOS, { connectionId: "c2" })).toMatchObject({
      err: "Malformed",
      info: "not logged in: send AppLogin first",
    });
    expect(w.dispatcher.calls).toEqual([]);
    await w.login("c2", "other.example.com");
    expect(await w.post(IOS, { connectionId: "c2" })).toEqual(ACCEPTED);
  });

  it("for an app reserved for another account gets the same error as for an unknown app", async () => {
    const reserved = anApp("GCM", { id: "theirs", reservedFor: "other.example.com" });
    w = postServices({ apps: [reserved] });
    await w.login("c1", "pbx.example.com");
    await w.login("c2", "other.example.com");
    const unknown = await w.post("nobody's:another-phone-another-phone");
    expect(await w.post("theirs:another-phone-another-phone")).toEqual(unknown);
    expect(unknown.err).toBe("UnknownApp");
    expect(w.dispatcher.calls).toEqual([]);
    expect(await w.post("theirs:another-phone-another-phone", { connectionId: "c2" })).toEqual(ACCEPTED);
  });

  it("beyond the domain's limit per second is refused, only for this domain and its accounts", async () => {
    w = postServices({ limits: { postsPerDomainPerSecond: 2 } });
    await w.login("c1", "a.example.com");
    await w.login("c2", "b.example.com");
    await w.login("c3", "a.example.com/other");
    await w.post(IOS);
    await w.post(IOS, { connectionId: "c3" });
    const info = "limit of this service: this domain posts too fast, nothing was sent";
    expect(await w.post(IOS)).toMatchObject({ err: "ApnProcessingErr", info });
    expect(await w.post(androidToken)).toMatchObject({ err: "GcmDeviceRate", info });
    expect(w.telemetry.count("Limited", "postsPerDomainPerSecond")).toBe(2);
    expect(w.telemetry.count("PostTrouble", "")).toBe(0);
    expect(await w.post(IOS, { connectionId: "c2" })).toEqual(ACCEPTED);
    w.clock.advance(1_000);
    expect(await w.post(IOS)).toEqual(ACCEPTED);
  });

  it("for one phone is limited to 20 at once, then one a second, separately for each account", async () => {
    w = postServices({ limits: { postsPerDomainPerSecond: 10_000 } });
    await w.login("c1", "pbx.example.com/master");
    await w.login("c2", "pbx.example.com/other");
    const accepted = async (count: number, connectionId: string, everyMs = 0) => {
      let good = 0;
      for (let post = 0; post < count; post += 1) {
        if ((await w.post(IOS, { connectionId })).err === undefined) good += 1;
        w.clock.advance(everyMs);
      }
      return good;
    };
    expect(await accepted(20, "c1")).toBe(20);
    const from = w.clock.now();
    const more = await accepted(380, "c1");
    expect(more).toBeLessThanOrEqual(Math.ceil((w.clock.now() - from) / 1_000) + 1);
    expect((await w.post(IOS)).info).toBe(
      "limit of this service: too many posts to this phone, one a second is taken, nothing was sent",
    );
    expect(await accepted(1, "c2")).toBe(1);
    expect((await w.post(androidToken)).err).toBeUndefined();
    w.clock.advance(20_000);
    // A phone in a call queue: a call every two seconds, all day long.
    expect(await accepted(100, "c1", 2_000)).toBe(100);
  });

  it("is logged with its account, but without token or payload", async () => {
    await w.post(IOS, { type: "call", enc: "geheim" });
    await w.post(androidToken, { enc: "x".repeat(6_000) });
    const told = [...w.telemetry.lines, ...w.telemetry.counts.keys()].join("\n");
    for (const hidden of [iosToken, androidToken, "geheim", "xxxx"]) expect(told).not.toContain(hidden);
    expect(told).toContain('"account":"pbx.example.com/master"');
    expect([w.telemetry.count("Post", "accepted"), w.telemetry.count("Post", "GcmMessageTooBig")]).toEqual([1, 1]);
  });
});

describe("a connection without a login", () => {
  const strayPosts = async (count: number, pauseMs: number) => {
    for (let post = 0; post < count; post += 1) {
      await w.post(post % 2 === 0 ? IOS : "nonsense", { connectionId: "c9" });
      w.clock.advance(pauseMs);
    }
    return w.checks.calls.map(({ args }) => args[0]);
  };

  it.each([
    [4, 0, []],
    [5, 0, ["c9"]],
    [40, 0, ["c9"]],
    [2, 500, []],
    [2, 2_001, ["c9"]],
    [2, 59_900, ["c9"]],
    [2, 60_000, []],
  ] as const)("that posts %i times, %i ms apart, is reported as %j", async (count, pauseMs, reported) => {
    expect(await strayPosts(count, pauseMs)).toEqual(reported);
  });

  it("that cannot be reported is still answered, and reported with its next post", async () => {
    w.checks.fail("flooding", "unavailable");
    await strayPosts(5, 0);
    expect((await w.post(IOS, { connectionId: "c9" })).info).toBe("not logged in: send AppLogin first");
    expect(w.checks.count("flooding")).toBe(2);
  });

  it("is not reported if it logs in after its first posts", async () => {
    await strayPosts(2, 0);
    await w.login("c9", "pbx.example.com");
    for (let post = 0; post < 10; post += 1) expect((await w.post(IOS, { connectionId: "c9" })).err).toBeUndefined();
    expect(w.checks.calls).toEqual([]);
  });
});

describe("reads", () => {
  const asked = () =>
    w.context.calls.map(({ args: [ask] }) =>
      Object.keys(ask as object)
        .sort()
        .join(" "),
    );

  it("are one in a cold environment, and none while connection and token are remembered", async () => {
    await w.post(IOS);
    await w.post(IOS);
    w.turnCold();
    for (let made = 0; made < 5; made += 1) await w.post(IOS);
    expect(asked()).toEqual(["app connectionId deviceKey", "app connectionId deviceKey"]);
    w.clock.advance(10_000);
    await w.post(IOS);
    expect(asked().at(-1)).toBe("app connectionId");
    w.clock.advance(50_000);
    await w.post(IOS);
    expect(asked().at(-1)).toBe("app connectionId deviceKey");
  });

  it("cover only what is not remembered", async () => {
    await w.post(IOS);
    await w.post(IOS);
    await w.post(androidToken);
    await w.login("c2", "pbx.example.com/slave");
    await w.post(IOS, { connectionId: "c2" });
    expect(asked()).toEqual(["app connectionId deviceKey", "app deviceKey", "app connectionId"]);
  });

  it("that fail are tried again, and end in an error if nothing could be read", async () => {
    w.context.fail("read", "throttled", "unavailable", "reset");
    expect(await w.post(IOS)).toEqual(ACCEPTED);
    w.turnCold();
    w.context.fail("read", ...Array<"throttled">(9).fill("throttled"));
    expect(await w.post(IOS)).toMatchObject({ err: "DatabaseErr", info: "temporary failure, nothing was sent" });
    w.context.fail("read", "rejected");
    expect(await w.post(IOS)).toMatchObject({ err: "DatabaseErr" });
    expect(w.dispatcher.count("send")).toBe(1);
  });

  it("that hang are ended early enough to be tried again, until there is no time for another", async () => {
    w.context.plan("read", { ms: 60_000 }, { ms: 60_000 }, { ms: 60_000 });
    expect(await w.post(IOS)).toEqual(ACCEPTED);
    expect(w.context.calls.map(({ at }) => at - NOON - 10)).toEqual([0, 600, 1_200, 1_800]);
    w.turnCold();
    w.context.away("read", { from: 0, until: Infinity, fault: "hang" });
    const from = w.clock.now();
    expect((await w.post(IOS)).err).toBe("DatabaseErr");
    expect(w.clock.now() - from).toBe(2_900);
  });

  it("that fail do not change the error of a post that is refused anyway", async () => {
    w.context.fail("read", "throttled");
    expect(await w.post("nonsense")).toMatchObject({ err: "UnknownApp" });
    expect(w.context.calls).toHaveLength(1);
  });

  it("do not increase after 2,000 posts without a login, which push no session out of memory", async () => {
    await w.post(IOS);
    w.context.plan("read", ...Array<object>(2_000).fill({ answers: {} }));
    for (let nth = 0; nth < 2_000; nth += 1) await w.post("nonsense", { connectionId: `stranger ${String(nth)}` });
    const before = w.context.calls.length;
    expect((await w.post("nonsense")).err).toBe("UnknownApp");
    expect(w.context.calls).toHaveLength(before);
  });

  it("of the session delay the answer of a refused post for 600 ms at most", async () => {
    w.context.plan("read", { ms: 60_000 });
    const from = w.clock.now();
    expect(await w.post("nonsense")).toMatchObject({ err: "UnknownApp" });
    expect(w.clock.now() - from).toBe(600);
  });

  it("throw unexpected errors", async () => {
    await expect(w.clock.run(postingWorldWithBug())).rejects.toThrow("a bug");
    expect(postFailure('{"src":"9"}')).toMatch(
      /^\{"mt":"PushNotifyPostResult","src":"9","err":"DatabaseErr","info":"unknown: /u,
    );
    expect(postFailure("not JSON")).toMatch(
      /^\{"mt":"PushNotifyPostResult","err":"DatabaseErr","info":"[^"]*nothing was sent"\}/u,
    );
  });
  const postingWorldWithBug = () => {
    const broken = postServices({
      chance: () => {
        throw new Error("a bug");
      },
    });
    broken.context.fail("read", "throttled");
    return broken.post(IOS);
  };
});

it("an ended session is remembered for 10 s at most, however often it is used meanwhile", async () => {
  await w.post(IOS);
  await w.clock.run(w.store.sessions.logOut("c1"));
  const from = w.clock.now();
  let last = from;
  for (let post = 0; post < 30; post += 1) {
    if ((await w.post(IOS)).err === undefined) last = w.clock.now();
    w.clock.advance(1_000);
  }
  expect(last - from).toBeLessThanOrEqual(10_000);
  expect(last).toBeGreaterThan(from);
});

describe("a late frame", () => {
  it("has its deadline counted from its arrival", async () => {
    await w.post(IOS);
    expect(await w.post(IOS, { late: 2_500 })).toEqual(ACCEPTED);
    expect(phoneOf(1)["ttl"]).toBe(6);
    expect(await w.post(IOS, { late: 2_901 })).toMatchObject({ err: "ApnError", info: "too late, nothing was sent" });
    w.turnCold();
    expect(await w.post(IOS, { late: 10_000 })).toMatchObject({ err: "ApnError", info: "too late, nothing was sent" });
    expect(w.phones.pushes).toHaveLength(2);
    expect(w.telemetry.count("DeadlineMissed", "")).toBe(2);
    expect(w.telemetry.count("PostLate", "")).toBe(1);
  });

  it("from a clock ahead of ours gets no extra time", async () => {
    await w.post(IOS, { late: -60_000 });
    expect(phoneOf(0)["ttl"]).toBe(8);
    w.dispatcher.plan("send", { ms: 60_000 }, { ms: 60_000 });
    const from = w.clock.now();
    await w.post(IOS, { late: -60_000 });
    expect(w.clock.now() - from).toBeLessThanOrEqual(3_000);
  });
});
