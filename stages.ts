import type { StageInput } from "./lib/config.ts";

/** The stage that `cdk synth` and `cdk deploy` take when none is named by `-c stage=NAME`. */
export const defaultStage = "minimal";

/**
 * Every stage of the service: one deployment each, side by side in one account or in several. Copy `minimal` and put
 * your values in. All keys, their defaults and what belongs there: lib/config/schema.ts; a wrong one is named at synth.
 */
export const stages: Readonly<Record<string, StageInput>> = {
  /** The least that works: PBXes log in and push at the execute-api address; apps are added when there are some. */
  minimal: {
    // SES has an identity once in an account and Region. Where another stage made it, or you did: `existing: true`.
    mail: { identity: "push@example.com", from: "PBX Push <push@example.com>" },
  },

  /** With a name of its own, apps for both vendors, warm execution environments and gradual deployment. */
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
      // A token that names no app goes to its vendor's default. For Apple that is the VoIP app: PBXes that send bare
      // hex tokens are old ones, which know calls only.
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
    // Often enough to see it; calls counted and logs read here are rarely disturbed by it.
    canaryMinutes: 5,
    // Everything on this machine shares one source address, and an address may cause only 0.5 % of mailsPerDay.
    // A mass disabling of tokens does not take 50 phones here.
    limits: { requestsPerSourcePerHour: 10_000, mailsPerDay: 1_000_000, disabledTokensPerMinute: 10 },
    // Played by the local host, which says where it is (local/product.ts).
    console: {
      issuer: "http://127.0.0.1/_local/identity",
      clientId: "push-admin",
      groupsClaim: "groups",
      groups: { support: "push-support", operator: "push-operators" },
    },
    // The local host shows it there.
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
