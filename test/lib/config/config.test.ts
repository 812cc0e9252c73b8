import { describe, expect, it } from "vitest";
import { ConfigError, readStage, type StageInput } from "../../../lib/config.ts";
import { stages } from "../../../stages.ts";

const minimal: StageInput = { mail: { identity: "example.com", from: "push@example.com" } };
const voip = { id: "ios-call", platform: "APNS_VOIP", bundle: "com.example.phone", credentialSecret: "s" } as const;
const fcm = { id: "android", platform: "GCM", bundle: "example-phone", credentialSecret: "s" } as const;

/** Lines of the error for a stage `x` with that content. */
function complaints(input: unknown): readonly string[] {
  try {
    readStage("x", { x: input as StageInput });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("configuration", () => {
  it.each(Object.keys(stages))("accepts stage %s of stages.ts", (name) => {
    expect(readStage(name, stages).name).toBe(name);
  });

  it("requires only an email sender", () => {
    expect(readStage("x", { x: minimal })).toMatchObject({
      region: "eu-central-1",
      apps: [],
      keepAlive: "mock",
      deadlineMs: 3_000,
      removal: "retain",
      limits: {
        mailsPerAddressPerHour: 3,
        mailsPerAddressPerDay: 10,
        mailsPerDomainPerHour: 3,
        mailsPerDomainPerDay: 10,
      },
    });
  });

  it.each<[string, unknown, string]>([
    ["no mail", {}, "stages.x.mail: missing: { identity, from } of the emails the service sends"],
    [
      "a sender in capital letters",
      { mail: { identity: "example.com", from: "PBX Push <Push@example.com>" } },
      "stages.x.mail.from: Push@example.com has capital letters, which IAM tells apart: write it in lower case",
    ],
    [
      "a sender that differs from its address by a capital letter",
      { mail: { identity: "Push@example.com", from: "push@example.com" } },
      "stages.x.mail.from: push@example.com is not covered by mail.identity Push@example.com: use a sender of that identity",
    ],
    [
      "a MAIL FROM domain of an identity that exists already",
      { mail: { ...minimal.mail, existing: true, mailFromDomain: "bounce.example.com" } },
      "stages.x.mail.mailFromDomain: is a property of the identity, which mail.existing says is managed elsewhere: set it there, or leave mail.existing out",
    ],
    [
      "a zone for the records of an identity that exists already",
      { mail: { ...minimal.mail, existing: true }, hostedZone: { id: "Z1", name: "example.com" } },
      "stages.x.hostedZone: nothing uses it: the records of an identity that exists already are yours to keep; set hostName, or leave it out",
    ],
    [
      "no sender",
      { mail: { identity: "example.com" } },
      'stages.x.mail.from: missing: the verified sender in lower case, such as push@example.com or "PBX Push <push@example.com>"',
    ],
    [
      "a sender of another domain",
      { mail: { identity: "example.com", from: "push@example.org" } },
      "stages.x.mail.from: push@example.org is not covered by mail.identity example.com: use a sender of that identity",
    ],
    [
      "a sender of a domain that only has the same ending",
      { mail: { identity: "example.com", from: "push@badexample.com" } },
      "stages.x.mail.from: push@badexample.com is not covered by mail.identity example.com: use a sender of that identity",
    ],
    [
      "fallbacks of the edge without an edge",
      {
        ...minimal,
        fallbacks: {
          certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef",
        },
      },
      "stages.x.fallbacks.certificateArn: only hostName has a certificate of its own: set hostName, or leave it out",
    ],
    [
      "a certificate that CloudFront cannot use",
      {
        ...minimal,
        hostName: "push.example.com",
        fallbacks: { certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/0" },
      },
      "stages.x.fallbacks.certificateArn: has the wrong form: the ARN of a certificate for hostName in ACM, Region us-east-1, such as one imported from another authority",
    ],
    [
      "no CloudFront to strip the deflate offer",
      { ...minimal, fallbacks: { deflate: "stripped" } },
      "stages.x.fallbacks.deflate: only CloudFront, in front of hostName, can strip it: set hostName, or leave it out",
    ],
    [
      "a fallback that does not exist",
      { ...minimal, fallbacks: { rights: "all" } },
      'stages.x.fallbacks.rights: must be exact or wide: "wide": SNS and SES calls on any resource, no function held to its own rows of a table',
    ],
    ...[
      { alarmAddress: "ops@example.com" },
      { alarmTopic: "arn:aws:sns:eu-central-1:123456789012:alarms", runbookUrl: "/here" },
    ].map((told): [string, unknown, string] => [
      `alarms without a runbook to read: ${JSON.stringify(told)}`,
      { ...minimal, ...told },
      "stages.x.runbookUrl: alarms go to someone, so it is needed: https URL where docs/operate/runbook.md can be read, without an anchor",
    ]),
    ...[
      { contact: "nobody" },
      { contact: "support@example.com?bcc=all@example.com" },
      { contact: "javascript:alert(1)@example.com" },
    ].map((operator): [string, unknown, string] => [
      `an invalid contact: ${operator.contact}`,
      { ...minimal, operator },
      "stages.x.operator.contact: has the wrong form: email address, or https URL of your contact page",
    ]),
    [
      "a help page over plain http",
      { ...minimal, operator: { help: "http://example.com/help" } },
      "stages.x.operator.help: has the wrong form: https URL of your page with help; {language} in it becomes en or de",
    ],
    [
      "a name with tags",
      { ...minimal, operator: { name: "<b>Push</b>" } },
      'stages.x.operator.name: has the wrong form: what pages and emails call the service, such as "Example Telecom Push"',
    ],
    [
      "a bounce domain for an address",
      { mail: { identity: "push@example.com", from: "push@example.com", mailFromDomain: "bounce.example.com" } },
      "stages.x.mail.mailFromDomain: needs a domain as mail.identity, not an address",
    ],
    [
      "a bounce domain outside the identity",
      { mail: { ...minimal.mail, mailFromDomain: "bounce.example.org" } },
      "stages.x.mail.mailFromDomain: must be a subdomain of mail.identity, such as bounce.example.com",
    ],
    [
      "an unknown Region",
      { ...minimal, region: "Frankfurt" },
      expect.stringMatching(
        /^stages\.x\.region: Frankfurt offers no SNS mobile push: one of eu-central-1, /u,
      ) as string,
    ],
    [
      "a Region without mobile push",
      { ...minimal, region: "eu-central-2" },
      expect.stringMatching(/^stages\.x\.region: eu-central-2 offers no SNS mobile push: /u) as string,
    ],
    [
      "a Region of GovCloud",
      { ...minimal, region: "us-gov-west-1" },
      expect.stringMatching(/^stages\.x\.region: us-gov-west-1 is in AWS GovCloud, which/u) as string,
    ],
    [
      "a Region of China",
      { ...minimal, region: "cn-north-1" },
      expect.stringMatching(/^stages\.x\.region: cn-north-1 is in AWS China, which/u) as string,
    ],
    [
      "a Region without SES",
      { ...minimal, region: "ap-east-1" },
      expect.stringMatching(/^stages\.x\.region: ap-east-1 has no SES, /u) as string,
    ],
    [
      "a host name too long for a certificate",
      { ...minimal, hostName: `${"a".repeat(40)}.${"b".repeat(12)}.example.com` },
      "stages.x.hostName: has 65 characters, and ACM issues certificates for 64 at most: use a shorter name",
    ],
    [
      "a topic for alarms in another Region",
      {
        ...minimal,
        alarmTopic: "arn:aws:sns:us-east-1:123456789012:alarms",
        runbookUrl: "https://git.example.com/runbook.md",
      },
      "stages.x.alarmTopic: is in us-east-1, and alarms tell topics of their own Region only: name one in eu-central-1",
    ],
    [
      "a firewall without a host name",
      { ...minimal, waf: { requests: 100 } },
      "stages.x.waf: the firewall stands before hostName only: set hostName, or leave it out",
    ],
    [
      "more execution environments kept warm than reserved",
      { ...minimal, functions: { push: { reserved: 2, provisioned: 3 } } },
      "stages.x.functions.push.provisioned: 3 cannot be kept warm of 2 reserved: at most functions.push.reserved",
    ],
    [
      "more reserved than the account's quota allows",
      { ...minimal, functions: { push: { reserved: 500 }, session: { reserved: 401 } } },
      "stages.x.functions: reserve 901 of quotas.concurrency 1000, and 100 must stay for all: reserve less, or raise the quota and write it there",
    ],
    [
      "a zone for an email address in it",
      {
        mail: { identity: "push@mail.example.com", from: "push@mail.example.com" },
        hostedZone: { id: "Z1", name: "example.com" },
      },
      "stages.x.hostedZone: nothing uses it: set hostName, or a mail.identity inside the zone, or leave it out",
    ],
    [
      "an account as a number",
      { ...minimal, account: 123456789012 },
      "stages.x.account: must be a text: the AWS account's 12 digits, or leave it out: then the credentials decide",
    ],
    [
      "a misspelt key",
      { ...minimal, hostname: "push.example.com" },
      "stages.x.hostname: unknown key: remove it or correct its spelling",
    ],
    [
      "a misspelt nested key",
      { mail: { ...minimal.mail, form: "" } },
      "stages.x.mail.form: unknown key: remove it or correct its spelling",
    ],
    [
      "a host name outside its zone",
      { ...minimal, hostName: "push.example.org", hostedZone: { id: "Z1", name: "example.com" } },
      "stages.x.hostName: push.example.org is not in hostedZone example.com: name a host inside it, or its own zone",
    ],
    [
      "a zone that nothing uses",
      { ...minimal, hostedZone: { id: "Z1", name: "example.org" } },
      "stages.x.hostedZone: nothing uses it: set hostName, or a mail.identity inside the zone, or leave it out",
    ],
    [
      "a limit of 0",
      { ...minimal, limits: { mailsPerDay: 0 } },
      "stages.x.limits.mailsPerDay: must be at least 1: a count, at least 1",
    ],
    [
      "half an MB",
      { ...minimal, functions: { push: { memory: 512.5 } } },
      "stages.x.functions.push.memory: must be a whole number: memory in MB",
    ],
    [
      "a call that lives too long",
      { ...minimal, apps: [{ ...voip, callTtl: 30 }] },
      "stages.x.apps.0.callTtl: must be at most 8: longest life of a call's wake-up in seconds, 2 to 8",
    ],
    [
      "an app id that no token can contain",
      { ...minimal, apps: [{ ...voip, id: "iOS:call" }] },
      "stages.x.apps.0.id: has the wrong form: name of the app in push tokens: 1 to 64 of a-z 0-9 - _",
    ],
    [
      "the same app id twice",
      { ...minimal, apps: [voip, { ...fcm, id: "ios-call" }] },
      'stages.x.apps.1.id: "ios-call" is also apps.0.id: ids must differ',
    ],
    [
      "two defaults for Apple",
      {
        ...minimal,
        apps: [
          { ...voip, default: true },
          { ...voip, id: "ios", platform: "APNS", default: true },
        ],
      },
      "stages.x.apps.1.default: apps.0 is already the default for this vendor: keep one of them",
    ],
    [
      "an app without bundle",
      { ...minimal, apps: [{ ...voip, bundle: undefined }] },
      "stages.x.apps.0.bundle: missing: bundle id of the iOS app, or id of the Firebase project",
    ],
    [
      "an app without credential",
      { ...minimal, apps: [{ ...voip, credentialSecret: undefined }] },
      "stages.x.apps.0.credentialSecret: missing: name of the Secrets Manager secret with the app's credential",
    ],
    [
      "a credential and a dummy",
      { ...minimal, dummyCredentials: true, apps: [voip] },
      "stages.x.apps.0.credentialSecret: contradicts dummyCredentials, which is for simulated SNS: drop one of them",
    ],
    [
      "a payload too large",
      { ...minimal, apps: [{ ...fcm, maxPayload: 5_120 }] },
      "stages.x.apps.0.maxPayload: GCM takes at most 4096 bytes",
    ],
    [
      "an alert for an APNS_VOIP app",
      { ...minimal, apps: [{ ...voip, alert: { locKey: "TEXT" } }] },
      "stages.x.apps.0.alert: only APNS and APNS_SANDBOX apps show an alert, not APNS_VOIP: leave it out",
    ],
  ])("names the key and what to put there: %s", (_, input, line) => {
    expect(complaints(input)).toEqual([line]);
  });

  it("reports all mistakes at once", () => {
    const lines = complaints({ region: "", mail: { identity: "example.com" }, apps: [{ ...voip, platform: "HMS" }] });
    expect(lines.map((line) => line.split(": ")[0])).toEqual([
      "stages.x.region",
      "stages.x.mail.from",
      "stages.x.apps.0.platform",
    ]);
  });

  it("accepts one default for each vendor", () => {
    expect(
      complaints({
        ...minimal,
        apps: [
          { ...voip, default: true },
          { ...fcm, default: true },
        ],
      }),
    ).toEqual([]);
  });

  it("accepts reservations that leave 100 unreserved", () => {
    expect(complaints({ ...minimal, functions: { push: { reserved: 900, provisioned: 900 } } })).toEqual([]);
    expect(complaints({ ...minimal, functions: { push: { reserved: 950 } }, quotas: { concurrency: 1_050 } })).toEqual(
      [],
    );
  });

  it("refuses more apps than a function's environment can hold", () => {
    const apps = Array.from({ length: 12 }, (_, i) => ({ ...voip, id: `app-${i}` }));
    expect(complaints({ ...minimal, apps })).toEqual([expect.stringMatching(/^stages\.x\.apps: takes \d+ bytes/u)]);
  });

  it("rejects a stage that is not in stages.ts, and lists the others", () => {
    expect(() => readStage("test", { x: minimal })).toThrow(
      'stage "test" is not in stages.ts: add it there, or use one of x',
    );
    expect(() => readStage("__proto__", { x: minimal })).toThrow("a name is 1 to 20 of a-z 0-9 -");
    expect(() => readStage("constructor", { x: minimal })).toThrow('"constructor" is not in stages.ts');
  });
});
