import { PublishCommand, type PublishCommandInput } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, androidToken, fcm, iosToken, region, type Stage, stage, voipHeaders } from "./support.ts";

let on: Stage;
beforeEach(async () => {
  on = await stage();
});
afterEach(() => on.close());

const send = (input: Partial<PublishCommandInput>) => on.sns.send(new PublishCommand({ Message: "{}", ...input }));
const payloadOf = (bytes: number): string => {
  const frame = JSON.stringify({ aps: {}, payload: "" });
  return JSON.stringify({ aps: {}, payload: "x".repeat(bytes - frame.length) });
};
const invalid = (message: string) => ({
  Code: "InvalidParameter",
  Type: "Sender",
  message: `Invalid parameter: ${message}`,
});

describe("Publish refuses", () => {
  it.each(["NotFound", "InvalidParameter"] as const)("an endpoint that is gone (%s)", async (missingEndpoint) => {
    on.simulator.control.set({ missingEndpoint });
    const endpoint = await on.endpoint(on.application("APNS"), iosToken);
    await on.remove(endpoint);
    await expect(on.publish(endpoint, "{}")).rejects.toMatchObject({
      Code: missingEndpoint,
      message: expect.stringContaining("No endpoint found for the target arn specified") as string,
    });
  });

  it("a disabled endpoint and a disabled platform application", async () => {
    const application = on.application("APNS");
    const endpoint = await on.endpoint(application, iosToken);
    await on.disable(endpoint);
    const status = { $metadata: { httpStatusCode: 400 } };
    await expect(on.publish(endpoint, "{}")).rejects.toMatchObject({ name: "EndpointDisabledException", ...status });
    await on.enable(endpoint);
    on.simulator.control.setApplicationEnabled(application, false);
    await expect(on.publish(endpoint, "{}")).rejects.toMatchObject({
      name: "PlatformApplicationDisabledException",
      ...status,
    });
  });

  it.each([
    ["APNS", 4096, "Notification is too long"],
    ["APNS_VOIP", 5120, "Notification is too long"],
    ["GCM", 4096, "Notification data is larger than allowed limit"],
  ] as const)("a body over the limit of %s: %d bytes", async (platform, limit, message) => {
    const endpoint = await on.endpoint(on.application(platform), platform === "GCM" ? androidToken : iosToken);
    // FCM counts keys and values; "payload" is 7 bytes long.
    const body = (bytes: number) =>
      platform === "GCM" ? fcm({ data: { payload: "ü".repeat((bytes - 7) / 2) + "x" } }) : payloadOf(bytes);
    await expect(on.publish(endpoint, body(limit))).resolves.toMatch(/^[\w-]{36}$/u);
    await expect(on.publish(endpoint, body(limit + (platform === "GCM" ? 2 : 1)))).rejects.toMatchObject(
      invalid(`Message Reason: Invalid notification for protocol ${platform}: ${message}`),
    );
  });

  it("a message over 256 KB with its attributes, an empty one, and one that must be JSON and is not", async () => {
    const TargetArn = await on.endpoint(on.application("APNS"), iosToken);
    const MessageAttributes = { a: { DataType: "String", StringValue: "1" } };
    await expect(send({ TargetArn, MessageAttributes, Message: "x".repeat(262_144) })).rejects.toMatchObject(
      invalid("Message too long"),
    );
    await expect(send({ TargetArn, Message: "" })).rejects.toMatchObject(invalid("Empty message"));
    for (const [Message, reason] of [
      ["{", "JSON message body failed to parse"],
      ["[]", "JSON message body failed to parse"],
      [JSON.stringify({ GCM: "{}" }), "No default entry in JSON message body"],
      [JSON.stringify({ APNS: { aps: {} } }), "No default entry in JSON message body"],
      ['{"__proto__":{"default":"x"}}', "No default entry in JSON message body"],
    ] as const) {
      await expect(send({ TargetArn, Message, MessageStructure: "json" })).rejects.toMatchObject(
        invalid(`Message Structure - ${reason}`),
      );
    }
  });

  it.each([
    ["no JSON", "{", "Notification is malformed"],
    [
      "fcmV1Message as text",
      JSON.stringify({ fcmV1Message: "{}" }),
      "fcmV1Message must be an object that holds a message",
    ],
    ["no message", JSON.stringify({ fcmV1Message: {} }), "fcmV1Message must be an object that holds a message"],
  ])("an FCM body with %s", async (_, body, reason) => {
    const endpoint = await on.endpoint(on.application("GCM"), androidToken);
    await expect(on.publish(endpoint, body)).rejects.toMatchObject(
      invalid(`Message Reason: Invalid notification for protocol GCM: ${reason}`),
    );
  });

  it("a TTL that is not a number of seconds, an attribute without a value, no target, an unknown action", async () => {
    const endpoint = await on.endpoint(on.application("APNS"), iosToken);
    await expect(on.publish(endpoint, "{}", { "AWS.SNS.MOBILE.APNS.TTL": "soon" })).rejects.toMatchObject({
      Code: "InvalidParameter",
    });
    const MessageAttributes = { empty: { DataType: "String", StringValue: "" } };
    await expect(send({ TargetArn: endpoint, MessageAttributes })).rejects.toMatchObject({ Code: "InvalidParameter" });
    await expect(send({})).rejects.toMatchObject({ Code: "InvalidParameter" });
    const unknown = await on.simulator.handle({ method: "POST", headers: {}, body: "Action=constructor" });
    expect(unknown).toMatchObject({
      status: 400,
      body: expect.stringContaining("<Code>InvalidAction</Code>") as string,
    });
  });
});

describe("throttling", () => {
  it("answers Throttled above the configured rate, for endpoints and Publish separately, and recovers with time", async () => {
    await on.close();
    let now = 1_800_000_000_000;
    on = await stage({ clock: { now: () => now } });
    const endpoint = await on.endpoint(on.application("GCM"), androidToken);
    on.simulator.control.set({ throttle: { publish: 5, endpoints: 2 } });
    const burst = async (count: number) => {
      const results = await Promise.allSettled(
        Array.from({ length: count }, () => on.publish(endpoint, fcm({ data: {} }))),
      );
      return results.map((each) =>
        each.status === "fulfilled" ? "ok" : (each.reason as { name: string; Code: string }).Code,
      );
    };
    expect((await burst(8)).toSorted()).toEqual(["Throttled", "Throttled", "Throttled", "ok", "ok", "ok", "ok", "ok"]);
    now += 400;
    expect((await burst(3)).toSorted()).toEqual(["Throttled", "ok", "ok"]);
    const create = (n: number) => on.endpoint(`arn:aws:sns:${region}:${account}:app/GCM/gcm`, `token-${n}`);
    const created = await Promise.allSettled([1, 2, 3].map(create));
    expect(created.filter((each) => each.status === "rejected")).toMatchObject([
      { reason: { name: "ThrottledException", message: "Rate exceeded", $metadata: { httpStatusCode: 429 } } },
    ]);
  });
});

describe("faults", () => {
  it("fail a call, delay it, or carry it out and report a failure", async () => {
    await on.close();
    const faults = [
      { code: "InternalError" },
      { code: "InternalError", taken: true },
      { latencyMs: 120 },
      { code: "Throttling", status: 400, message: "Rate exceeded" },
    ];
    on = await stage({ fault: (action) => (action === "Publish" ? faults.shift() : undefined) });
    const endpoint = await on.endpoint(on.application("APNS_VOIP"), iosToken);
    const publish = () => on.publish(endpoint, JSON.stringify({ aps: {} }), voipHeaders);
    const arrived = async () => {
      await on.simulator.control.settled();
      return on.simulator.control.phones.list().length;
    };
    await expect(publish()).rejects.toMatchObject({
      name: "InternalErrorException",
      $metadata: { httpStatusCode: 500 },
    });
    expect(await arrived()).toBe(0);
    await expect(publish()).rejects.toMatchObject({ Code: "InternalError" });
    expect(await arrived()).toBe(1);
    const before = performance.now();
    await publish();
    expect(performance.now() - before).toBeGreaterThanOrEqual(119);
    expect(await arrived()).toBe(2);
    await expect(publish()).rejects.toMatchObject({ Code: "Throttling", message: "Rate exceeded" });
  });
});
