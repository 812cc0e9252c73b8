import type { AppSettings, StageSettings } from "./schema.ts";

/** What is wrong with the value of one key, e.g. `["apps.1.id", "…"]`. */
export type Complaint = readonly [key: string, message: string];

/** Bytes left for APPS in a Lambda function's environment (4 KB) beside the other variables. */
const APPS_BYTES = 2_400;
/** Characters of the longest name that ACM certifies (ACM API reference, RequestCertificate, DomainName). */
const CERTIFICATE_NAME = 64;
/** Whether a domain is in a zone; an email address never is. */
export const within = (name: string, zone: string): boolean =>
  !name.includes("@") && (name === zone || name.endsWith(`.${zone}`));
/** A sender's address without its display name: `PBX Push <push@example.com>` becomes `push@example.com`. */
export const bareAddress = (sender: string): string => /<(.+)>/u.exec(sender)?.[1] ?? sender;
const isApple = (app: AppSettings): boolean => app.platform !== "GCM";
const isVoip = (app: AppSettings): boolean => app.platform.startsWith("APNS_VOIP");

/** Contradictions between keys of one stage; empty if there are none. */
export function contradictions(stage: StageSettings): readonly Complaint[] {
  return [
    ...names(stage),
    ...edge(stage),
    ...mail(stage),
    ...alarms(stage),
    ...concurrencies(stage),
    ...operators(stage),
    ...appList(stage),
    ...stage.apps.flatMap((app, i) => [...oneApp(stage, app, i)]),
  ];
}

/** Keys that need a hostName. */
function* edge({ hostName, waf, fallbacks: { certificateArn, deflate } }: StageSettings): Iterable<Complaint> {
  if (hostName !== undefined) return;
  if (waf !== undefined) yield ["waf", "the firewall stands before hostName only: set hostName, or leave it out"];
  if (certificateArn !== undefined)
    yield ["fallbacks.certificateArn", "only hostName has a certificate of its own: set hostName, or leave it out"];
  if (deflate === "stripped")
    yield ["fallbacks.deflate", "only CloudFront, in front of hostName, can strip it: set hostName, or leave it out"];
}

function* names({
  region,
  hostName,
  hostedZone,
  alarmTopic,
  mail: { identity, existing },
  fallbacks: { certificateArn },
}: StageSettings): Iterable<Complaint> {
  const topicRegion = alarmTopic?.split(":")[3] ?? region;
  if (topicRegion !== region)
    yield [
      "alarmTopic",
      `is in ${topicRegion}, and alarms tell topics of their own Region only: name one in ${region}`,
    ];
  if (hostName !== undefined && hostName.length > CERTIFICATE_NAME && certificateArn === undefined)
    yield [
      "hostName",
      `has ${hostName.length} characters, and ACM issues certificates for ${CERTIFICATE_NAME} at most: use a shorter name`,
    ];
  if (hostedZone === undefined) return;
  if (hostName !== undefined) {
    if (!within(hostName, hostedZone.name))
      yield ["hostName", `${hostName} is not in hostedZone ${hostedZone.name}: name a host inside it, or its own zone`];
  } else if (existing)
    yield [
      "hostedZone",
      "nothing uses it: the records of an identity that exists already are yours to keep; set hostName, or leave it out",
    ];
  else if (!within(identity, hostedZone.name))
    yield ["hostedZone", "nothing uses it: set hostName, or a mail.identity inside the zone, or leave it out"];
}

function* mail({ mail: { identity, from, mailFromDomain, existing } }: StageSettings): Iterable<Complaint> {
  const address = bareAddress(from);
  const byAddress = identity.includes("@");
  const covered = byAddress ? address === identity : within(address.split("@")[1] ?? "", identity.toLowerCase());
  // IAM compares `ses:FromAddress` case-sensitively, and it is not documented which case SES passes.
  if (address !== address.toLowerCase())
    yield ["mail.from", `${address} has capital letters, which IAM tells apart: write it in lower case`];
  else if (!covered)
    yield ["mail.from", `${address} is not covered by mail.identity ${identity}: use a sender of that identity`];
  if (mailFromDomain === undefined) return;
  if (existing) {
    yield [
      "mail.mailFromDomain",
      "is a property of the identity, which mail.existing says is managed elsewhere: set it there, or leave mail.existing out",
    ];
    return;
  }
  if (byAddress) yield ["mail.mailFromDomain", "needs a domain as mail.identity, not an address"];
  else if (mailFromDomain === identity || !within(mailFromDomain, identity))
    yield ["mail.mailFromDomain", `must be a subdomain of mail.identity, such as bounce.${identity}`];
}

function* operators({ console: given, dummyCredentials }: StageSettings): Iterable<Complaint> {
  if (given === undefined || given === "cognito") return;
  const { issuer, groups } = given;
  if (issuer.startsWith("http:") && !dummyCredentials)
    yield ["console.issuer", "plain http is for the local host only: use https"];
  if (groups.support === groups.operator)
    yield ["console.groups.support", "is the operators' group too: then all of them are operators; name another one"];
}

/** The person woken at night needs the runbook without the repository. */
function* alarms({ alarmAddress, alarmTopic, runbookUrl }: StageSettings): Iterable<Complaint> {
  if (alarmAddress === undefined && alarmTopic === undefined) return;
  if (runbookUrl?.startsWith("https://") !== true)
    yield [
      "runbookUrl",
      "alarms go to someone, so it is needed: https URL where docs/operate/runbook.md can be read, without an anchor",
    ];
}

/** Lambda keeps this much of the account's concurrency unreserved. */
const UNRESERVED = 100;

function* concurrencies({ functions, quotas: { concurrency } }: StageSettings): Iterable<Complaint> {
  const sizes = Object.entries(functions);
  for (const [name, { reserved, provisioned }] of sizes)
    if (reserved !== undefined && provisioned !== undefined && provisioned > reserved)
      yield [
        `functions.${name}.provisioned`,
        `${provisioned} cannot be kept warm of ${reserved} reserved: at most functions.${name}.reserved`,
      ];
  const reserved = sizes.reduce((sum, [, size]) => sum + (size.reserved ?? 0), 0);
  if (reserved > 0 && reserved > concurrency - UNRESERVED)
    yield [
      "functions",
      `reserve ${reserved} of quotas.concurrency ${concurrency}, and ${UNRESERVED} must stay for all: reserve less, or raise the quota and write it there`,
    ];
}

function* appList({ apps }: StageSettings): Iterable<Complaint> {
  for (const [i, app] of apps.entries()) {
    const first = apps.findIndex((other) => other.id === app.id);
    if (first < i) yield [`apps.${i}.id`, `"${app.id}" is also apps.${first}.id: ids must differ`];
    const otherDefault = apps.findIndex((other) => other.default && isApple(other) === isApple(app));
    if (app.default && otherDefault < i)
      yield [`apps.${i}.default`, `apps.${otherDefault} is already the default for this vendor: keep one of them`];
  }
  // An application's ARN is known at deployment only; it takes about 100 bytes more than the id.
  const bytes = apps.reduce((sum, app) => sum + Buffer.byteLength(JSON.stringify(app)) + app.id.length + 100, 2);
  if (bytes > APPS_BYTES)
    yield [
      "apps",
      `takes ${bytes} bytes of a function's environment, ${APPS_BYTES} at most: fewer apps or shorter alerts`,
    ];
}

function* oneApp(stage: StageSettings, app: AppSettings, index: number): Iterable<Complaint> {
  const at = (key: string): string => `apps.${index}.${key}`;
  const largest = isVoip(app) ? 5_120 : 4_096;
  if (app.maxPayload !== undefined && app.maxPayload > largest)
    yield [at("maxPayload"), `${app.platform} takes at most ${largest} bytes`];
  if (app.alert !== undefined && (!isApple(app) || isVoip(app)))
    yield [at("alert"), `only APNS and APNS_SANDBOX apps show an alert, not ${app.platform}: leave it out`];
  if (app.credentialSecret === undefined && !stage.dummyCredentials)
    yield [at("credentialSecret"), "missing: name of the Secrets Manager secret with the app's credential"];
  if (app.credentialSecret !== undefined && stage.dummyCredentials)
    yield [at("credentialSecret"), "contradicts dummyCredentials, which is for simulated SNS: drop one of them"];
}
