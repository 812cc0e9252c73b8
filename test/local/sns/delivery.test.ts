import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drawDwell } from "../../../local/sns/delivery/delivery.ts";
import { androidToken, bundle, eventOf, fcm, iosToken, type Stage, stage, voipHeaders } from "./support.ts";

const call = JSON.stringify({ aps: {}, type: "call", id: "1" });
const alert = JSON.stringify({ aps: { alert: "Hello" }, type: "notification" });
const silent = JSON.stringify({ aps: { "content-available": 1 } });
const ttl = (seconds: number) => ({ ...voipHeaders, "AWS.SNS.MOBILE.APNS_VOIP.TTL": String(seconds) });

let on: Stage;
beforeEach(async () => {
  on = await stage();
});
afterEach(() => on.close());

/** Publishes once and waits for the outcome: what the phone got, and the events. */
async function deliver(endpointArn: string, body: string, attributes?: Record<string, string>) {
  await on.publish(endpointArn, body, attributes);
  await on.simulator.control.settled();
  return { push: on.simulator.control.phones.list().at(-1), failures: on.failures() };
}

describe("SNS's simulator", () => {
  it("delivers a call to an iPhone with all its headers", async () => {
    const endpoint = await on.endpoint(on.application("APNS_VOIP", "ios-call"), iosToken.toUpperCase());
    const { push, failures } = await deliver(endpoint, call, {
      ...voipHeaders,
      "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": "c1",
    });
    expect(failures).toEqual([]);
    expect(push).toEqual({
      app: "ios-call",
      platform: "APNS_VOIP",
      token: iosToken,
      topic: `${bundle}.voip`,
      pushType: "voip",
      priority: "10",
      ttl: 8,
      collapseId: "c1",
      payload: { aps: {}, type: "call", id: "1" },
      at: expect.any(Number) as number,
    });
  });

  it("delivers the data of an FCM v1 message to an Android phone; a TTL attribute wins over the body's", async () => {
    const endpoint = await on.endpoint(on.application("GCM", "android"), androidToken);
    const body = fcm({ data: { type: "call", id: "1" }, android: { priority: "high", ttl: "30s", collapse_key: "k" } });
    const expected = {
      app: "android",
      token: androidToken,
      priority: "high",
      collapseId: "k",
      payload: { type: "call", id: "1" },
    };
    expect((await deliver(endpoint, body, { "AWS.SNS.MOBILE.FCM.TTL": "7" })).push).toMatchObject({
      ...expected,
      ttl: 7,
    });
    expect((await deliver(endpoint, body)).push).toMatchObject({ ...expected, ttl: 30 });
  });

  it("infers alert and background only, so a VoIP push without a type is refused by Apple", async () => {
    const alerts = await on.endpoint(on.application("APNS"), iosToken);
    const calls = await on.endpoint(on.application("APNS_VOIP"), iosToken);
    expect((await deliver(alerts, alert)).push).toMatchObject({ pushType: "alert", priority: "10", topic: bundle });
    expect((await deliver(alerts, silent)).push).toMatchObject({ pushType: "background", priority: "5" });
    expect((await deliver(calls, call)).failures).toEqual(["InvalidNotification"]);
    expect(on.simulator.control.ledger().at(-1)).toMatchObject({
      outcome: "InvalidNotification",
      reason: "InvalidPushType",
    });
  });

  it("wraps the default text for platforms that the message does not name", async () => {
    const endpoint = await on.endpoint(on.application("APNS"), iosToken);
    await on.simulator.handle({
      method: "POST",
      headers: {},
      body: new URLSearchParams({ Action: "Publish", TargetArn: endpoint, Message: "plain" }).toString(),
    });
    await on.simulator.control.settled();
    expect(on.simulator.control.phones.list().at(-1)?.payload).toEqual({ aps: { alert: "plain" } });
  });
});

describe("TTL and dwell time", () => {
  it.each([
    { dwellMs: 0, seconds: 0, outcome: "NotificationTTLExpired" },
    { dwellMs: 0, seconds: 1, outcome: "delivered" },
    { dwellMs: 1200, seconds: 1, outcome: "NotificationTTLExpired" },
    { dwellMs: 1200, seconds: 5, outcome: "delivered" },
  ])("VoIP: TTL $seconds s under a dwell time of $dwellMs ms: $outcome", async ({ dwellMs, seconds, outcome }) => {
    on.simulator.control.set({ dwell: { minMs: dwellMs, maxMs: dwellMs } });
    const endpoint = await on.endpoint(on.application("APNS_VOIP"), iosToken);
    const { push, failures } = await deliver(endpoint, call, ttl(seconds));
    expect(on.simulator.control.ledger()).toMatchObject([{ outcome }]);
    expect(push === undefined).toBe(outcome !== "delivered");
    expect(failures).toEqual(outcome === "delivered" ? [] : [outcome]);
  });

  it("defaults to four weeks, and passes on 0 to APNs alerts and FCM", async () => {
    const calls = await on.endpoint(on.application("APNS_VOIP"), iosToken);
    const { "AWS.SNS.MOBILE.APNS_VOIP.TTL": _, ...withoutTtl } = voipHeaders;
    expect((await deliver(calls, call, withoutTtl)).push?.ttl).toBe(28 * 86_400);
    const alerts = await on.endpoint(on.application("APNS"), iosToken);
    expect((await deliver(alerts, alert, { "AWS.SNS.MOBILE.APNS.TTL": "0" })).push?.ttl).toBe(0);
    const android = await on.endpoint(on.application("GCM"), androidToken);
    expect((await deliver(android, fcm({ data: {} }), { "AWS.SNS.MOBILE.FCM.TTL": "0" })).push?.ttl).toBe(0);
  });

  it("draws dwell times within their range, except the slow share", () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), unit, unit, (minMs, width, share, chance) => {
        const range = { minMs, maxMs: minMs + width };
        const drawn = drawDwell(range, () => chance);
        expect(drawn).toBeGreaterThanOrEqual(minMs);
        expect(drawn).toBeLessThanOrEqual(minMs + width);
        expect(drawDwell({ ...range, slow: { share, ms: 9999 } }, () => chance) === 9999).toBe(chance < share);
      }),
    );
  });
});

describe("phones that are gone", () => {
  it("fail after an accepted push: the endpoint is disabled and the topic gets SNS's event", async () => {
    const application = on.application("APNS_VOIP");
    const endpoint = await on.endpoint(application, iosToken);
    on.simulator.control.phones.uninstall(iosToken);
    const messageId = await on.publish(endpoint, call, voipHeaders);
    await on.simulator.control.settled();
    const envelope = JSON.parse(on.queued.at(-1)?.body ?? "") as Record<string, unknown>;
    expect(envelope).toMatchObject({
      Type: "Notification",
      Subject: "DeliveryFailure event for app apns_voip (APNS_VOIP)",
    });
    expect(eventOf(on.queued.at(-1)?.body ?? "")).toEqual({
      DeliveryAttempts: 1,
      EndpointArn: endpoint,
      EventType: "DeliveryFailure",
      FailureMessage: "Platform token associated with the endpoint is not valid",
      FailureType: "InvalidPlatformToken",
      MessageId: messageId,
      Resource: application,
      Service: "SNS",
      Time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u) as string,
    });
    await expect(on.publish(endpoint, call, voipHeaders)).rejects.toMatchObject({ Code: "EndpointDisabled" });
    expect(on.simulator.control.phones.list()).toEqual([]);
  });

  it("disable a re-enabled endpoint again, until the app is reinstalled", async () => {
    const endpoint = await on.endpoint(on.application("GCM"), androidToken);
    const { phones } = on.simulator.control;
    const enable = () => on.enable(endpoint);
    phones.uninstall(androidToken);
    await deliver(endpoint, fcm({ data: {} }));
    await enable();
    expect((await deliver(endpoint, fcm({ data: {} }))).failures).toEqual([
      "InvalidPlatformToken",
      "InvalidPlatformToken",
    ]);
    phones.reinstall(androidToken);
    await enable();
    expect((await deliver(endpoint, fcm({ data: { n: "1" } }))).push?.payload).toEqual({ n: "1" });
  });

  it("end pushes in flight when their endpoint is disabled or deleted", async () => {
    on.simulator.control.set({ dwell: { minMs: 800, maxMs: 800 } });
    const application = on.application("APNS_VOIP");
    const [kept, deleted] = [await on.endpoint(application, iosToken), await on.endpoint(application, "cd".repeat(32))];
    await Promise.all([kept, deleted].map((endpoint) => on.publish(endpoint, call, voipHeaders)));
    await Promise.all([on.disable(kept), on.remove(deleted)]);
    await on.simulator.control.settled();
    expect(on.failures().toSorted()).toEqual(["EndpointDisabled", "EndpointNotFound"]);
    expect(on.simulator.control.phones.list()).toEqual([]);
  });

  it("disable every endpoint used with wrong credentials", async () => {
    const application = on.application("APNS_VOIP", "ios-call");
    const endpoints = await Promise.all(["aa", "bb", "cc"].map((pair) => on.endpoint(application, pair.repeat(32))));
    on.simulator.control.phones.setCredentials("ios-call", false);
    await Promise.all(endpoints.map((endpoint) => on.publish(endpoint, call, voipHeaders)));
    await on.simulator.control.settled();
    expect(on.failures()).toEqual(["InvalidPlatformToken", "InvalidPlatformToken", "InvalidPlatformToken"]);
    await expect(on.publish(endpoints[0] ?? "", call)).rejects.toMatchObject({ Code: "EndpointDisabled" });
  });
});

it("reports a vendor that does not answer, and leaves the endpoint enabled", async () => {
  const endpoint = await on.endpoint(on.application("GCM", "android"), androidToken);
  on.simulator.control.phones.setReachable("android", false);
  expect((await deliver(endpoint, fcm({ data: {} }))).failures).toEqual(["DeliveryFailedPerm"]);
  on.simulator.control.phones.setReachable("android", true);
  expect((await deliver(endpoint, fcm({ data: { n: "1" } }))).push?.payload).toEqual({ n: "1" });
});

it("gives each accepted push exactly one outcome, the same in pushes, events and ledger", async () => {
  const application = on.application("APNS_VOIP");
  const endpoints = await Promise.all(["aa", "bb", "cc"].map((pair) => on.endpoint(application, pair.repeat(32))));
  on.simulator.control.phones.uninstall("bb".repeat(32));
  on.simulator.control.set({ dwell: { minMs: 0, maxMs: 30, slow: { share: 0.2, ms: 1100 } } });
  const attempts = Array.from({ length: 60 }, (_, n) => on.publish(endpoints[n % 3] ?? "", call, ttl((n % 2) + 1)));
  const accepted = (await Promise.allSettled(attempts)).flatMap((each) =>
    each.status === "fulfilled" ? [each.value] : [],
  );
  await on.simulator.control.settled();
  const ledger = on.simulator.control.ledger();
  expect(ledger.map((entry) => entry.messageId).toSorted()).toEqual(accepted.toSorted());
  expect(on.simulator.control.phones.list()).toHaveLength(
    ledger.filter((entry) => entry.outcome === "delivered").length,
  );
  expect(on.failures()).toHaveLength(ledger.filter((entry) => entry.outcome !== "delivered").length);
});

it("keeps only the newest pushes, up to a limit", async () => {
  await on.close();
  on = await stage({ keep: 3 });
  const endpoint = await on.endpoint(on.application("GCM"), androidToken);
  for (const n of ["1", "2", "3", "4", "5"]) await deliver(endpoint, fcm({ data: { n } }));
  expect(on.simulator.control.phones.list().map((push) => push.payload["n"])).toEqual(["3", "4", "5"]);
  on.simulator.control.clear();
  expect(on.simulator.control.phones.list()).toEqual([]);
});
