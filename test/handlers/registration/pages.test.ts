import { describe, expect, it } from "vitest";
import { otherPushUrl } from "../../../lambdas/handlers/registration/pages.ts";
import { readerOf } from "../../../lambdas/handlers/shared/html.ts";
import { connectPage } from "../../../lambdas/views/registration/connect.tsx";

const page = (language: string, addresses: Parameters<typeof otherPushUrl>[0]) => {
  const request = { headers: { "accept-language": language }, query: new URLSearchParams(), path: "/push/connect" };
  return connectPage(readerOf(request as unknown as Parameters<typeof readerOf>[0]), otherPushUrl(addresses));
};

describe("the Connect window", () => {
  it.each([
    ["en", "If the Push object stays offline, enter https://abc.execute-api.eu-central-1.amazonaws.com/push instead."],
    [
      "de",
      "Bleibt das Push-Objekt offline, tragen Sie stattdessen https://abc.execute-api.eu-central-1.amazonaws.com/push ein.",
    ],
  ])("names the second URL to try where there is no host name: %s", (language, text) => {
    const addresses = {
      publicUrl: "https://xyz.execute-api.eu-central-1.amazonaws.com",
      pushUrl: "https://abc.execute-api.eu-central-1.amazonaws.com/push/ws",
    };
    expect(page(language, addresses)).toContain(text);
  });

  it("names one URL behind a host name, which serves both paths", () => {
    const addresses = { publicUrl: "https://push.example.com", pushUrl: "https://push.example.com/push/ws" };
    expect(page("en", addresses)).not.toContain("stays offline");
  });
});
