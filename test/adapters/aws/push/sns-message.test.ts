import { describe, expect, it } from "vitest";
import { snsMessage } from "../../../../lambdas/adapters/aws/push/sns-message.ts";
import type { ApnsMessage } from "../../../../lambdas/core/push/message.ts";

const text = (value: string) => ({ DataType: "String", StringValue: value });
const payload = '{"aps":{},"payload":"\\u00fc"}';

describe("a message in SNS's format", () => {
  it.each(["APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX"] as const)(
    "to %s has its payload under that name, its headers as attributes",
    (platform) => {
      const message: ApnsMessage = {
        platform,
        payload,
        pushType: "voip",
        priority: 10,
        topic: "com.example.phone.voip",
        collapseId: "id",
        ttl: 7,
      };
      expect(snsMessage(message)).toEqual({
        MessageStructure: "json",
        Message: JSON.stringify({ default: "", [platform]: payload }),
        MessageAttributes: {
          "AWS.SNS.MOBILE.APNS.PUSH_TYPE": text("voip"),
          "AWS.SNS.MOBILE.APNS.PRIORITY": text("10"),
          "AWS.SNS.MOBILE.APNS.TOPIC": text("com.example.phone.voip"),
          "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": text("id"),
          [`AWS.SNS.MOBILE.${platform}.TTL`]: text("7"),
        },
      });
    },
  );

  it("to GCM is an fcmV1Message, with its TTL in both places", () => {
    const message = { data: { id: "id", payload: "{}" }, android: { priority: "high", ttl: "7s" } } as const;
    expect(snsMessage({ platform: "GCM", message, ttl: 7 })).toEqual({
      MessageStructure: "json",
      Message: JSON.stringify({ default: "", GCM: JSON.stringify({ fcmV1Message: { message } }) }),
      MessageAttributes: { "AWS.SNS.MOBILE.FCM.TTL": text("7") },
    });
  });

  it("to the canary's topic is one text for every subscriber", () => {
    expect(snsMessage({ platform: "CANARY", payload, ttl: 7 })).toEqual({
      MessageStructure: "json",
      Message: JSON.stringify({ default: payload }),
      MessageAttributes: {},
    });
  });
});
