import {
  CreatePlatformEndpointCommand,
  GetEndpointAttributesCommand,
  ListEndpointsByPlatformApplicationCommand,
  paginateListEndpointsByPlatformApplication,
  SetEndpointAttributesCommand,
} from "@aws-sdk/client-sns";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { androidToken, eventOf, iosToken, type Stage, stage } from "./support.ts";

let on: Stage;
beforeEach(async () => {
  on = await stage();
});
afterEach(() => on.close());

const attributesOf = async (EndpointArn: string) =>
  (await on.sns.send(new GetEndpointAttributesCommand({ EndpointArn }))).Attributes;

const different = "already exists with the same Token, but different attributes.";

describe("CreatePlatformEndpoint", () => {
  it("returns one ARN for one token, whatever the case of an iOS token, and stores it in lower case", async () => {
    const application = on.application("APNS");
    const arn = await on.endpoint(application, iosToken);
    expect(await on.endpoint(application, iosToken)).toBe(arn);
    expect(await on.endpoint(application, iosToken.toUpperCase())).toBe(arn);
    expect(await attributesOf(arn)).toEqual({ Enabled: "true", Token: iosToken });
    expect(await on.endpoint(on.application("APNS", "other"), iosToken)).not.toBe(arn);
  });

  it("succeeds on a disabled endpoint without enabling it, and fails if Enabled is given", async () => {
    const application = on.application("APNS");
    const arn = await on.endpoint(application, iosToken);
    await on.disable(arn);
    expect(await on.endpoint(application, iosToken)).toBe(arn);
    expect((await attributesOf(arn))?.["Enabled"]).toBe("false");
    const create = new CreatePlatformEndpointCommand({
      PlatformApplicationArn: application,
      Token: iosToken,
      Attributes: { Enabled: "true" },
    });
    await expect(on.sns.send(create)).rejects.toMatchObject({
      Code: "InvalidParameter",
      message: `Invalid parameter: Token Reason: Endpoint ${arn} ${different}`,
    });
  });

  it.each([
    ["APNS", "ab".repeat(31), "iOS device tokens must be no more than 400 hexadecimal characters"],
    ["APNS_VOIP", "ab".repeat(201), "iOS device tokens must be no more than 400 hexadecimal characters"],
    ["APNS", "xy".repeat(32), "iOS device tokens must be no more than 400 hexadecimal characters"],
    ["GCM", "x".repeat(8193), "must be at most 8192 bytes long in UTF-8 encoding"],
    ["GCM", "line\nbreak", "must contain printable characters only"],
    ["GCM", "", "cannot be empty"],
  ] as const)("refuses a bad %s token", async (platform, token, reason) => {
    await expect(on.endpoint(on.application(platform), token)).rejects.toMatchObject({
      Code: "InvalidParameter",
      message: `Invalid parameter: Token Reason: ${reason}`,
    });
  });

  it("accepts any well-formed token and returns it unchanged", async () => {
    const application = on.application("GCM");
    const printable = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 200,
    });
    await fc.assert(
      fc.asyncProperty(printable, async (token) => {
        expect((await attributesOf(await on.endpoint(application, token)))?.["Token"]).toBe(token);
      }),
      { numRuns: 50 },
    );
  });
});

it("returns CustomUserData unchanged", async () => {
  const arn = await on.endpoint(on.application("GCM"), androidToken);
  const legal = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u.test(text) && text.trim() === text);
  await fc.assert(
    fc.asyncProperty(legal, async (CustomUserData) => {
      await on.sns.send(new SetEndpointAttributesCommand({ EndpointArn: arn, Attributes: { CustomUserData } }));
      expect((await attributesOf(arn))?.["CustomUserData"]).toBe(CustomUserData);
    }),
    { numRuns: 100 },
  );
});

it("moves an endpoint to a new token, but not to one that another endpoint holds", async () => {
  const application = on.application("GCM");
  const [first, second] = [await on.endpoint(application, "first"), await on.endpoint(application, "second")];
  const move = (Token: string) =>
    on.sns.send(new SetEndpointAttributesCommand({ EndpointArn: first, Attributes: { Token } }));
  await expect(move("second")).rejects.toMatchObject({
    message: "Invalid parameter: This endpoint is already registered with a different token.",
  });
  await move("third");
  expect(await on.endpoint(application, "third")).toBe(first);
  expect(await on.endpoint(application, "first")).not.toBe(first);
  expect(await on.endpoint(application, "second")).toBe(second);
});

it("applies attribute changes after a configured lag", async () => {
  on.simulator.control.set({ attributeLagMs: 500 });
  const arn = await on.endpoint(on.application("GCM"), androidToken);
  await on.disable(arn);
  expect((await attributesOf(arn))?.["Enabled"]).toBe("true");
  await on.simulator.control.settled();
  expect((await attributesOf(arn))?.["Enabled"]).toBe("false");
});

it("reports endpoints created, updated and deleted, once each", async () => {
  const application = on.application("GCM");
  const arn = await on.endpoint(application, androidToken);
  await on.endpoint(application, androidToken);
  await on.disable(arn);
  await on.remove(arn);
  await on.remove(arn);
  await on.simulator.control.settled();
  const told = on.queued.map(({ body }) => eventOf(body));
  expect(told.map((event) => event["EventType"])).toEqual(["EndpointCreated", "EndpointUpdated", "EndpointDeleted"]);
  for (const event of told) expect(event).toMatchObject({ EndpointArn: arn, Resource: application, Service: "SNS" });
});

it("lists endpoints in pages of 100", async () => {
  const application = on.application("GCM");
  const arns = [];
  for (let n = 0; n < 230; n += 1) arns.push(await on.endpoint(application, `token-${n}`));
  const first = await on.sns.send(
    new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: application }),
  );
  expect(first.Endpoints).toHaveLength(100);
  const listed = [];
  for await (const page of paginateListEndpointsByPlatformApplication(
    { client: on.sns },
    { PlatformApplicationArn: application },
  )) {
    listed.push(...(page.Endpoints ?? []).map((endpoint) => endpoint.EndpointArn));
  }
  expect(listed).toEqual(arns);
});
