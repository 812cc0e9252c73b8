import type { StageInput } from "./lib/config.ts";

/** The stage for `cdk synth` and `cdk deploy` without `-c stage=NAME`. */
export const defaultStage = "minimal";

/**
 * The stages of the service: one deployment each, in one account or in several. Copy `minimal` and enter your values.
 * lib/config/schema.ts has all keys, their defaults and descriptions; synth names each wrong one.
 */
export const stages: Readonly<Record<string, StageInput>> = {
  /** The least that works: PBXes log in and push at the execute-api address. Add apps once you have some. */
  minimal: {
    // An identity exists once per account and Region in SES. If another stage or you created it: `existing: true`.
    mail: { identity: "push@example.com", from: "PBX Push <push@example.com>" },
  },

  /** With a host name, apps for both vendors, warm execution environments and gradual deployment. */
  prod: {
    region: "eu-central-1",
    hostName: "push.example.com",
    hostedZone: { id: "Z0123456789ABCDEFGHIJ", name: "example.com" },
    mail: { identity: "example.com", from: "PBX Push <push@example.com>", mailFromDomain: "bounce.example.com" },
    operator: {
      name: "Example Telecom Push",
      contact: "support@example.com",
      help: "https://www.example.com/{language}/push/help",
      privacy: "https://www.example.com/{language}/privacy",
    },
    alarmAddress: "operations@example.com",
    runbookUrl: "https://git.example.com/push-service/docs/operate/runbook.md",
    deployment: "CANARY_10PERCENT_5MINUTES",
    functions: { push: { provisioned: 2 } },
    apps: [
      // A token without an app goes to its vendor's default app. For Apple that is the VoIP app: only old PBXes send
      // bare hex tokens, and they send calls only.
      {
        id: "ios-call",
        platform: "APNS_VOIP",
        bundle: "com.example.phone",
        default: true,
        credentialSecret: "push/prod/apns",
      },
      {
        id: "ios",
        platform: "APNS",
        bundle: "com.example.phone",
        credentialSecret: "push/prod/apns",
        alert: { titleLocKey: "PUSH_TITLE", locKey: "PUSH_TEXT" },
      },
      { id: "android", platform: "GCM", bundle: "example-phone", default: true, credentialSecret: "push/prod/fcm" },
    ],
  },

  /** What `npm start` runs on this machine; SNS, SES and the phones are simulated there. */
  local: {
    mail: { identity: "example.com", from: "PBX Push <push@example.com>" },
    removal: "destroy",
    dummyCredentials: true,
    testSecrets: true,
    // Often enough to see it, but rarely enough not to disturb call counts and logs.
    canaryMinutes: 5,
    // Everything on this machine shares one source address, and an address may cause only 0.5 % of mailsPerDay.
    // disabledTokensPerMinute is low so that mass disabling can be tested with fewer than 50 phones.
    limits: { requestsPerSourcePerHour: 10_000, mailsPerDay: 1_000_000, disabledTokensPerMinute: 10 },
    // Provided by the local host, which sets its address (local/product.ts).
    console: {
      issuer: "http://127.0.0.1/_local/identity",
      clientId: "push-admin",
      groupsClaim: "groups",
      groups: { support: "push-support", operator: "push-operators" },
    },
    // The local host shows the runbook there.
    runbookUrl: "/_local/runbook",
    apps: [
      { id: "ios-call", platform: "APNS_VOIP", bundle: "com.example.phone", default: true, successSampleRate: 100 },
      {
        id: "ios",
        platform: "APNS",
        bundle: "com.example.phone",
        successSampleRate: 100,
        alert: { titleLocKey: "PUSH_TITLE", locKey: "PUSH_TEXT" },
      },
      { id: "android", platform: "GCM", bundle: "com.example.phone", default: true, successSampleRate: 100 },
    ],
  },
};
