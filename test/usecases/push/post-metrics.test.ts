import { beforeEach, describe, expect, it } from "vitest";
import { postServices, type PostServices } from "../../support/services/posts.ts";
import { androidToken, iosToken } from "../../support/values/values.ts";

/** Everything that is counted and logged of each post, for alarms, the status page and recent posts. */

const IOS = `ios-call:${iosToken}`;
const ANDROID = `android:${androidToken}`;
const A = "a.example.com";
const VOIP = "platform=APNS_VOIP";

let w: PostServices;
beforeEach(async () => {
  w = postServices();
  await w.login("c1", A);
});

/** Metrics of one post, in the order of their names; and its log lines. */
async function counted(post: () => Promise<unknown>): Promise<readonly string[]> {
  w.telemetry.metrics.length = 0;
  w.telemetry.lines.length = 0;
  await post();
  return w.telemetry.metrics.toSorted();
}
const accepted = (ms: number, platform = VOIP) => [
  `Post 1 ${platform} outcome=accepted`,
  `PostLatency ${ms} ${platform}`,
  `PostTrouble 0 ${platform}`,
];
const refused = (err: string, trouble = 0, platform = VOIP) => [
  `Post 1 ${platform} outcome=${err}`,
  `PostTrouble ${trouble} ${platform}`,
];
const published = (ms: number, platform = VOIP) => `PublishLatency ${ms} ${platform}`;
const logged = () =>
  w.telemetry.lines.map((line) => JSON.parse(line) as { readonly message: string } & Readonly<Record<string, unknown>>);
const loggedAs = (message: string) => logged().filter((line) => line.message === message);

describe("a post that is accepted", () => {
  it("counts its endpoint when it is created, enabled or created again, by platform", async () => {
    const made = ["Endpoint 1 platform=GCM outcome=created", "EndpointCall 1 platform=GCM"];
    expect(await counted(() => w.post(ANDROID))).toEqual([
      ...made,
      ...accepted(55, "platform=GCM"),
      published(30, "platform=GCM"),
    ]);
    expect(await counted(() => w.post(ANDROID))).toEqual([
      ...accepted(30, "platform=GCM"),
      published(30, "platform=GCM"),
    ]);
    await w.post(IOS);
    w.phones.switchOff(iosToken);
    expect(await counted(() => w.post(IOS))).toEqual([
      `Endpoint 1 ${VOIP} outcome=enabled`,
      `EndpointCall 1 ${VOIP}`,
      ...accepted(90),
      published(30),
      published(30),
    ]);
    w.phones.lose(androidToken);
    expect(await counted(() => w.post(ANDROID))).toEqual([
      "Endpoint 1 platform=GCM outcome=recreated",
      "EndpointCall 1 platform=GCM",
      ...accepted(80, "platform=GCM"),
      published(30, "platform=GCM"),
      published(30, "platform=GCM"),
    ]);
  });

  it("counts retried attempts, and those that may have succeeded", async () => {
    await w.post(IOS);
    w.dispatcher.fail("send", "throttled", "reset");
    expect(await counted(() => w.post(IOS))).toEqual([
      ...accepted(142),
      published(0),
      published(0),
      published(30),
      `PublishRetry 1 ${VOIP}`,
      `PublishRetry 1 ${VOIP}`,
      `PublishUnknown 1 ${VOIP}`,
    ]);
  });

  it("is logged with account, app and outcome, without its token", async () => {
    await counted(() => w.post(IOS, { src: "s".repeat(40) }));
    expect(logged()).toEqual([
      {
        level: "info",
        message: "post answered",
        account: A,
        src: "s".repeat(32),
        app: "ios-call",
        type: "call",
        wake: expect.stringMatching(/^[\w-]{22}$/u) as string,
        device: expect.stringMatching(/^[\w-]{43}$/u) as string,
        outcome: "accepted",
        failed: 0,
        ms: 55,
      },
    ]);
    await counted(() => w.post(IOS, { src: undefined }));
    expect(logged()[0]).not.toHaveProperty("src");
  });
});

describe("a post that is refused", () => {
  it("for its token has no platform, but a tenant", async () => {
    expect(await counted(() => w.post("nonsense"))).toEqual(refused("UnknownApp", 0, "platform=none"));
    expect(logged()).toMatchObject([{ level: "warn", account: A, outcome: "UnknownApp", failed: 1, ms: 5 }]);
    expect(w.context.calls).toHaveLength(1);
    // The session read for it is remembered.
    await w.post("nonsense");
    await w.post(IOS);
    expect(w.context.calls.map(({ args: [ask] }) => Object.keys(ask as object).sort())).toEqual([
      ["connectionId"],
      ["app", "deviceKey"],
    ]);
    await counted(() => w.post("nonsense"));
    expect(logged()).toMatchObject([{ account: A, outcome: "UnknownApp" }]);
  });

  it("by a limit is not counted as trouble, and the limit is counted", async () => {
    w = postServices({ limits: { postsPerTokenAtOnce: 1 } });
    await w.login("c1", A);
    await w.post(IOS);
    expect(await counted(() => w.post(IOS))).toEqual([
      "Limited 1 outcome=postsPerTokenAtOnce",
      ...refused("ApnProcessingErr"),
    ]);
  });

  it("by SNS for a new token counts no endpoint", async () => {
    w.dispatcher.plan("register", { answers: undefined });
    expect(await counted(() => w.post(IOS))).toEqual([`EndpointCall 1 ${VOIP}`, ...refused("ApnInvalidToken")]);
    await w.post(IOS);
    w.phones.switchOff(iosToken);
    w.dispatcher.plan("enable", { answers: "bad-token" });
    expect(await counted(() => w.post(IOS))).toEqual([
      `EndpointCall 1 ${VOIP}`,
      ...refused("ApnInvalidToken"),
      published(30),
    ]);
  });

  it("as too large is not published, even to a known phone", async () => {
    await w.post(IOS);
    const sent = w.dispatcher.count("send");
    expect(await counted(() => w.post(IOS, { enc: "x".repeat(6_000) }))).toEqual(refused("ApnPayloadSize"));
    expect(w.dispatcher.count("send")).toBe(sent);
  });

  it("while the breaker is open is counted as such", async () => {
    await w.post(IOS);
    w.phones.switchOff(iosToken);
    const now = w.clock.now();
    await w.clock.run(w.store.outcomes.openBreaker("ios-call", { openedAt: now, openUntil: now + 60_000 }));
    expect(await counted(() => w.post(IOS))).toEqual([
      `BreakerOpen 1 ${VOIP}`,
      ...refused("ApnServiceDown", 1),
      published(30),
    ]);
  });

  it("for a failure other than a time-out counts no missed deadline", async () => {
    await w.post(IOS);
    w.dispatcher.fail("send", "rejected");
    expect(await counted(() => w.post(IOS))).toEqual([...refused("ApnError", 1), published(0)]);
    expect(loggedAs("dependency failed")).toEqual([
      { level: "error", message: "dependency failed", error: "test.Call: Refused", app: "ios-call", account: A },
    ]);
  });
});

describe("a late post", () => {
  it.each([
    [2_999, []],
    [3_000, []],
    [3_001, [`PostLate 1 ${VOIP}`]],
  ])("answered %i ms after its frame arrived counts as %j", async (late, more) => {
    await w.post(IOS);
    w.clock.advance(10_000);
    await w.post("nonsense"); // its session is remembered, and its phone
    w.telemetry.lines.length = 0;
    const post = () => w.post(IOS, { late });
    expect(await counted(post)).toEqual([`DeadlineMissed 1 ${VOIP}`, ...refused("ApnError", 1), ...more].toSorted());
    expect(loggedAs("dependency failed")).toMatchObject([{ error: "publish: deadline" }]);
  });

  it("names the step that there was no time for", async () => {
    expect(await counted(() => w.post(IOS, { late: 10_000 }))).toEqual([
      `DeadlineMissed 1 ${VOIP}`,
      ...refused("ApnError", 1).slice(0, 1),
      `PostLate 1 ${VOIP}`,
      ...refused("ApnError", 1).slice(1),
    ]);
    expect(loggedAs("dependency failed")).toEqual([
      { level: "error", message: "dependency failed", error: "context: deadline", app: "ios-call" },
    ]);
    // 200 ms are left, and another call needs 100.
    w.context.plan("read", { ms: 150 });
    await counted(() => w.post(IOS, { late: 2_700 }));
    expect(loggedAs("dependency failed")).toMatchObject([{ error: "register: deadline", account: A }]);
    await w.post(IOS);
    w.phones.switchOff(iosToken);
    w.dispatcher.plan("send", { ms: 91, answers: { outcome: "disabled" } });
    await counted(() => w.post(IOS, { late: 2_700 }));
    expect(loggedAs("dependency failed")).toMatchObject([{ error: "enable: deadline" }]);
    w.dispatcher.plan("send", { ms: 150, answers: { outcome: "disabled" } });
    await counted(() => w.post(IOS, { late: 2_700 }));
    expect(loggedAs("device not read again")).toEqual([
      { level: "warn", message: "device not read again", error: "device: deadline" },
    ]);
  });
});

describe("a failure beside a post is logged as a warning", () => {
  const THROTTLED = { level: "warn", error: "test.Call: throttled" };

  it.each([
    ["remember", "device not remembered"],
    ["compareAndSet", "try not reserved"],
  ] as const)("%s: %s", async (operation, message) => {
    if (operation === "compareAndSet") {
      await w.post(IOS);
      w.phones.switchOff(iosToken);
    }
    w.devices.fail(operation, "throttled");
    await counted(() => w.post(IOS));
    expect(loggedAs(message)).toEqual([{ ...THROTTLED, message }]);
  });

  it("for a new token that was not counted", async () => {
    w.newTokens.fail("add", "throttled");
    await counted(() => w.post(IOS));
    expect(loggedAs("new token not counted")).toEqual([{ ...THROTTLED, message: "new token not counted" }]);
  });

  it("for the account of a refused post, and for a flooding socket", async () => {
    w.context.fail("read", "throttled");
    await counted(() => w.post("nonsense"));
    const message = "refused post without an account";
    expect(loggedAs(message)).toEqual([{ ...THROTTLED, message }]);
    w.checks.fail("flooding", "throttled");
    await counted(async () => {
      for (let post = 0; post < 5; post += 1) await w.post(IOS, { connectionId: "c9" });
    });
    const unreported = "flooding socket not reported";
    expect(loggedAs(unreported)).toEqual([{ ...THROTTLED, message: unreported }]);
  });

  it("but a bug is thrown", async () => {
    const breaks = new Error("a bug");
    w.context.plan("read", { breaks });
    await expect(w.post("nonsense")).rejects.toBe(breaks);
    w.newTokens.plan("add", { breaks });
    await expect(w.post(IOS)).rejects.toBe(breaks);
    w.checks.plan("flooding", { breaks });
    const strays = async () => {
      for (let post = 0; post < 5; post += 1) await w.post(IOS, { connectionId: "c9" });
    };
    await expect(strays()).rejects.toBe(breaks);
  });
});

it("a text that is not a frame is answered without any call", async () => {
  expect(await w.postText("no frame")).toEqual({
    mt: "PushNotifyPostResult",
    err: "DatabaseErr",
    info: "this post could not be read, nothing was sent",
  });
  expect([w.context.calls, w.dispatcher.calls]).toEqual([[], []]);
});
