import { describe, expect, it } from "vitest";
import { credentialAttributes } from "../../../lambdas/core/push/platform-credential.ts";

const apns = { keyId: "KEY", teamId: "TEAM", p8: "-----BEGIN…" };
const fcm = {
  type: "service_account",
  project_id: "p",
  client_email: "a@p",
  private_key: "-----BEGIN…",
  token_uri: "u",
};

describe("credential of a platform application", () => {
  it("is token authentication for Apple, with the app's bundle", () => {
    const result = credentialAttributes(JSON.stringify(apns), "APNS_VOIP", "com.example.phone");
    expect(result).toEqual({
      ok: true,
      value: {
        PlatformPrincipal: "KEY",
        PlatformCredential: "-----BEGIN…",
        ApplePlatformTeamID: "TEAM",
        ApplePlatformBundleID: "com.example.phone",
      },
    });
  });

  it("is Google's file as downloaded", () => {
    const text = JSON.stringify(fcm, undefined, 2);
    expect(credentialAttributes(text, "GCM", "p")).toEqual({ ok: true, value: { PlatformCredential: text } });
  });

  it.each([
    ["APNS", "", "the credential secret is not a JSON object"],
    ["APNS", "-----BEGIN PRIVATE KEY-----", "the credential secret is not a JSON object"],
    ["GCM", "[]", "the credential secret is not a JSON object"],
    ["GCM", "null", "the credential secret is not a JSON object"],
    ["APNS", "5", "the credential secret is not a JSON object"],
    ["GCM", '"text"', "the credential secret is not a JSON object"],
    ["APNS_SANDBOX", JSON.stringify({ ...apns, p8: "" }), "the credential secret lacks p8"],
    ["APNS", JSON.stringify({ ...apns, keyId: 7, teamId: null }), "the credential secret lacks keyId, teamId"],
    ["APNS", JSON.stringify({ ...apns, keyId: "" }), "the credential secret lacks keyId"],
    ["APNS", JSON.stringify({ ...apns, teamId: undefined }), "the credential secret lacks teamId"],
    ["GCM", JSON.stringify({ ...fcm, client_email: "" }), "the credential secret lacks client_email"],
    ["APNS", JSON.stringify(fcm), "the credential secret lacks keyId, teamId, p8"],
    ["GCM", JSON.stringify(apns), "the credential secret lacks type, project_id, private_key, client_email"],
  ] as const)("%s: %s is refused with a text that quotes none of it", (platform, text, error) => {
    expect(credentialAttributes(text, platform, "com.example.phone")).toEqual({ ok: false, error });
  });
});
