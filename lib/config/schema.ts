import * as v from "valibot";
import { fallbacks } from "./fallbacks.ts";
import { limits, throttles, waf } from "./limits.ts";
import { operator } from "./operator.ts";
import { flag, says, text, whole } from "./values.ts";
import { regionFault, regions } from "./regions.ts";

/**
 * The shape of one stage in stages.ts, with defaults. Each key's description says what to put there; errors repeat it
 * (lib/config/read.ts). lib/config/rules.ts finds contradictions between keys.
 */
const hostPattern = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/u;
const address = /^[^\s@<>"]+@[a-z0-9.-]+\.[a-z0-9-]+$/iu;
const sender = /^([^<>"@]+<[^\s@<>"]+@[a-z0-9.-]+\.[a-z0-9-]+>|[^\s@<>"]+@[a-z0-9.-]+\.[a-z0-9-]+)$/iu;

const secretName = (holds: string) =>
  text(/^[A-Za-z0-9/_+=.@-]{1,200}$/u, `name of the Secrets Manager secret ${holds}`);

const appleAlert = v.strictObject({
  titleLocKey: v.optional(text(/^.{1,200}$/u, "key of the alert's title in the app's Localizable.strings")),
  locKey: text(/^.{1,200}$/u, "key of the alert's text in the app's Localizable.strings"),
});

const platforms = ["APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "GCM"] as const;

const app = v.strictObject({
  id: text(/^[a-z0-9_-]{1,64}$/u, "name of the app in push tokens: 1 to 64 of a-z 0-9 - _"),
  platform: says(v.picklist(platforms, "is no platform"), `one of ${platforms.join(", ")}`),
  bundle: text(/^[A-Za-z0-9.-]{1,155}$/u, "bundle id of the iOS app, or id of the Firebase project"),
  default: v.optional(flag("true for the app that takes this vendor's tokens that name no app"), false),
  credentialSecret: v.optional(secretName("with the .p8 or service-account JSON (docs/operate/deploying.md)")),
  callTtl: v.optional(whole(2, 8, "longest life of a call's wake-up in seconds, 2 to 8"), 8),
  notificationTtl: v.optional(whole(60, 2_419_200, "longest life of a notification in seconds"), 86_400),
  maxPayload: v.optional(whole(256, 5_120, "largest message in bytes: APNs and FCM 4096, VoIP 5120")),
  alert: v.optional(says(appleAlert, "{ locKey, titleLocKey? } of the alert an iPhone shows before decrypting")),
  successSampleRate: v.optional(whole(0, 100, "percentage of successful deliveries that are logged"), 0),
});

const sized = (memory: number) =>
  v.optional(
    v.strictObject({
      memory: v.optional(whole(128, 10_240, "memory in MB"), memory),
      reserved: v.optional(whole(1, 10_000, "reserved concurrency: the most execution environments at once")),
      provisioned: v.optional(
        whole(1, 10_000, "provisioned concurrency: execution environments kept warm, billed by the hour"),
      ),
    }),
    {},
  );
const functions = v.strictObject({
  session: sized(512),
  push: sized(1_024),
  registration: sized(512),
  mail: sized(256),
  admin: sized(512),
  console: sized(512),
  events: sized(256),
  housekeeping: sized(256),
  provisioning: sized(256),
  canary: sized(256),
  watch: sized(256),
  status: sized(256),
  history: sized(128),
});

const fuse = (units: number, description: string) => v.optional(whole(1, 40_000, description), units);
const tables = v.strictObject({
  maxReadUnits: fuse(4_000, "most read units per second of one table: the cost fuse"),
  maxWriteUnits: fuse(4_000, "most write units per second of one table: the cost fuse"),
});

/** What AWS allows the account in this Region. The dashboard shows how close we are; alarms fire before we reach it. */
const quotas = v.strictObject({
  concurrency: v.optional(whole(10, 1_000_000, "the account's concurrent Lambda executions"), 1_000),
  connects: v.optional(whole(1, 100_000, "new WebSocket connections per second"), 500),
  publishes: v.optional(
    whole(1, 1_000_000, "SNS Publish calls per second; smallest of the large Regions: 1500"),
    1_500,
  ),
  endpointCalls: v.optional(whole(1, 1_000_000, "SNS endpoint calls per second; smallest: 150"), 150),
});

const retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;
const retention = (days: (typeof retentions)[number], what: string) =>
  v.optional(says(v.picklist(retentions, "is no period CloudWatch offers"), `${what}: ${retentions.join(", ")}`), days);

const group = (who: string) => text(/^[^\u0000-\u001f]{1,200}$/u, `the identity provider's group of those who ${who}`);
const identityProvider = v.strictObject({
  issuer: text(
    /^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^\s?#]*)?$/u,
    "https URL of the OpenID Connect provider, as its discovery document spells it",
  ),
  clientId: text(/^[\x21-\x7e]{1,200}$/u, "what the provider knows the console as"),
  clientSecretName: v.optional(secretName("with the client's secret; without one it is a public client")),
  groupsClaim: v.optional(text(/^[\x21-\x7e]{1,200}$/u, "claim of the ID token that lists groups"), "groups"),
  groups: says(
    v.strictObject({ support: group("read, resend and test"), operator: group("do everything") }),
    "{ support, operator }, groups of the identity provider",
  ),
});
/** Who may use the console, and how they sign in (docs/operate/console.md). */
const operatorConsole = v.union([v.literal("cognito"), identityProvider], "is neither");

const deployments = ["ALL_AT_ONCE", "CANARY_10PERCENT_5MINUTES", "LINEAR_10PERCENT_EVERY_1MINUTE"] as const;

export const stageSchema = v.strictObject({
  account: v.optional(text(/^\d{12}$/u, "the AWS account's 12 digits, or leave it out: then the credentials decide")),
  region: v.optional(
    says(
      v.pipe(
        v.string("must be a text"),
        v.check(
          (name) => regions.includes(name),
          ({ input }) => regionFault(input),
        ),
      ),
      `one of ${regions.join(", ")}`,
    ),
    "eu-central-1",
  ),
  hostName: v.optional(text(hostPattern, "the public name of the service in lower case, such as push.example.com")),
  hostedZone: v.optional(
    says(
      v.strictObject({
        id: text(/^Z[A-Z0-9]{1,31}$/u, "the Route 53 hosted zone's id, such as Z0123456789ABCDEFGHIJ"),
        name: text(hostPattern, "the Route 53 hosted zone's name, such as example.com"),
      }),
      "{ id, name } of the Route 53 zone that holds hostName",
    ),
  ),
  mail: says(
    v.strictObject({
      identity: text(
        new RegExp(`${hostPattern.source}|${address.source}`, "iu"),
        "the domain (better) or address that SES may send for, such as example.com",
      ),
      from: text(
        sender,
        'the verified sender in lower case, such as push@example.com or "PBX Push <push@example.com>"',
      ),
      mailFromDomain: v.optional(text(hostPattern, "a subdomain for bounces, such as bounce.example.com")),
      existing: v.optional(
        flag(
          "true if SES in this account and Region already has the identity: then the stage uses it and changes nothing about it",
        ),
        false,
      ),
    }),
    "{ identity, from } of the emails the service sends",
  ),
  apps: v.optional(v.array(app, "must be a list of apps"), []),
  dummyCredentials: v.optional(
    flag("true where SNS is simulated: apps without credentialSecret get a generated credential"),
    false,
  ),
  testSecrets: v.optional(
    flag("true on a stage for tests: an operator may choose secrets of 1 to 64 characters, not of 12 to 16"),
    false,
  ),
  alarmAddress: v.optional(text(address, "the mail address that alarms go to")),
  alarmTopic: v.optional(
    text(
      /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/u,
      "the ARN of an SNS topic that alarms go to, besides alarmAddress",
    ),
  ),
  operator: v.optional(
    says(
      operator,
      "{ name, contact, help, privacy }, whatever of it the foot of every page is to show; emails sign with the name",
    ),
    {},
  ),
  runbookUrl: v.optional(
    text(
      /^(https:\/)?\/[\w./:~@%-]{1,200}$/u,
      "https URL where operators read docs/operate/runbook.md, without an anchor",
    ),
  ),
  pbxes: v.optional(
    whole(
      1,
      1_000_000,
      "PBXes (each master, slave and standby) that the stage is to carry; npm run deploy -- STAGE --check",
    ),
    1_000,
  ),
  pushesPerPbxAndDay: v.optional(
    whole(1, 1_000_000, "pushes of an average PBX on a working day, for the same check"),
    500,
  ),
  canaryMinutes: v.optional(whole(1, 5, "minutes between two runs of the canary, 1 to 5"), 1),
  quotas: v.optional(quotas, {}),
  recentPosts: v.optional(
    flag("false to keep no recent posts of a domain: then its page and the Connect window show none"),
    true,
  ),
  keepAlive: v.optional(
    says(v.picklist(["mock", "lambda"], "must be mock or lambda"), '"mock": API Gateway answers by itself; "lambda"'),
    "mock",
  ),
  deadlineMs: v.optional(whole(500, 8_000, "ms from a post's arrival until its answer"), 3_000),
  deployment: v.optional(
    says(v.picklist(deployments, "is no way to deploy"), `one of ${deployments.join(", ")}`),
    "ALL_AT_ONCE",
  ),
  removal: v.optional(
    says(
      v.picklist(["retain", "destroy"], "must be retain or destroy"),
      '"retain", or "destroy" for throw-away stages',
    ),
    "retain",
  ),
  logRetentionDays: retention(30, "days that logs are kept"),
  tokenLogRetentionDays: retention(3, "days that delivery logs, which hold device tokens, are kept"),
  limits: v.optional(limits, {}),
  throttles: v.optional(throttles, {}),
  console: v.optional(
    says(
      operatorConsole,
      '"cognito", or { issuer, clientId, clientSecretName, groupsClaim, groups } of your own provider',
    ),
  ),
  waf: v.optional(waf),
  functions: v.optional(functions, {}),
  tables: v.optional(tables, {}),
  fallbacks: v.optional(fallbacks, {}),
});

/** A stage as written in stages.ts. */
export type StageInput = v.InferInput<typeof stageSchema>;
/** The same with its defaults. */
export type StageSettings = v.InferOutput<typeof stageSchema>;
export type AppSettings = StageSettings["apps"][number];
