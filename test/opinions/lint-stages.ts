import type { StageInput } from "../../lib/config.ts";
import { stages } from "../../stages.ts";

const mail = { identity: "push@example.net", from: "PBX Push <push@example.net>" };
const apple = { bundle: "com.example.phone", credentialSecret: "push/test/apns" };

/** Stages that together have every resource a configuration can add. */
export const lintedStages: Readonly<Record<string, StageInput>> = {
  minimal: stages["minimal"] ?? { mail },
  prod: stages["prod"] ?? { mail },
  "one-app": { mail, apps: [{ id: "ios-call", platform: "APNS_VOIP", default: true, ...apple }] },
  "without-zone": {
    mail: { identity: "example.net", from: "push@example.net", mailFromDomain: "bounce.example.net" },
    hostName: "push.example.net",
    waf: { handshakes: 100, requests: 100 },
    functions: { session: { provisioned: 1, reserved: 5 }, push: { provisioned: 1 } },
    apps: [
      { id: "ios-call", platform: "APNS_VOIP", default: true, ...apple },
      { id: "ios-call-dev", platform: "APNS_VOIP_SANDBOX", ...apple },
      { id: "ios", platform: "APNS", ...apple, alert: { locKey: "TEXT" } },
      { id: "ios-dev", platform: "APNS_SANDBOX", ...apple },
      { id: "android", platform: "GCM", bundle: "example", default: true, credentialSecret: "push/test/fcm" },
    ],
  },
  canary: {
    mail,
    keepAlive: "lambda",
    deployment: "CANARY_10PERCENT_5MINUTES",
    removal: "destroy",
    dummyCredentials: true,
    alarmAddress: "operations@example.net",
    runbookUrl: "https://git.example.net/runbook.md",
    apps: [{ id: "android", platform: "GCM", bundle: "example", default: true }],
  },
};

/** One of the largest Regions of each continent; the first is the stages' own default. */
export const lintedRegions = ["eu-central-1", "us-east-1", "ap-southeast-1"] as const;
