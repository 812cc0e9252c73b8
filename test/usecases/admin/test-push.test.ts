import { describe, expect, it } from "vitest";
import type { EventKind } from "../../../lambdas/core/push/apps.ts";
import type { Domain } from "../../../lambdas/core/domains/domain.ts";
import type { AuditEntry } from "../../../lambdas/core/domains/audit.ts";
import { accountKey } from "../../../lambdas/core/shared/names.ts";
import { deviceKey, parseToken } from "../../../lambdas/core/push/token.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { testKnownPhone, testPush } from "../../../lambdas/usecases/admin/test-push.ts";
import { phoneGets } from "../../support/values/phone.ts";
import { postServices } from "../../support/services/posts.ts";
import { testRandom } from "../../support/values/time-and-chance.ts";
import { alertApp, anApp, androidToken, apps, iosToken } from "../../support/values/values.ts";

const ACCOUNT = accountKey("pbx.example.com");
/** A domain, and an account whose domain is not registered. */
const REGISTERED = [ACCOUNT.account, "unknown.example.com/own"];
const TOKEN = `ios-call:${iosToken}`;

function services(configured = apps) {
  const post = postServices({ apps: configured });
  const { clock, context, devices, newTokens, dispatcher, telemetry, store } = post;
  const ports = {
    clock,
    context,
    devices,
    newTokens,
    dispatcher,
    telemetry,
    random: testRandom(),
    chance: () => 0.5,
    seal: () => "sealed",
  };
  const noted: (readonly [string, AuditEntry])[] = [];
  const domains = {
    find: (of: string) => Promise.resolve(REGISTERED.includes(of) ? ({} as Domain) : undefined),
    note: (of: string, entry: AuditEntry) => Promise.resolve(void noted.push([of, entry])),
  };
  const push = testPush({ ...ports, domains, apps: configured });
  const parsed = parseToken(TOKEN, apps);
  const key = parsed.ok ? deviceKey(parsed.value) : "";
  /** SNS's report about the phone, some time after the wake-up was accepted. */
  const later = async (ms: number, tell: () => Promise<void>) => {
    await clock.sleep(ms);
    await tell();
  };
  const test = async (token: string, type?: EventKind) => {
    const result = await clock.run(push({ account: ACCOUNT, token, type, actor: "operator test" }));
    if (result === undefined) throw new Error("unknown account");
    return result;
  };
  const testAs = (account: string) =>
    clock.run(push({ account: accountKey(account), token: TOKEN, actor: "operator test" }));
  const testKnown = (device = key, app = "ios-call") =>
    clock.run(
      testKnownPhone({ ...ports, domains, apps: configured })({ account: ACCOUNT, actor: "owner", device, app }),
    );
  return { ...post, outcomes: store.outcomes, key, later, test, testAs, testKnown, noted, devices };
}

describe("an operator's test push", () => {
  it("is sent like a post, and waits for a failure report that does not come", async () => {
    const { test, phones, telemetry } = services();
    expect(await test(TOKEN)).toMatchObject({ app: "ios-call", type: "call", later: "none" });
    expect(phones.pushes).toHaveLength(1);
    expect(telemetry.count("Admin", "push")).toBe(1);
    expect(phones.pushes.map(({ message }) => [message.platform, phoneGets(message)["payload"]])).toEqual([
      ["APNS_VOIP", '{"test":true}'],
    ]);
  });

  it("requires an account that is registered or covered by a registered one", async () => {
    const { testAs, phones, noted } = services();
    expect([await testAs("unknown.example.com"), await testAs("unknown.example.com/master")]).toEqual([
      undefined,
      undefined,
    ]);
    expect([phones.pushes, noted]).toEqual([[], []]);
    for (const account of [`${ACCOUNT.account}/master`, "unknown.example.com/own"])
      expect(await testAs(account)).toMatchObject({ app: "ios-call" });
  });

  it("is in the account's history, without the token", async () => {
    const { test, noted, clock } = services();
    const at = clock.now();
    await test(TOKEN);
    await test("nonsense");
    expect(noted).toEqual([
      ["pbx.example.com", { at, action: "test-push", actor: "operator test", detail: "ios-call, call" }],
    ]);
  });

  it("waits 8 seconds, and reports the time of the answer separately", async () => {
    const { waitedMs, ms } = await services().test(TOKEN);
    expect(ms).toBeLessThan(1_000);
    expect(waitedMs).toBeGreaterThanOrEqual(8_000);
    expect(waitedMs).toBeLessThan(10_000);
  });

  it("checks for the vendor's report once a second, for 8 seconds", async () => {
    const { test, context } = services();
    context.plan("read", {}, ...Array.from({ length: 20 }, () => ({ answers: {} })));
    expect(await test(TOKEN)).toMatchObject({ later: "none", waitedMs: 8_000 });
    const [, ...looks] = context.calls.map(({ at }) => at);
    expect(looks).toHaveLength(8);
    expect(looks.map((at) => at - (looks[0] ?? 0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((second) => second * 1_000));
  });

  it("waits a second for our own table, and three for the answer, like a PBX", async () => {
    const { test, context, dispatcher } = services();
    context.plan("read", { ms: Infinity });
    await expect(test(TOKEN)).rejects.toMatchObject({ kind: "timeout" });
    expect(context.calls.map(({ args }) => args.at(-1))).toEqual([1_000]);
    dispatcher.away("send", { from: 0, until: Infinity, fault: "hang" });
    const { error, ms } = await test(TOKEN);
    expect(error?.err).toBeDefined();
    expect(ms).toBeGreaterThanOrEqual(3_000);
    expect(ms).toBeLessThan(3_100);
  });

  it("counts reports of the vendor from the millisecond of the push, and none before", async () => {
    for (const [before, expected] of [
      [0, "gone"],
      [1, "none"],
    ] as const) {
      const { test, outcomes, key, later, clock } = services();
      await test(TOKEN);
      const at = clock.now();
      const tell = async () => void (await outcomes.markGone(key, at - before));
      const [tested] = await Promise.all([test(TOKEN), later(2_500, tell)]);
      expect(tested.later).toBe(expected);
    }
  });

  it.each(["gone", "bad-message"] as const)("returns the vendor's later report: %s", async (lesson) => {
    const { test, outcomes, key, later, clock } = services();
    const tell = async () =>
      void (await (lesson === "gone"
        ? outcomes.markGone(key, clock.now())
        : outcomes.strike(key, ACCOUNT.domain, clock.now())));
    const [tested] = await Promise.all([test(TOKEN), later(3_500, tell)]);
    expect(tested).toMatchObject({ later: lesson });
    expect(tested.error).toBeUndefined();
    expect(tested.waitedMs).toBeLessThan(5_000);
  });

  it("ignores reports about an earlier push", async () => {
    const { test, outcomes, key, clock } = services();
    await test(TOKEN);
    await clock.run(outcomes.strike(key, ACCOUNT.domain, clock.now()));
    expect(await test(TOKEN)).toMatchObject({ later: "none" });
  });

  it("returns a PBX's error immediately", async () => {
    const { test, outcomes, key, clock, dispatcher } = services();
    await test(TOKEN);
    await clock.run(outcomes.markGone(key, clock.now()));
    const sent = dispatcher.count("send");
    const tested = await test(TOKEN);
    expect(tested).toMatchObject({ app: "ios-call", type: "call", error: { err: "Uninstalled" } });
    expect(tested.later).toBeUndefined();
    expect(dispatcher.count("send")).toBe(sent);
  });

  it.each([
    ["nobody:token", undefined, "UnknownApp", undefined],
    ["", undefined, "UnknownApp", undefined],
    ["ios-call:xyz", undefined, "ApnInvalidToken", undefined],
    [`ios-call:${iosToken}`, "notification", "Malformed", "ios-call"],
  ] as const)("refuses %j of type %s: %s", async (token, type, err, app) => {
    const { test, dispatcher, context } = services();
    const tested = await test(token, type);
    expect(tested).toMatchObject({ error: { err }, ms: 0 });
    expect(tested.app).toBe(app);
    expect([dispatcher.calls, context.calls]).toEqual([[], []]);
  });

  it("does not find an app that is reserved for another account", async () => {
    const { test } = services([anApp("APNS", { id: "canary", reservedFor: "pbx.example.com" })]);
    expect((await test(`canary:${iosToken}`)).error?.err).toBe("UnknownApp");
  });

  it("says that the app's message limit is too small even for this", async () => {
    const { test, dispatcher } = services([{ ...alertApp, maxPayload: 10 }]);
    expect(await test(`ios:${iosToken}`)).toMatchObject({
      app: "ios",
      type: "notification",
      error: { err: "ApnPayloadSize" },
      ms: 0,
    });
    expect(dispatcher.calls).toEqual([]);
  });

  it("goes to Android with the requested type", async () => {
    const { test, phones } = services();
    expect(await test(`android:${androidToken}`, "notification")).toMatchObject({
      app: "android",
      type: "notification",
      later: "none",
    });
    expect(phones.pushes).toHaveLength(1);
  });

  it("has no limit on new phones", async () => {
    const { test, phones, clock } = services();
    for (const first of ["a", "b"]) {
      for (const nth of [1, 2])
        expect(await test(`ios-call:${first}${nth}${iosToken.slice(2)}`)).not.toHaveProperty("error");
      clock.advance(3_600_000);
    }
    expect(phones.pushes).toHaveLength(4);
  });

  it("reaches a phone that only another domain has used so far, even if its row cannot be written", async () => {
    const { test, login, post, devices, phones } = services();
    await login("c9", "other.example.com");
    await post(TOKEN, { connectionId: "c9" });
    devices.away("remember", { from: 0, until: Infinity, fault: "unavailable" });
    const tested = await test(TOKEN);
    expect(tested).toMatchObject({ app: "ios-call", later: "none" });
    expect(tested).not.toHaveProperty("error");
    expect(phones.pushes).toHaveLength(2);
  });

  it("throws if our own table does not answer", async () => {
    const { test, context } = services();
    context.fail("read", "timeout");
    await expect(test(TOKEN)).rejects.toBeInstanceOf(DependencyError);
  });
});

describe("a test push to a phone known only by its row", () => {
  it("goes to the endpoint of the domain's posts, and is in the history", async () => {
    const { test, testKnown, phones, noted, dispatcher } = services();
    await test(TOKEN);
    const before = dispatcher.count("register");
    expect(await testKnown()).toMatchObject({ ok: true, value: { app: "ios-call", later: "none" } });
    expect(phones.pushes).toHaveLength(2);
    expect(dispatcher.count("register")).toBe(before);
    expect(noted.map(([, { action, actor }]) => [action, actor])).toEqual([
      ["test-push", "operator test"],
      ["test-push", "owner"],
    ]);
  });

  it("is not sent without a row, nor for an unknown app", async () => {
    const { test, testKnown, phones, noted } = services();
    expect(await testKnown()).toEqual({ ok: false, error: "forgotten" });
    await test(TOKEN);
    expect(await testKnown(undefined, "no-app")).toEqual({ ok: false, error: "forgotten" });
    expect([phones.pushes.length, noted.length]).toEqual([1, 1]);
  });

  it("says that its app's message limit is too small even for this", async () => {
    const { testKnown, dispatcher, context } = services([{ ...alertApp, maxPayload: 10 }]);
    expect(await testKnown(undefined, "ios")).toMatchObject({
      ok: true,
      value: { app: "ios", type: "notification", error: { err: "ApnPayloadSize" }, ms: 0 },
    });
    expect([dispatcher.calls, context.calls]).toEqual([[], []]);
  });

  it("is not sent if another domain has used the phone", async () => {
    const { test, testKnown, devices, key, phones, clock, noted } = services();
    await test(TOKEN);
    const change = { app: "ios-call", domain: "other.example.com", usedAt: clock.now() };
    await clock.run(devices.remember(key, change, 100));
    expect(await testKnown()).toEqual({ ok: false, error: "shared" });
    expect([phones.pushes.length, noted.length]).toEqual([1, 1]);
  });

  it("is not sent to a phone that is gone, however long, as only its token could enable it", async () => {
    const { test, testKnown, outcomes, key, clock, dispatcher } = services();
    await test(TOKEN);
    await clock.run(outcomes.markGone(key, clock.now()));
    const calls = () => ["send", "register", "enable"].map((call) => dispatcher.count(call));
    const before = calls();
    for (const minutes of [0, 6, 24 * 60]) {
      clock.advance(minutes * 60_000);
      expect(await testKnown()).toEqual({ ok: false, error: "gone" });
    }
    expect(calls()).toEqual(before);
  });

  it.each(["lose", "switchOff"] as const)(
    "neither creates nor enables an endpoint that SNS has %s",
    async (happens) => {
      const { test, testKnown, dispatcher, phones } = services();
      await test(TOKEN);
      const calls = () => ["register", "enable"].map((call) => dispatcher.count(call));
      const before = calls();
      phones[happens](iosToken);
      expect(await testKnown()).toMatchObject({ ok: true, value: { error: {} } });
      expect(calls()).toEqual(before);
    },
  );
});
