import { beforeEach, describe, expect, it } from "vitest";
import { phoneGets } from "../../support/values/phone.ts";
import { postServices, type PostServices } from "../../support/services/posts.ts";
import { androidToken, iosToken } from "../../support/values/values.ts";

const IOS = `ios-call:${iosToken}`;
const ANDROID = `android:${androidToken}`;

let w: PostServices;
beforeEach(async () => {
  w = postServices();
  await w.login("c1", "a.example.com");
});

describe("an error of SNS", () => {
  it.each([
    ["application-down", "ApnServiceDown", "GcmAuthentication"],
    ["bad-token", "ApnInvalidToken", "GcmInvalidReg"],
    ["too-big", "ApnPayloadSize", "GcmMessageTooBig"],
    ["not-found", "ApnInvalidToken", "GcmInvalidReg"],
    ["rejected", "ApnError", "GcmServerError"],
  ])("%s becomes %s or %s", async (outcome, apns, fcm) => {
    for (const [token, err] of [
      [IOS, apns],
      [ANDROID, fcm],
    ] as const) {
      const answers = { outcome, code: "InvalidSecurity" };
      w.dispatcher.plan("send", { answers }, { answers });
      expect((await w.post(token)).err).toBe(err);
    }
  });
});

describe("setbacks", () => {
  it.each(["throttled", "unreachable", "reset", "unavailable"] as const)("%s: retried until it works", async (kind) => {
    w.dispatcher.fail("send", kind, kind, kind);
    expect((await w.post(IOS)).err).toBeUndefined();
    expect(w.telemetry.count("PublishRetry", "")).toBe(3);
    w.dispatcher.fail("register", kind, kind);
    expect((await w.post(ANDROID)).err).toBeUndefined();
  });

  it.each([
    ["throttled", "ApnServiceDown", "GcmDeviceRate", "too many requests, nothing was sent"],
    ["unreachable", "ApnError", "GcmServerError", "test.Call: unreachable, nothing was sent"],
    ["reset", "ApnError", "GcmServerError", "unknown: the wake-up may still arrive; test.Call: reset"],
    ["unavailable", "ApnError", "GcmServerError", "unknown: the wake-up may still arrive; test.Call: unavailable"],
  ] as const)("%s: given up after nine attempts with %s or %s", async (kind, apns, fcm, info) => {
    for (const [token, err] of [
      [IOS, apns],
      [ANDROID, fcm],
    ] as const) {
      w.dispatcher.fail("send", ...Array<typeof kind>(9).fill(kind));
      const from = w.clock.now();
      expect(await w.post(token)).toMatchObject({ err, info });
      expect(w.clock.now() - from).toBeLessThanOrEqual(2_900);
      expect(w.clock.now() - from).toBeGreaterThan(1_000); // pauses spread the attempts
    }
    expect(w.dispatcher.count("send")).toBe(18);
    expect(w.telemetry.count("PostTrouble", "")).toBe(2);
  });

  it("a Publish that hangs is ended and tried twice more, and reported as possibly sent", async () => {
    w.dispatcher.plan("send", { ms: 15_000, taken: true }, { ms: 15_000 }, { ms: 15_000 });
    const from = w.clock.now();
    expect(await w.post(IOS)).toMatchObject({
      err: "ApnError",
      info: "unknown: the wake-up may still arrive; test.Call: timeout",
    });
    expect(w.clock.now() - from).toBeLessThanOrEqual(3_000);
    expect([w.dispatcher.count("send"), w.telemetry.count("PublishUnknown", "")]).toEqual([3, 3]);
    expect(w.telemetry.count("DeadlineMissed", "")).toBe(1);
  });

  it.each(["timeout", "reset", "unavailable"] as const)(
    "%s, then throttling, is not reported as unsent",
    async (kind) => {
      w.dispatcher.plan(
        "send",
        { fails: kind, taken: true },
        ...Array<{ fails: "throttled" }>(8).fill({ fails: "throttled" }),
      );
      expect(await w.post(IOS)).toMatchObject({
        err: "ApnError",
        info: "unknown: the wake-up may still arrive; too many requests",
      });
      expect(w.phones.pushes).toHaveLength(1);
    },
  );

  it.each([
    [{ outcome: "disabled" }, "ApnInvalidToken"],
    [{ outcome: "application-down" }, "ApnServiceDown"],
    [{ outcome: "rejected", code: "Code" }, "ApnError"],
  ])("an attempt that may have been sent still counts after %o", async (answers, err) => {
    w.dispatcher.plan("send", { fails: "unavailable", taken: true }, { answers }, { answers });
    expect(await w.post(IOS)).toMatchObject({
      err,
      info: expect.stringMatching(/^unknown: the wake-up may still arrive; /u) as string,
    });
  });

  it("of endpoint calls are counted, attempt by attempt", async () => {
    w.dispatcher.fail("register", "throttled", "reset");
    await w.post(IOS);
    expect(w.telemetry.count("EndpointCall", "")).toBe(3);
    w.phones.switchOff(iosToken);
    await w.post(IOS);
    expect(w.telemetry.count("EndpointCall", "")).toBe(4);
  });

  it("a Publish that hangs and then works is answered without err; both have one id, each its own ttl", async () => {
    w.dispatcher.plan("send", { ms: 15_000, taken: true });
    expect((await w.post(ANDROID)).err).toBeUndefined();
    const phones = w.phones.pushes.map(({ message }) => phoneGets(message));
    expect(phones.map(({ ttl }) => ttl)).toEqual(["8", "8"]);
    expect(new Set(phones.map(({ id }) => id)).size).toBe(1);
    expect(Number(phones[1]?.["sentAt"]) - Number(phones[0]?.["sentAt"])).toBe(958);
  });

  it("before the first Publish are reported as nothing sent", async () => {
    w.dispatcher.plan("register", { ms: 15_000 }, { ms: 15_000 }, { ms: 15_000 });
    expect(await w.post(IOS)).toMatchObject({ err: "ApnError", info: "test.Call: timeout, nothing was sent" });
    expect([w.dispatcher.count("send"), w.telemetry.count("PublishUnknown", "")]).toEqual([0, 0]);
  });

  it("that use up the time end in an error before the deadline, not in a send after it", async () => {
    w.context.plan("read", { ms: 590 });
    w.dispatcher.plan("register", { ms: 760 }, {}, {});
    w.dispatcher.plan(
      "send",
      { ms: 400, fails: "unavailable" },
      { ms: 400, fails: "unavailable" },
      { ms: 400, fails: "unavailable" },
      { ms: 400, fails: "unavailable" },
    );
    const from = w.clock.now();
    expect((await w.post(IOS)).err).toBe("ApnError");
    expect(w.clock.now() - from).toBeLessThanOrEqual(3_000);
    expect(w.dispatcher.count("send")).toBeGreaterThan(1);
    for (const { at } of w.dispatcher.calls) expect(at - from).toBeLessThanOrEqual(2_800);
  });

  it("that last are limited by a budget: after 5 s with only failures, at most one retry per ten calls", async () => {
    w = postServices({ limits: { postsPerTokenAtOnce: 1_000 } });
    await w.login("c1", "a.example.com");
    await w.post(IOS);
    w.dispatcher.away("send", { from: 0, until: Infinity, fault: "unavailable" });
    const sends = () => w.dispatcher.count("send");
    const from = w.clock.now();
    while (w.clock.now() - from < 5_100) await w.post(IOS);
    const before = sends();
    for (let post = 0; post < 40; post += 1) {
      await w.post(IOS);
      w.clock.advance(100);
    }
    expect(sends() - before).toBeLessThanOrEqual(44);
    expect(sends() - before).toBeGreaterThanOrEqual(43);
    w.dispatcher.away("send", { from: 0, until: 0, fault: "unavailable" });
    expect((await w.post(IOS)).err).toBeUndefined();
  });

  it("from a bug are thrown", async () => {
    w.devices.plan("remember", { breaks: new Error("a bug") });
    await expect(w.post(IOS)).rejects.toThrow("a bug");
    expect(w.phones.pushes).toHaveLength(1);
    const broken = postServices({
      seal: () => {
        throw new Error("a bug");
      },
    });
    await broken.login("c1", "a.example.com");
    await expect(broken.post(IOS)).rejects.toThrow("a bug");
  });
});
