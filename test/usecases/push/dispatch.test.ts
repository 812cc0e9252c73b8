import { beforeEach, describe, expect, it } from "vitest";
import { postServices, type PostServices } from "../../support/services/posts.ts";
import { androidToken, fcmApp, iosToken } from "../../support/values/values.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const IOS = `ios-call:${iosToken}`;
const ANDROID = `android:${androidToken}`;
const A = "a.example.com";
const B = "b.example.com";

let w: PostServices;
beforeEach(async () => {
  w = postServices();
  await setUp();
});
async function setUp() {
  await w.login("c1", A);
  await w.login("c2", B);
}
const fromB = { connectionId: "c2" };
const counts = () => ["register", "enable", "send"].map((operation) => w.dispatcher.count(operation));
const dead = () => w.phones.switchOff(iosToken);

describe("an endpoint", () => {
  it("is created once, for a new token, and stored beside the first Publish", async () => {
    await w.post(IOS);
    const from = w.dispatcher.calls[0]?.at;
    expect(await w.deviceOf(IOS, A)).toEqual({
      endpointArn: w.phones.endpointOf(iosToken),
      createdAt: from,
      usedAt: from,
      goodSince: from,
      goneAt: undefined,
      enabledAt: undefined,
      tries: undefined,
      tenant: { since: from, strikes: 0, countedFrom: 0, struckAt: 0 },
    });
    expect(w.devices.calls[0]?.at).toBe(w.dispatcher.calls.find(({ operation }) => operation === "send")?.at);
    expect(w.devices.calls[0]?.args[1]).toMatchObject({ token: "sealed 64" });
    await w.post(IOS);
    w.turnCold();
    await w.post(IOS);
    expect(counts()).toEqual([1, 0, 3]);
    expect(w.devices.count("remember")).toBe(1);
  });

  it("is not created if SNS refuses the token, and nothing is stored", async () => {
    w.dispatcher.plan("register", { answers: undefined });
    expect(await w.post(IOS)).toMatchObject({ err: "ApnInvalidToken", info: "SNS refused the token" });
    expect([counts(), w.devices.calls]).toEqual([[1, 0, 0], []]);
  });

  it("is shared: another tenant's first post adds its name to the row", async () => {
    await w.post(IOS);
    await w.post(IOS, fromB);
    await w.post(IOS, fromB);
    expect(counts()).toEqual([1, 0, 3]);
    expect(w.devices.count("remember")).toBe(2);
    expect((await w.deviceOf(IOS, B))?.tenant).toMatchObject({ strikes: 0 });
  });

  it("in use is refreshed once a week", async () => {
    await w.post(IOS);
    w.clock.advance(7 * DAY);
    await w.post(IOS);
    await w.post(IOS);
    expect(w.devices.count("remember")).toBe(2);
  });

  it("is used even if it could not be stored", async () => {
    w.devices.fail("remember", "throttled");
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(await w.deviceOf(IOS, A)).toBeUndefined();
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([2, 0, 2]);
  });

  it.each(["rejected", "timeout"] as const)(
    "is stored even if the wake-up failed: %s; good from its first success",
    async (kind) => {
      w.dispatcher.fail("send", ...Array<typeof kind>(9).fill(kind));
      expect((await w.post(IOS)).err).toBe("ApnError");
      expect(await w.deviceOf(IOS, A)).toMatchObject({ goodSince: undefined });
      w.dispatcher.plan("send");
      await w.post(IOS);
      const { goodSince } = (await w.deviceOf(IOS, A)) ?? {};
      expect(goodSince).toBe(w.dispatcher.calls.at(-1)?.at);
      await w.post(IOS);
      expect(await w.deviceOf(IOS, A)).toMatchObject({ goodSince });
    },
  );

  // In a row marked good, the breaker counts the token, and a vendor's refusal means that the app is gone.
  it.each(["application-down", "too-big", "rejected", "disabled", "bad-token"])(
    "is not good when SNS answers the first wake-up with %s",
    async (outcome) => {
      w.dispatcher.plan("send", ...Array<object>(2).fill({ answers: { outcome, code: "Code" } }));
      expect((await w.post(IOS)).err).toBeDefined();
      expect(await w.deviceOf(IOS, A)).toMatchObject({ goodSince: undefined });
    },
  );

  it("stays good after its first success, even if a later wake-up is refused while its row is refreshed", async () => {
    await w.post(IOS);
    const { goodSince } = (await w.deviceOf(IOS, A)) ?? {};
    w.clock.advance(7 * DAY);
    w.dispatcher.fail("send", "rejected");
    expect((await w.post(IOS)).err).toBe("ApnError");
    expect(await w.deviceOf(IOS, A)).toMatchObject({ goodSince, usedAt: expect.any(Number) as number });
    expect(w.devices.count("remember")).toBe(2);
  });

  it("not known yet is read again by every post, as another environment may have created it", async () => {
    w.dispatcher.plan("register", { answers: undefined });
    expect((await w.post(IOS)).err).toBe("ApnInvalidToken");
    await w.postAtOnce(IOS, 1);
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(w.dispatcher.count("register")).toBe(2);
  });
});

it("a device has its endpoint in the row, however the writes beside a failed Publish end", async () => {
  w.dispatcher.fail("send", "rejected");
  w.devices.fail("remember", "throttled");
  expect((await w.post(IOS)).err).toBe("ApnError");
  expect(await w.deviceOf(IOS, A)).toMatchObject({ endpointArn: w.phones.endpointOf(iosToken), goodSince: undefined });
});

describe("a write beside a Publish", () => {
  const limits = () => w.devices.calls.map(({ args }) => args.at(-1));

  it("that hangs delays the answer for a second, and never past the deadline", async () => {
    w.devices.plan("remember", { ms: 60_000 });
    const from = w.clock.now();
    expect((await w.post(IOS)).err).toBeUndefined();
    const begun = w.devices.calls[0]?.at ?? 0;
    expect([limits(), w.clock.now() - begun]).toEqual([[1_000], 1_000]);
    w.devices.plan("remember", { ms: 60_000 });
    expect((await w.post(ANDROID, { late: 2_500 })).err).toBeUndefined();
    expect(limits()[1]).toBe(400 - (begun - from));
  });

  it("after a Publish that took all the time is still tried briefly", async () => {
    w.dispatcher.away("send", { from: 0, until: Infinity, fault: "hang" });
    expect((await w.post(IOS)).err).toBe("ApnError");
    expect(limits()).toEqual([1_000, 1]);
    expect(w.devices.calls[1]?.args[1]).toMatchObject({ goodSince: null });
  });
});

describe("a disabled endpoint", () => {
  beforeEach(async () => {
    await w.post(IOS);
    dead();
  });

  it("is enabled and used, less often each time", async () => {
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([1, 1, 3]);
    dead();
    w.clock.advance(60_000);
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect(await w.post(IOS)).toMatchObject({ err: "Uninstalled", info: "the vendor no longer knows this token" });
    // The second of the two was answered from the row.
    expect(counts()).toEqual([1, 1, 4]);
    w.clock.advance(5 * MINUTE);
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([1, 2, 5]);
    expect((await w.deviceOf(IOS, A))?.goneAt).toBeUndefined();
  });

  it("of a phone that stays gone is tried after 5, 15 and 60 minutes, 6 and 24 hours, starting over once it is back", async () => {
    const tried: number[] = [];
    await w.post(IOS);
    dead();
    w.clock.advance(MINUTE);
    const markedAt = w.clock.now();
    for (let minute = 0; minute < 3 * 1_440; minute += 1) {
      if ((await w.post(IOS)).err === undefined) {
        tried.push(Math.round((w.clock.now() - markedAt) / MINUTE));
        dead();
        w.clock.advance(MINUTE);
        expect((await w.post(IOS)).err).toBe("Uninstalled");
      }
      w.clock.advance(MINUTE);
    }
    const waits = tried.map((at, index) => at - (tried[index - 1] ?? 0));
    expect(waits).toEqual([5, 16, 61, 361, 1_441, 1_441]);

    w.clock.advance(2 * DAY);
    for (let post = 0; post < 2; post += 1) expect((await w.post(IOS)).err).toBeUndefined();
    w.clock.advance(2 * MINUTE);
    dead();
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    w.clock.advance(5 * MINUTE);
    expect((await w.post(IOS)).err).toBeUndefined();
  });

  it("of a phone that is back wakes it at the first try", async () => {
    await w.post(IOS);
    dead();
    w.clock.advance(MINUTE);
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    w.clock.advance(5 * MINUTE);
    for (let post = 0; post < 3; post += 1) expect((await w.post(IOS)).err).toBeUndefined();
    expect(w.phones.pushes).toHaveLength(5);
  });

  it("is GcmNotRegistered for FCM", async () => {
    await w.post(ANDROID);
    w.phones.switchOff(androidToken);
    await w.post(ANDROID);
    w.phones.switchOff(androidToken);
    expect((await w.post(ANDROID)).err).toBe("GcmNotRegistered");
  });

  it("that SNS enables with a delay is not treated as gone, by any number of posts", async () => {
    w = postServices({ lag: 500 });
    await setUp();
    await w.post(IOS);
    dead();
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect(await w.deviceOf(IOS, A)).toMatchObject({ goneAt: undefined });
    w.clock.advance(500);
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([1, 1, 5]);
  });

  it("is enabled by one of many simultaneous posts; the others report it as gone without a mark", async () => {
    expect((await w.postAtOnce(IOS, 5)).map(({ err }) => err).sort()).toEqual([
      ...Array<string>(4).fill("Uninstalled"),
      undefined,
    ]);
    expect([w.dispatcher.count("enable"), w.devices.count("compareAndSet")]).toEqual([1, 5]);
    expect((await w.post(IOS)).err).toBeUndefined();
  });

  it("that SNS reported is not enabled by an environment that remembers it as good", async () => {
    const [device] = [await w.clock.run(w.store.outcomes.find(w.phones.endpointOf(iosToken) ?? ""))];
    await w.clock.run(w.store.outcomes.markGone(device?.key ?? "", w.clock.now()));
    const reads = w.context.calls.length;
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    // The first of the two called SNS, read the row again, and trusts it from then on.
    expect([counts(), w.context.calls.length - reads, w.devices.count("compareAndSet")]).toEqual([[1, 0, 2], 1, 0]);
    expect((await w.deviceOf(IOS, A))?.goneAt).toBeDefined();
  });

  it("enabled today is not enabled again because the row had lost its endpoint", async () => {
    await w.post(IOS);
    dead();
    const device = await w.clock.run(w.store.outcomes.find(w.phones.endpointOf(iosToken) ?? ""));
    await w.clock.run(w.store.outcomes.forgetEndpoint(device?.key ?? "", w.phones.endpointOf(iosToken) ?? ""));
    w.turnCold();
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect(w.dispatcher.count("enable")).toBe(1);
  });

  it.each([
    ["throttled", undefined, 10],
    ["unreachable", undefined, 10],
    ["unavailable", "Uninstalled", 9],
  ] as const)(
    "whose enabling ends with %s gets its try back if it cannot have taken effect",
    async (kind, err, enables) => {
      w.dispatcher.fail("enable", ...Array<typeof kind>(9).fill(kind));
      expect((await w.post(IOS)).info).toMatch(/nothing was sent$/u);
      const failed = w.telemetry.lines.filter((line) => line.includes("dependency failed"));
      expect(failed).toEqual([expect.stringContaining('"account":"a.example.com"')]);
      expect((await w.post(IOS)).err).toBe(err);
      expect(w.dispatcher.count("enable")).toBe(enables);
    },
  );

  it.each(["read", "compareAndSet"] as const)(
    "is answered as SNS reports if our table fails at %s, and nothing is stored",
    async (operation) => {
      if (operation === "read") w.context.fail("read", "rejected");
      else w.devices.fail("compareAndSet", "throttled");
      expect((await w.post(IOS)).err).toBe("Uninstalled");
      expect((await w.post(IOS)).err).toBeUndefined();
      expect(w.dispatcher.count("enable")).toBe(1);
    },
  );

  it("is enabled once even if the following send timed out", async () => {
    w.dispatcher.plan("send", {}, { ms: 9_000 }, { ms: 9_000 }, { ms: 9_000 });
    expect((await w.post(IOS)).info).toContain("unknown");
    dead();
    await w.post(IOS);
    expect(w.dispatcher.count("enable")).toBe(1);
  });

  it("that is lost meanwhile is created again", async () => {
    w.dispatcher.plan("enable", { answers: "not-found" });
    w.dispatcher.plan("register", { answers: "arn:new" });
    expect((await w.post(IOS)).err).toBe("ApnInvalidToken"); // the new one is unknown too
    expect((await w.deviceOf(IOS, A))?.endpointArn).toBe("arn:new");
  });

  it("stays off while the breaker is open, and is not treated as gone", async () => {
    await w.clock.run(
      w.store.outcomes.openBreaker("ios-call", { openedAt: w.clock.now(), openUntil: w.clock.now() + HOUR }),
    );
    w.turnCold();
    expect((await w.post(IOS)).err).toBe("ApnServiceDown");
    expect(counts()).toEqual([1, 0, 2]);
    expect(w.telemetry.count("BreakerOpen", "")).toBe(1);
    w.clock.advance(HOUR);
    expect((await w.post(IOS)).err).toBeUndefined();
  });

  it("stays off even if this environment does not know yet that the breaker opened", async () => {
    await w.clock.run(
      w.store.outcomes.openBreaker("ios-call", { openedAt: w.clock.now(), openUntil: w.clock.now() + HOUR }),
    );
    expect((await w.post(IOS)).err).toBe("ApnServiceDown");
    expect(w.dispatcher.count("enable")).toBe(0);
  });

  it("marked as the breaker opened is not treated as gone, while it is open and afterwards", async () => {
    const device = await w.clock.run(w.store.outcomes.find(w.phones.endpointOf(iosToken) ?? ""));
    const now = w.clock.now();
    await w.clock.run(w.store.outcomes.markGone(device?.key ?? "", now));
    await w.clock.run(w.store.outcomes.openBreaker("ios-call", { openedAt: now + 30_000, openUntil: now + HOUR }));
    w.turnCold();
    expect((await w.post(IOS)).err).toBe("ApnServiceDown");
    w.clock.advance(HOUR);
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(await w.deviceOf(IOS, A)).toMatchObject({ goneAt: undefined });
  });

  it("found for a token without a row, as after the loss of a table, is enabled", async () => {
    await w.clock.run(w.channel.register(fcmApp, androidToken, 100));
    w.phones.switchOff(androidToken);
    expect((await w.post(ANDROID)).err).toBeUndefined();
    expect(w.dispatcher.count("enable")).toBe(1);
  });
});

describe("an endpoint that SNS has lost", () => {
  beforeEach(async () => {
    await w.post(IOS);
    w.phones.lose(iosToken);
  });

  it("is created again and used", async () => {
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([2, 0, 3]);
    expect((await w.deviceOf(IOS, A))?.endpointArn).toBe(w.phones.endpointOf(iosToken));
    await w.post(IOS);
    expect(counts()).toEqual([2, 0, 4]);
  });

  it("is created again only once per post, then the token counts as invalid", async () => {
    w.dispatcher.plan("send", { answers: { outcome: "not-found" } }, { answers: { outcome: "not-found" } });
    expect((await w.post(IOS)).err).toBe("ApnInvalidToken");
    expect(counts()).toEqual([2, 0, 3]);
    w.phones.lose(iosToken);
    w.dispatcher.plan("register", { answers: undefined });
    expect((await w.post(IOS)).err).toBe("ApnInvalidToken");
  });

  it("is not read again by this environment even if the send to the new one failed", async () => {
    w.dispatcher.plan("send", {}, { fails: "rejected" });
    expect((await w.post(IOS)).err).toBe("ApnError");
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([2, 0, 4]);
  });

  it("removed by the events function is created again, and the old one's mark no longer counts", async () => {
    const { outcomes } = w.store;
    const device = await w.clock.run(outcomes.find((await w.deviceOf(IOS, A))?.endpointArn ?? ""));
    await w.clock.run(outcomes.markGone(device?.key ?? "", w.clock.now()));
    await w.clock.run(outcomes.forgetEndpoint(device?.key ?? "", (await w.deviceOf(IOS, A))?.endpointArn ?? ""));
    w.turnCold();
    expect((await w.post(IOS)).err).toBeUndefined();
    expect((await w.post(IOS)).err).toBeUndefined();
  });
});

describe("tenants", () => {
  const gone = async (at: number) => {
    const { outcomes } = w.store;
    const device = await w.clock.run(outcomes.find(w.phones.endpointOf(iosToken) ?? ""));
    await w.clock.run(outcomes.markGone(device?.key ?? "", at));
  };

  it("that know a token learn that it is gone; others get SNS's answer", async () => {
    await w.post(IOS);
    await gone(w.clock.now() + 1);
    w.turnCold();
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect((await w.post(IOS, fromB)).err).toBeUndefined();
    expect(counts()).toEqual([1, 0, 2]);
  });

  it("new to a disabled token do not learn that another knew it", async () => {
    await w.post(IOS);
    dead();
    await w.post(IOS);
    dead();
    w.clock.advance(60_000);
    await w.post(IOS);
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    const wrongToken = { err: "ApnInvalidToken", info: "the vendor does not know this token" };
    for (const turn of [() => undefined, () => undefined, w.turnCold, () => w.clock.advance(3 * MINUTE)]) {
      turn();
      expect(await w.post(IOS, fromB)).toMatchObject(wrongToken);
    }
    expect((await w.post(IOS)).err).toBe("Uninstalled");
  });

  it("new to a disabled token get the same answer if their post is the one that finds it", async () => {
    await w.post(IOS);
    dead();
    await w.post(IOS);
    dead();
    w.clock.advance(60_000);
    for (let posts = 0; posts < 2; posts += 1) expect((await w.post(IOS, fromB)).err).toBe("ApnInvalidToken");
    w.turnCold();
    expect((await w.post(IOS)).err).toBe("Uninstalled");
  });

  it("each learn only that the vendor refuses their own messages", async () => {
    await w.post(ANDROID);
    await w.post(ANDROID, fromB);
    const { outcomes } = w.store;
    const device = await w.clock.run(outcomes.find(w.phones.endpointOf(androidToken) ?? ""));
    for (let strikes = 0; strikes < 5; strikes += 1)
      await w.clock.run(outcomes.strike(device?.key ?? "", A, w.clock.now()));
    w.turnCold();
    expect(await w.post(ANDROID)).toMatchObject({ err: "GcmBadRequest", info: "the vendor refused the last messages" });
    expect((await w.post(ANDROID, fromB)).err).toBeUndefined();
    w.clock.advance(10 * 60_000);
    expect((await w.post(ANDROID)).err).toBeUndefined();
  });

  const phone = (nth: number) => `android:${"another-phone-".repeat(2)}${nth}`;

  it("have a limit of new tokens in their first hour, for all accounts together; known tokens still work", async () => {
    w = postServices({ limits: { newTokensPerDomainInFirstHour: 2, newTokensPerDomainPerHour: 1 } });
    await setUp();
    await w.login("c3", `${A}/other`);
    await w.post(phone(1));
    await w.post(phone(2));
    const info = "limit of this service: too many new tokens from this domain in an hour, nothing was sent";
    expect(await w.post(phone(3))).toMatchObject({ err: "GcmDeviceRate", info });
    expect(await w.post(IOS, { connectionId: "c3" })).toMatchObject({ err: "ApnProcessingErr", info });
    expect([w.telemetry.count("Limited", "newTokensPerDomain"), w.telemetry.count("PostTrouble", "")]).toEqual([2, 0]);
    expect((await w.post(phone(1))).err).toBeUndefined();
    expect((await w.post(phone(3), fromB)).err).toBeUndefined();
    w.clock.advance(HOUR);
    expect((await w.post(phone(4))).err).toBeUndefined();
    expect((await w.post(phone(5))).err).toBe("GcmDeviceRate");
  });

  it("can call 150 new phones at once, and a token that SNS refuses does not count", async () => {
    for (let post = 0; post < 15; post += 1) {
      w.dispatcher.plan("register", { answers: undefined });
      expect((await w.post(phone(1_000))).err).toBe("GcmInvalidReg");
    }
    w.dispatcher.plan("register");
    for (let nth = 0; nth < 150; nth += 1) expect((await w.post(phone(nth))).err).toBeUndefined();
  });
});
