import { beforeEach, describe, expect, it } from "vitest";
import { isOpen } from "../../../lambdas/core/push/breaker.ts";
import { deliveryEvents } from "../../../lambdas/usecases/push/delivery-events.ts";
import { NotYet } from "../../../lambdas/ports/errors.ts";
import { virtualClock } from "../../support/values/clock.ts";
import { failing } from "../../support/memory/failing.ts";
import { memoryPushStore } from "../../support/memory/memory-push.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";

const HOUR = 3_600_000;
const arn = (nth: number) => `arn:aws:sns:eu-central-1:111111111111:endpoint/GCM/phone/${nth}`;

function services(disabledTokensPerMinute = 3) {
  const clock = virtualClock();
  const store = memoryPushStore(clock);
  const outcomes = failing(store.outcomes, clock);
  const telemetry = rememberingTelemetry();
  const learn = deliveryEvents({ outcomes, telemetry, clock, limits: { disabledTokensPerMinute } });
  const event = (nth: number, FailureType?: string, changes: object = {}) => ({
    EndpointArn: arn(nth),
    EventType: "DeliveryFailure",
    FailureType,
    Time: new Date(clock.now()).toISOString(),
    ...changes,
  });
  return {
    clock,
    store,
    outcomes,
    telemetry,
    event,
    hear: (message: unknown) => clock.run(learn(message)),
    /** A device of app `android` that these domains use, with a wake-up that SNS has just accepted. */
    async device(nth: number, ...domains: readonly string[]) {
      for (const domain of domains) {
        const change = { app: "android", domain, usedAt: clock.now(), endpointArn: arn(nth), goodSince: clock.now() };
        await clock.run(store.devices.remember(`key ${nth}`, change, 100));
      }
    },
    async seen(nth: number, domain = "a.example.com") {
      const { device, breaker } = await clock.run(store.context.read({ deviceKey: `key ${nth}`, app: "android" }, 100));
      return { ...device?.seenBy(domain), breakerOpen: isOpen(breaker, clock.now()) };
    },
  };
}

let w: ReturnType<typeof services>;
beforeEach(async () => {
  w = services();
  await w.device(1, "a.example.com");
});

describe("an event", () => {
  it.each(["InvalidPlatformToken", "EndpointDisabled"])(
    "%s: marks the token as gone from the event's time",
    async (failure) => {
      const Time = new Date(w.clock.now() - 5_000).toISOString();
      await w.hear(w.event(1, failure, { Time }));
      expect((await w.seen(1)).goneAt).toBe(Date.parse(Time));
      expect(w.telemetry.count("Delivery", failure)).toBe(1);
    },
  );

  it("from before the endpoint was enabled again is ignored", async () => {
    const event = w.event(1, "EndpointDisabled");
    w.clock.advance(1_000);
    const enabled = { app: "android", domain: "a.example.com", usedAt: w.clock.now(), enabledAt: w.clock.now() };
    await w.clock.run(w.store.devices.remember("key 1", enabled, 100));
    await w.hear(event);
    expect((await w.seen(1)).goneAt).toBeUndefined();
    w.clock.advance(1_000);
    await w.hear(w.event(1, "EndpointDisabled"));
    expect((await w.seen(1)).goneAt).toBeDefined();
  });

  it.each([
    ["EndpointNotFound", {}],
    [undefined, { EventType: "EndpointDeleted" }],
  ])("%s %o: removes the endpoint from its row", async (failure, changes) => {
    await w.hear(w.event(1, failure, changes));
    expect(await w.seen(1)).toEqual({ breakerOpen: false });
  });

  it("of an unknown endpoint comes again for a minute, as its row may be new, and is then ignored", async () => {
    const events = [w.event(2, "EndpointDisabled"), w.event(2, undefined, { EventType: "EndpointDeleted" })];
    for (const event of events) await expect(w.hear(event)).rejects.toBeInstanceOf(NotYet);
    expect(w.telemetry.count("Delivery", "EndpointDisabled")).toBe(0);
    await w.hear(w.event(2, "EndpointNotFound", { Time: undefined }));
    expect(w.telemetry.count("Delivery", "EndpointNotFound")).toBe(1);
    w.clock.advance(60_000);
    for (const event of events) await w.hear(event);
    expect(w.telemetry.count("Delivery", "EndpointDisabled")).toBe(1);
    expect(await w.seen(1)).toMatchObject({ endpointArn: arn(1), goneAt: undefined });
  });

  it("of a row that is found a moment later is applied when it comes again", async () => {
    const event = w.event(2, "EndpointDisabled");
    await expect(w.hear(event)).rejects.toBeInstanceOf(NotYet);
    await w.device(2, "a.example.com");
    w.clock.advance(30_000);
    await w.hear(event);
    expect((await w.seen(2)).goneAt).toBeDefined();
  });

  it.each([
    ["NotificationTTLExpired", {}],
    ["DeliveryFailedPerm", {}],
    [undefined, { EventType: "EndpointCreated" }],
  ])("%s %o is counted without a read", async (failure, changes) => {
    await w.hear(w.event(1, failure, changes));
    expect(w.outcomes.calls).toEqual([]);
    const counted = [...w.telemetry.counts.keys()].filter((key) => key.startsWith("Delivery "));
    expect(counted).toHaveLength(1);
  });

  it.each([
    ["DeliveryFailedPerm", {}, 1],
    ["NotificationTTLExpired", {}, 1],
    ["InvalidNotification", {}, 1],
    ["InvalidPlatformToken", {}, 0],
    ["EndpointDisabled", {}, 0],
    ["EndpointNotFound", {}, 0],
    [undefined, { EventType: "EndpointUpdated" }, 0],
  ])("%s %o: a wake-up given up for another reason than its token counts %i", async (failure, changes, count) => {
    await w.hear(w.event(1, failure, changes));
    expect(w.telemetry.count("DeliveryTrouble", "")).toBe(count);
  });

  it.each([[null], ["text"], [{}], [{ Type: "Notification", Message: "not JSON" }]])(
    "%j is counted and dropped",
    async (message) => {
      await w.hear(message);
      expect(w.outcomes.calls).toEqual([]);
      expect(w.telemetry.count("Delivery", "unreadable")).toBe(1);
    },
  );

  it("comes again if a call fails, as the error reaches the queue", async () => {
    w.outcomes.fail("find", "throttled");
    await expect(w.hear(w.event(1, "EndpointDisabled"))).rejects.toMatchObject({ kind: "throttled" });
    w.outcomes.fail("markGone", "timeout");
    await expect(w.hear(w.event(1, "EndpointDisabled"))).rejects.toMatchObject({ kind: "timeout" });
  });
});

describe("a message that the vendor refuses", () => {
  it("is a strike for the only tenant", async () => {
    await w.hear(w.event(1, "InvalidNotification"));
    await w.hear(w.event(1, "InvalidNotification"));
    expect((await w.seen(1)).tenant).toMatchObject({ strikes: 2, struckAt: w.clock.now() - 15 });
  });

  it("is ignored if the token has several tenants", async () => {
    await w.device(2, "a.example.com", "b.example.com");
    await w.hear(w.event(2, "InvalidNotification"));
    for (const domain of ["a.example.com", "b.example.com"]) expect((await w.seen(2, domain)).tenant?.strikes).toBe(0);
  });
});

describe("mass disabling", () => {
  const many = [1, 2, 3, 4, 5];
  beforeEach(async () => {
    for (const nth of many) await w.device(nth, "a.example.com");
  });
  const goneOnes = async () => {
    const gone: boolean[] = [];
    for (const nth of many) gone.push((await w.seen(nth)).goneAt !== undefined);
    return gone;
  };

  it("of once-good tokens opens the breaker, and no more tokens are marked", async () => {
    w.clock.advance(HOUR);
    for (const nth of many) await w.hear(w.event(nth, "EndpointDisabled"));
    expect(await goneOnes()).toEqual([true, true, true, true, false]);
    expect((await w.seen(1)).breakerOpen).toBe(true);
    expect(w.telemetry.count("BreakerOpen", "")).toBe(2);
    w.clock.advance(10 * 60_000);
    expect((await w.seen(1)).breakerOpen).toBe(false);
    await w.hear(w.event(5, "EndpointDisabled"));
    expect(await goneOnes()).toEqual([true, true, true, true, true]);
  });

  it("is counted by token: repeated events of one token do not open it", async () => {
    w.clock.advance(HOUR);
    for (let told = 0; told < 50; told += 1) await w.hear(w.event(1, "EndpointDisabled"));
    const event = w.event(2, "InvalidPlatformToken");
    w.outcomes.fail("countDisabled", "timeout");
    await expect(w.hear(event)).rejects.toMatchObject({ kind: "timeout" });
    for (let brought = 0; brought < 5; brought += 1) await w.hear(event);
    expect(w.outcomes.count("countDisabled")).toBe(2);
    expect((await w.seen(1)).breakerOpen).toBe(false);
  });

  it("of tokens that SNS never accepted, or accepted within the hour, does not open it, as they may be invalid", async () => {
    for (const nth of many) await w.hear(w.event(nth, "EndpointDisabled"));
    expect(await goneOnes()).toEqual([true, true, true, true, true]);
    const failed = [11, 12, 13, 14, 15];
    for (const nth of failed) {
      const change = { app: "android", domain: "a.example.com", usedAt: w.clock.now(), endpointArn: arn(nth) };
      await w.clock.run(w.store.devices.remember(`key ${nth}`, change, 100));
    }
    w.clock.advance(HOUR);
    for (const nth of failed) await w.hear(w.event(nth, "EndpointDisabled"));
    expect(w.outcomes.count("countDisabled")).toBe(0);
    expect((await w.seen(1)).breakerOpen).toBe(false);
  });

  it("spread over minutes does not open it", async () => {
    w.clock.advance(HOUR);
    for (const nth of many) {
      await w.hear(w.event(nth, "EndpointDisabled"));
      w.clock.advance(30_000);
    }
    expect(await goneOnes()).toEqual([true, true, true, true, true]);
  });
});

describe("metrics and logs of an event", () => {
  const logged = () => w.telemetry.lines.map((line) => JSON.parse(line) as object);
  const GCM = "platform=GCM";

  it("record its outcome by platform, and the token that it marks", async () => {
    await w.hear(w.event(1, "EndpointDisabled"));
    expect(w.telemetry.metrics).toEqual([
      `Delivery 1 ${GCM} outcome=EndpointDisabled`,
      `Endpoint 1 ${GCM} outcome=disabled`,
    ]);
    expect(logged()).toEqual([
      { level: "info", message: "delivery event", platform: "GCM", outcome: "EndpointDisabled", app: "android" },
    ]);
  });

  it("record trouble by platform, and nothing more of an ignored event", async () => {
    await w.hear(w.event(1, "NotificationTTLExpired"));
    expect(w.telemetry.metrics).toEqual([
      `Delivery 1 ${GCM} outcome=NotificationTTLExpired`,
      `DeliveryTrouble 1 ${GCM}`,
    ]);
    expect(logged()).toEqual([]);
    await w.hear("text");
    expect(w.telemetry.metrics.at(-1)).toBe("Delivery 1 platform=unknown outcome=unreadable");
  });

  it("record the breaker, by platform, when it opens and while it is open", async () => {
    w = services(0);
    await w.device(1, "a.example.com");
    await w.device(2, "a.example.com");
    w.clock.advance(HOUR);
    await w.hear(w.event(1, "EndpointDisabled"));
    expect(w.telemetry.metrics.at(-1)).toBe(`BreakerOpen 1 ${GCM}`);
    expect(logged().at(-1)).toEqual({
      level: "error",
      message: "mass disabling of tokens, outcomes are not believed",
      app: "android",
      disabled: 1,
    });
    w.telemetry.metrics.length = 0;
    await w.hear(w.event(2, "EndpointDisabled"));
    expect(w.telemetry.metrics).toEqual([`Delivery 1 ${GCM} outcome=EndpointDisabled`, `BreakerOpen 1 ${GCM}`]);
  });
});

it("a token is once-good an hour after SNS accepted it, to the ms", async () => {
  const goodSince = w.clock.now() - 5; // the table's time at which the device was stored
  for (const [ms, counts] of [
    [HOUR - 1, 0],
    [HOUR, 1],
  ] as const) {
    await w.hear(w.event(1, "EndpointDisabled", { Time: new Date(goodSince + ms).toISOString() }));
    expect(w.outcomes.count("countDisabled")).toBe(counts);
    await w.clock.run(w.store.devices.forgetGone("key 1", 0, 100));
  }
});

it("an event of an unknown endpoint is returned to the queue while younger than a minute, to the ms, with the reason", async () => {
  const at = w.clock.now();
  const late = w.event(9, "EndpointDisabled", { Time: new Date(at).toISOString() });
  w.clock.advance(60_000 - 5 - 1); // looking for it takes 5 ms
  await expect(w.hear(late)).rejects.toThrow("the event's device is not known yet");
  w.clock.advance(at + 60_000 - 5 - w.clock.now());
  await expect(w.hear(late)).resolves.toBeUndefined();
});

it("a refused message of a device without tenants is ignored", async () => {
  const [goodSince, enabledAt] = [undefined, undefined];
  w.outcomes.plan("find", { answers: { key: "key 1", app: "android", goodSince, enabledAt, tenants: [] } });
  await w.hear(w.event(1, "InvalidNotification"));
  expect(w.outcomes.count("strike")).toBe(0);
});
