import { marshall } from "@aws-sdk/util-dynamodb";
import { createHash } from "node:crypto";
import { tenantAttribute } from "../../../lambdas/adapters/aws/shared/dynamo-keys.ts";
import { hashCode } from "../../../lambdas/core/shared/code.ts";
import { hashToken } from "../../../lambdas/core/shared/token.ts";

/** AWS's answers to the functions of the bench: one known PBX, one known phone, one pending registration. */
export const ACCOUNT = "pbx.example.com";
export const SECRET = "AbCdEf123456789";
export const CHALLENGE = "577fb2b83962c53a";
/** Of the registration to be confirmed: the ticket in its email's link, the one in its Connect window, and its id. */
export const LINK = "L".repeat(43);
export const CODE = "123456";
export const REGISTRATION = hashToken("A".repeat(43));

export const tables = { sessions: "sessions", core: "core", secrets: "secrets" };

export const PUBLISHED =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">\n  <PublishResult>\n    <MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId>\n  </PublishResult>\n  <ResponseMetadata>\n    <RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId>\n  </ResponseMetadata>\n</PublishResponse>\n';

export const MAILED =
  '<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult><MessageId>m</MessageId></SendRawEmailResult></SendRawEmailResponse>';

const created =
  "<CreatePlatformEndpointResponse><CreatePlatformEndpointResult><EndpointArn>arn:x</EndpointArn></CreatePlatformEndpointResult></CreatePlatformEndpointResponse>";

export const snsAnswer = (_: string, body: string): string =>
  body.includes("Action=CreatePlatformEndpoint") ? created : PUBLISHED;

/** A connection of this id posts for a new token. */
export const NEW = "new";

const login = { account: ACCOUNT, domain: ACCOUNT, secretId: "s" };
const endpoint = {
  endpointArn: "arn:x",
  createdAt: 0,
  usedAt: Date.now(),
  goodSince: 0,
  [tenantAttribute(ACCOUNT)]: { since: 0, strikes: 0, countedFrom: 0, struckAt: 0 },
};
const ofPost = { sessions: { pk: "CONN#c", ...login }, core: { pk: "DEVICE#d", sk: "DEVICE", ...endpoint } };
const ofFirstPost = { sessions: { pk: `CONN#${NEW}`, ...login } };
const ofLogin = {
  secrets: { account: ACCOUNT, current: { id: "s", secret: SECRET, issuedAt: 0 } },
  core: { pk: `DOMAIN#${ACCOUNT}`, sk: "DOMAIN", state: "active" },
};
const waiting = {
  pk: `TICKET#${REGISTRATION}`,
  domain: ACCOUNT,
  email: `admin@${ACCOUNT}`,
  emailKey: `admin@${ACCOUNT}`,
  language: "en",
  codeHash: hashCode(REGISTRATION, CODE),
  source: "192.0.2.1",
  requestedAt: Date.now(),
  expiresAt: Date.now() + 3_600_000,
  state: "waiting",
  wrongCodes: 0,
  mail: "queued",
};

const batch = (rows: Readonly<Record<string, object>>): string =>
  JSON.stringify({
    Responses: Object.fromEntries(Object.entries(rows).map(([table, row]) => [table, [marshall(row)]])),
  });
const ANSWERS = {
  postContext: batch(ofPost),
  firstPostContext: batch(ofFirstPost),
  loginContext: batch(ofLogin),
  challenge: JSON.stringify({
    Attributes: marshall({ challenge: CHALLENGE, challengeUntil: Date.now() + 3_600_000, source: "192.0.2.1" }),
  }),
  newTokens: JSON.stringify({ Attributes: marshall({ firstAt: Date.now(), known: 1, hour: 0, inHour: 1 }) }),
  registration: JSON.stringify({ Item: marshall(waiting) }),
  claimed: JSON.stringify({ Attributes: marshall(waiting) }),
  link: JSON.stringify({ Item: marshall({ registration: REGISTRATION }) }),
};

/** @param target of an operation by JSON; empty for SNS */
export function awsAnswer(target: string, body: string): string {
  const [service = "", operation = ""] = target.split(".");
  if (target === "") return snsAnswer("", body);
  return service === "AmazonSQS" ? sqsAnswer("", body) : dynamoAnswer(operation, body);
}

export function dynamoAnswer(operation: string, body: string): string {
  switch (operation) {
    case "BatchGetItem":
      if (body.includes(`"${tables.secrets}"`)) return ANSWERS.loginContext;
      return body.includes(`CONN#${NEW}`) ? ANSWERS.firstPostContext : ANSWERS.postContext;
    case "UpdateItem":
      if (body.includes('"TOKENS#')) return ANSWERS.newTokens;
      return body.includes('"TICKET#') ? ANSWERS.claimed : ANSWERS.challenge;
    case "GetItem":
      if (body.includes('"LINK#')) return ANSWERS.link;
      return body.includes('"TICKET#') ? ANSWERS.registration : "{}"; // no such domain, secret or suppression
    default:
      return "{}";
  }
}

/** The SDK compares the checksum with what it sent. */
export function sqsAnswer(_: string, body: string): string {
  const { MessageBody } = JSON.parse(body) as { MessageBody: string };
  return JSON.stringify({ MessageId: "m", MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") });
}
