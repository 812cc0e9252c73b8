import { beforeEach, describe, expect, it } from "vitest";
import { postingWorld, type PostingWorld } from "../support/posting-world.ts";
import { androidToken, fcmApp, iosToken } from "../support/values.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const IOS = `ios-call:${iosToken}`;
const ANDROID = `android:${androidToken}`;
const A = "a.example.com";
const B = "b.example.com";

let w: PostingWorld;
beforeEach(async () => {
  w = postingWorld();
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
  it("is made once, at a token's first sight, and remembered beside the first Publish", async () => {
    await w.post(IOS);
    expect(await w.deviceOf(IOS, A)).toEqual({
      endpointArn: w.phones.endpointOf(iosToken),
      createdAt: w.devices.calls[0]?.at,
      usedAt: w.devices.calls[0]?.at,
      goneAt: undefined,
      enabledAt: undefined,
      tenant: { since: w.devices.calls[0]?.at, strikes: 0, struckAt: 0 },
    });
    expect(w.devices.calls[0]?.at).toBe(w.dispatcher.calls.find(({ operation }) => operation === "send")?.at);
    expect(w.devices.calls[0]?.args[1]).toMatchObject({ token: "sealed 64" });
    await w.post(IOS);
    w.turnCold();
    await w.post(IOS);
    expect(counts()).toEqual([1, 0, 3]);
    expect(w.devices.count("remember")).toBe(1);
  });

  it("is none when SNS does not take the token, and nothing is remembered", async () => {
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

  it("in use is noted once a week", async () => {
    await w.post(IOS);
    w.clock.advance(7 * DAY);
    await w.post(IOS);
    await w.post(IOS);
    expect(w.devices.count("remember")).toBe(2);
  });

  it("is used although it could not be remembered", async () => {
    w.devices.fail("remember", "throttled");
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(await w.deviceOf(IOS, A)).toBeUndefined();
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([2, 0, 2]);
  });

  it("is remembered although the wake-up failed", async () => {
    w.dispatcher.fail("send", "rejected");
    expect((await w.post(IOS)).err).toBe("ApnError");
    expect(await w.deviceOf(IOS, A)).toBeDefined();
  });
});

describe("a disabled endpoint", () => {
  beforeEach(async () => {
    await w.post(IOS);
    dead();
  });

  it("is switched on and used, once a day", async () => {
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([1, 1, 3]);
    dead();
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect(await w.post(IOS)).toMatchObject({ err: "Uninstalled", info: "the vendor no longer knows this token" });
    // The second of the two was answered from the row.
    expect(counts()).toEqual([1, 1, 4]);
    w.clock.advance(DAY);
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([1, 2, 5]);
    expect((await w.deviceOf(IOS, A))?.goneAt).toBeUndefined();
  });

  it("is GcmNotRegistered for FCM", async () => {
    await w.post(ANDROID);
    w.phones.switchOff(androidToken);
    await w.post(ANDROID);
    w.phones.switchOff(androidToken);
    expect((await w.post(ANDROID)).err).toBe("GcmNotRegistered");
  });

  it("whose switching on shows late is not taken for gone", async () => {
    w = postingWorld({ lag: 500 });
    await setUp();
    await w.post(IOS);
    dead();
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    w.clock.advance(500);
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([1, 1, 4]);
  });

  it("is switched on once although the send after it timed out", async () => {
    w.dispatcher.plan("send", {}, { ms: 9_000 }, { ms: 9_000 });
    expect((await w.post(IOS)).info).toContain("unknown");
    dead();
    await w.post(IOS);
    expect(w.dispatcher.count("enable")).toBe(1);
  });

  it("that is lost meanwhile is made anew", async () => {
    w.dispatcher.plan("enable", { answers: false });
    w.dispatcher.plan("register", { answers: "arn:new" });
    expect((await w.post(IOS)).err).toBe("ApnInvalidToken"); // the new one is unknown too
    expect((await w.deviceOf(IOS, A))?.endpointArn).toBe("arn:new");
  });

  it("stays off while the breaker is open, and is not taken for gone", async () => {
    await w.clock.run(w.store.outcomes.openBreaker("ios-call", w.clock.now() + HOUR));
    w.turnCold();
    expect((await w.post(IOS)).err).toBe("ApnServiceDown");
    expect(counts()).toEqual([1, 0, 2]);
    w.clock.advance(HOUR);
    expect((await w.post(IOS)).err).toBeUndefined();
  });

  it("found at a token's first sight, since a table was lost, is switched on", async () => {
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

  it("is made anew and used", async () => {
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([2, 0, 3]);
    expect((await w.deviceOf(IOS, A))?.endpointArn).toBe(w.phones.endpointOf(iosToken));
    await w.post(IOS);
    expect(counts()).toEqual([2, 0, 4]);
  });

  it("is made anew once a post: then the token is none", async () => {
    w.dispatcher.plan("send", { answers: { outcome: "not-found" } }, { answers: { outcome: "not-found" } });
    expect((await w.post(IOS)).err).toBe("ApnInvalidToken");
    expect(counts()).toEqual([2, 0, 3]);
    w.phones.lose(iosToken);
    w.dispatcher.plan("register", { answers: undefined });
    expect((await w.post(IOS)).err).toBe("ApnInvalidToken");
  });

  it("is not looked for again by this sandbox although the send to the new one failed", async () => {
    w.dispatcher.plan("send", {}, { fails: "rejected" });
    expect((await w.post(IOS)).err).toBe("ApnError");
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(counts()).toEqual([2, 0, 4]);
  });

  it("forgotten by the events function, is made anew; that the old one was gone no longer counts", async () => {
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

  it("that know a token hear that it is gone, others hear what SNS says", async () => {
    await w.post(IOS);
    await gone(w.clock.now() + 1);
    w.turnCold();
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect((await w.post(IOS, fromB)).err).toBeUndefined();
    expect(counts()).toEqual([1, 0, 2]);
  });

  it("new to a token that is switched off do not hear that another knew it", async () => {
    await w.post(IOS);
    dead();
    await w.post(IOS);
    dead();
    await w.post(IOS);
    expect((await w.post(IOS)).err).toBe("Uninstalled");
    expect(await w.post(IOS, fromB)).toMatchObject({ err: "ApnInvalidToken", info: "the vendor does not know this token" });
  });

  it("are told for themselves that the vendor refuses their messages", async () => {
    await w.post(ANDROID);
    await w.post(ANDROID, fromB);
    const { outcomes } = w.store;
    const device = await w.clock.run(outcomes.find(w.phones.endpointOf(androidToken) ?? ""));
    for (let strikes = 0; strikes < 5; strikes += 1) await w.clock.run(outcomes.strike(device?.key ?? "", A, w.clock.now()));
    w.turnCold();
    expect(await w.post(ANDROID)).toMatchObject({ err: "GcmBadRequest", info: "the vendor refused the last messages" });
    expect((await w.post(ANDROID, fromB)).err).toBeUndefined();
    w.clock.advance(10 * 60_000);
    expect((await w.post(ANDROID)).err).toBeUndefined();
  });

  it("have so many new tokens in an hour, each for itself; tokens in use go on", async () => {
    w = postingWorld({ limits: { newTokensPerAccountPerHour: 2 } });
    await setUp();
    await w.post("android:1");
    await w.post("android:2");
    expect(await w.post("android:3")).toMatchObject({ err: "GcmDeviceRate", info: "too many new tokens from this account" });
    expect((await w.post(IOS)).err).toBe("ApnServiceDown");
    expect(w.telemetry.count("Limited", "newTokensPerAccountPerHour")).toBe(2);
    expect((await w.post("android:1")).err).toBeUndefined();
    expect((await w.post("android:3", fromB)).err).toBeUndefined();
    w.clock.advance(HOUR);
    expect((await w.post("android:4")).err).toBeUndefined();
  });
});
