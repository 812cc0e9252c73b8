import { describe, expect, it } from "vitest";
import {
  isDeliveryTrouble,
  outcomeOf,
  parseDeliveryEvent,
  platformOf,
} from "../../../lambdas/core/push/delivery-event.ts";
import { NOON } from "../../support/values/clock.ts";

describe("a delivery event", () => {
  const event = {
    DeliveryAttempts: 1,
    EndpointArn: "arn:aws:sns:eu-central-1:111111111111:endpoint/APNS_VOIP/phone/1",
    EventType: "DeliveryFailure",
    FailureType: "InvalidPlatformToken",
    Time: "2026-11-02T11:59:58.500Z",
  };
  const read = {
    endpointArn: event.EndpointArn,
    event: "DeliveryFailure",
    failure: "InvalidPlatformToken",
    at: NOON - 1_500,
    dated: true,
  };

  it("is read with or without SNS's envelope", () => {
    expect(parseDeliveryEvent(event, NOON)).toEqual(read);
    expect(parseDeliveryEvent({ Type: "Notification", Message: JSON.stringify(event), MessageId: "1" }, NOON)).toEqual(
      read,
    );
  });

  it.each([[undefined], ["yesterday"], [5], [""]])("gets the time of receipt if it has none: %j", (Time) => {
    expect(parseDeliveryEvent({ ...event, Time }, NOON)).toMatchObject({ at: NOON, dated: false });
  });

  it.each([
    [null],
    [undefined],
    ["text"],
    [5],
    [[]],
    [{}],
    [{ ...event, EndpointArn: 5 }],
    [{ ...event, EventType: undefined }],
    [{ Type: "Notification", Message: "not json" }],
    [{ Type: "Notification", Message: "null" }],
    [{ Type: "Notification", Message: 5 }],
    [{ Type: "SubscriptionConfirmation", Message: JSON.stringify(event) }],
  ])("cannot be read from %j", (message) => expect(parseDeliveryEvent(message, NOON)).toBeUndefined());

  it.each([[undefined], [5], [{}]])("has no failure if that is not a string: %j", (FailureType) => {
    expect(parseDeliveryEvent({ ...event, FailureType }, NOON)).toMatchObject({ failure: "" });
  });

  it.each([
    ["DeliveryFailure", "InvalidPlatformToken", "gone"],
    ["DeliveryFailure", "EndpointDisabled", "gone"],
    ["DeliveryFailure", "EndpointNotFound", "endpoint-lost"],
    ["DeliveryFailure", "InvalidNotification", "bad-message"],
    ["DeliveryFailure", "NotificationTTLExpired", "none"],
    ["DeliveryFailure", "DeliveryFailedPerm", "none"],
    ["DeliveryFailure", "constructor", "none"],
    ["EndpointDeleted", "", "endpoint-lost"],
    ["EndpointCreated", "", "none"],
    ["EndpointUpdated", "", "none"],
  ])("%s %s teaches %s", (name, failure, lesson) => {
    const parsed = parseDeliveryEvent({ ...event, EventType: name, FailureType: failure || undefined }, NOON);
    expect(parsed && outcomeOf(parsed)).toBe(lesson);
  });

  // docs/operate/runbook.md, deliveries-fail: given up, although the token may be good.
  it.each([
    ["DeliveryFailure", "InvalidPlatformToken", false],
    ["DeliveryFailure", "EndpointDisabled", false],
    ["DeliveryFailure", "EndpointNotFound", false],
    ["DeliveryFailure", "InvalidNotification", true],
    ["DeliveryFailure", "NotificationTTLExpired", true],
    ["DeliveryFailure", "", true],
    ["EndpointDeleted", "", false],
    ["EndpointCreated", "", false],
    ["EndpointUpdated", "InvalidNotification", false],
  ])("%s %s counts as trouble: %s", (name, failure, trouble) =>
    expect(isDeliveryTrouble({ ...read, event: name, failure })).toBe(trouble),
  );

  it("names the platform", () => {
    expect([platformOf(event.EndpointArn), platformOf("nonsense")]).toEqual(["APNS_VOIP", "unknown"]);
  });
});
