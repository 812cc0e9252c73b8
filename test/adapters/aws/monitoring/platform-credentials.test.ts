import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awsPlatformCredentials } from "../../../../lambdas/adapters/aws/monitoring/platform-credentials.ts";
import { awsError } from "../../../support/aws/scripted-dynamo.ts";
import { scriptedSdk } from "../../../support/aws/scripted-sdk.ts";
import type { PlatformCredentials } from "../../../../lambdas/ports/monitoring.ts";
import { listen, type Listening } from "../../../../local/aws/listen.ts";

let answer = "";
let host: Listening;
let credentials: PlatformCredentials;
beforeAll(async () => {
  host = await listen(
    createServer((request, response) => void request.resume().on("end", () => response.end(answer))),
    0,
  );
  const options = {
    endpoint: host.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  };
  credentials = awsPlatformCredentials(new SNSClient(options), new SecretsManagerClient(options));
});
afterAll(() => host.close());

const CHANGED = Date.UTC(2026, 10, 1);
const CREATED = Date.UTC(2026, 0, 1);

describe("a credential's secret", () => {
  const described = (members: object) => (answer = JSON.stringify({ CreatedDate: CREATED / 1_000, ...members }));
  const tagged = (value: string) => ({
    LastChangedDate: CHANGED / 1_000,
    Tags: [
      { Key: "team", Value: "2001-01-01" },
      { Key: "push:expires", Value: value },
    ],
  });

  it.each([
    ["2027-03-31", Date.UTC(2027, 2, 31)],
    ["2027-03-31T12:00:00Z", Date.UTC(2027, 2, 31, 12)],
    ["31.3.2027", "unreadable"],
    ["never", "unreadable"],
    ["", "unreadable"],
  ])("with the tag push:expires %j expires at %s", async (tag, expiresAt) => {
    described(tagged(tag));
    expect(await credentials.secret("push/dev/ios-call")).toEqual({ changedAt: CHANGED, expiresAt });
  });

  it("without the tag has no known expiry, and its creation as last change", async () => {
    described({ Tags: [{ Key: "team", Value: "2001-01-01" }] });
    expect(await credentials.secret("push/dev/ios-call")).toEqual({ changedAt: CREATED, expiresAt: undefined });
    described({});
    expect(await credentials.secret("push/dev/ios-call")).toEqual({ changedAt: CREATED, expiresAt: undefined });
  });
});

describe("a platform application", () => {
  const attributes = (entries: Readonly<Record<string, string>>) => {
    const text = Object.entries(entries)
      .map(([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`)
      .join("");
    answer = `<R><GetPlatformApplicationAttributesResult><Attributes>${text}</Attributes></GetPlatformApplicationAttributesResult></R>`;
  };

  it.each([
    [{}, { enabled: true, expiresAt: undefined }],
    [{ Enabled: "false" }, { enabled: false, expiresAt: undefined }],
    [
      { Enabled: "true", AppleCertificateExpirationDate: "2027-03-31T00:00:00Z" },
      { enabled: true, expiresAt: Date.UTC(2027, 2, 31) },
    ],
  ])("with %j is %j", async (entries, seen) => {
    attributes(entries);
    expect(await credentials.application("arn:aws:sns:eu-central-1:111111111111:app/APNS/ios")).toEqual(seen);
  });
});

it("a refused read causes an error that names the call", async () => {
  const denied = awsError("AccessDeniedException");
  const refused = awsPlatformCredentials(
    scriptedSdk<SNSClient>(denied).client,
    scriptedSdk<SecretsManagerClient>(denied).client,
  );
  await expect(refused.application("arn:app")).rejects.toMatchObject({
    operation: "sns.GetPlatformApplicationAttributes",
    denied: true,
  });
  await expect(refused.secret("s")).rejects.toMatchObject({ operation: "secretsmanager.DescribeSecret", denied: true });
});
