import { describe, expect, it } from "vitest";
import type { Json } from "../../../local/cloudformation/template.ts";
import { createAuthority } from "../../../local/iam/authority.ts";
import { rightsOf } from "../../../local/iam/actions/rights.ts";
import { templatePolicies } from "../../../local/iam/resources.ts";

const place = { region: "eu-central-1", accountId: "000000000000" };
const stack = { name: "push-local-service", ...place, assets: new Map<string, string>() };
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:000000000000:${rest}`;
const TABLE = arn("dynamodb", "table/core");
const KEY = arn("kms", "key/k1");

/** An account as a template makes it: some resources, and the policies of one role. */
async function account(statements: Json = []) {
  const policies = templatePolicies(place, () => "api1/push");
  const request = (type: string, properties: Readonly<Record<string, Json>>, generatedName: string) => ({
    type,
    logicalId: "Id",
    properties,
    stack: stack as never,
    generatedName,
  });
  const make = async (type: string, properties: Readonly<Record<string, Json>>, name: string) =>
    policies.resources[type]?.(request(type, properties, name));
  const note = (type: string, properties: Readonly<Record<string, Json>>, ref: string, Arn?: string) =>
    policies.note(request(type, properties, ref), { ref, attributes: Arn === undefined ? {} : { Arn } });
  const hash = [{ AttributeName: "pk", KeyType: "HASH" }];
  note("AWS::DynamoDB::GlobalTable", { KeySchema: hash }, "core", TABLE);
  note(
    "AWS::DynamoDB::GlobalTable",
    { KeySchema: hash, Replicas: [{ SSESpecification: { KMSMasterKeyId: KEY } }] },
    "secrets",
    arn("dynamodb", "table/secrets"),
  );
  note("AWS::SQS::Queue", {}, "http://x/000000000000/plain", arn("sqs", "plain"));
  note("AWS::SQS::Queue", { KmsMasterKeyId: "k1" }, "http://x/000000000000/sealed", arn("sqs", "sealed"));
  note("AWS::SNS::Topic", { KmsMasterKeyId: KEY }, arn("sns", "events"));
  note("AWS::SecretsManager::Secret", {}, arn("secretsmanager", "secret:push/apns-a1b2c3"));
  note("AWS::SES::EmailIdentity", {}, "example.com");
  await make("AWS::IAM::Role", {}, "PushRole");
  note("AWS::Lambda::Function", { Role: arn("iam", "role/PushRole") }, "push");
  await make("AWS::IAM::Policy", { Roles: ["PushRole"], PolicyDocument: { Statement: statements } }, "policy");
  return { ...policies, authority: createAuthority(policies.attached, policies.facts, { onRefusal: () => undefined }) };
}

type Call = readonly [service: string, operation: string, input: object | string];
const callOf = ([service, operation, input]: Call, caller = "PushRole") => ({
  service,
  operation,
  protocol: typeof input === "string" ? ("query" as const) : ("json" as const),
  headers: {
    authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  },
  body: Buffer.from(typeof input === "string" ? input : JSON.stringify(input)),
});
const form = (entries: Readonly<Record<string, string>>) => new URLSearchParams(entries).toString();

/** A raw message of these header fields. */
const message = (...fields: readonly string[]) => ({
  "RawMessage.Data": Buffer.from([...fields, "", "From: nobody@body.example"].join("\r\n")).toString("base64"),
});

const ENDPOINT = arn("sns", "endpoint/APNS_VOIP/push-ios/1234");
const APP = arn("sns", "app/APNS_VOIP/push-ios");
const ROLE = arn("iam", "role/Log").replace(":eu-central-1:", "::");
const inTransaction = (member: string, TableName = "core") => ({
  TransactItems: [{ [member]: { TableName, Key: { pk: { S: "a" } } } }],
});

/** Sources: beside each table in local/iam/actions. */
describe("rights that calls need", () => {
  it.each<[string, Call, readonly string[]]>([
    ["an item", ["dynamodb", "GetItem", { TableName: "core", Key: {} }], [`dynamodb:GetItem ${TABLE}`]],
    [
      "an item of a table named by its ARN",
      ["dynamodb", "GetItem", { TableName: TABLE, Key: {} }],
      [`dynamodb:GetItem ${TABLE}`],
    ],
    [
      "a deletion under a customer's key",
      ["dynamodb", "DeleteItem", { TableName: "secrets", Key: {} }],
      [`dynamodb:DeleteItem ${arn("dynamodb", "table/secrets")}`, `kms:Decrypt ${KEY}`],
    ],
    [
      "a query of an index",
      ["dynamodb", "Query", { TableName: "core", IndexName: "byKind", KeyConditionExpression: "k = :k" }],
      [`dynamodb:Query ${TABLE}/index/byKind`],
    ],
    [
      "a batch over two tables",
      ["dynamodb", "BatchGetItem", { RequestItems: { core: { Keys: [] }, other: { Keys: [] } } }],
      [`dynamodb:BatchGetItem ${TABLE}`, `dynamodb:BatchGetItem ${arn("dynamodb", "table/other")}`],
    ],
    [
      "a batch of writes",
      ["dynamodb", "BatchWriteItem", { RequestItems: { core: [{ PutRequest: { Item: {} } }] } }],
      [`dynamodb:BatchWriteItem ${TABLE}`],
    ],
    ["a Put in a transaction", ["dynamodb", "TransactWriteItems", inTransaction("Put")], [`dynamodb:PutItem ${TABLE}`]],
    [
      "a check in a transaction",
      ["dynamodb", "TransactWriteItems", inTransaction("ConditionCheck")],
      [`dynamodb:ConditionCheckItem ${TABLE}`],
    ],
    ["a push", ["sns", "Publish", form({ TargetArn: ENDPOINT })], [`sns:Publish ${APP}`, `sns:Publish ${ENDPOINT}`]],
    [
      "an endpoint's attributes",
      ["sns", "SetEndpointAttributes", form({ EndpointArn: ENDPOINT })],
      [`sns:SetEndpointAttributes ${APP}`, `sns:SetEndpointAttributes ${ENDPOINT}`],
    ],
    [
      "an endpoint's end",
      ["sns", "DeleteEndpoint", form({ EndpointArn: ENDPOINT })],
      [`sns:DeleteEndpoint ${APP}`, `sns:DeleteEndpoint ${ENDPOINT}`],
    ],
    [
      "a new endpoint",
      ["sns", "CreatePlatformEndpoint", form({ PlatformApplicationArn: APP })],
      [`sns:CreatePlatformEndpoint ${APP}`],
    ],
    [
      "a topic under a customer's key",
      ["sns", "Publish", form({ TopicArn: arn("sns", "events") })],
      [`sns:Publish ${arn("sns", "events")}`, `kms:GenerateDataKey ${KEY}`, `kms:Decrypt ${KEY}`],
    ],
    [
      "a new application that logs as a role",
      [
        "sns",
        "CreatePlatformApplication",
        form({ Name: "n", "Attributes.entry.1.key": "FailureFeedbackRoleArn", "Attributes.entry.1.value": ROLE }),
      ],
      ["sns:CreatePlatformApplication *", `iam:PassRole ${ROLE}`],
    ],
    [
      "a message",
      ["sqs", "SendMessage", { QueueUrl: "http://x/000000000000/plain" }],
      [`sqs:SendMessage ${arn("sqs", "plain")}`],
    ],
    [
      "a batch of deletions",
      ["sqs", "DeleteMessageBatch", { QueueUrl: "http://x/000000000000/plain" }],
      [`sqs:DeleteMessage ${arn("sqs", "plain")}`],
    ],
    [
      "a message under a customer's key",
      ["sqs", "SendMessage", { QueueUrl: "http://x/000000000000/sealed" }],
      [`sqs:SendMessage ${arn("sqs", "sealed")}`, `kms:GenerateDataKey ${KEY}`, `kms:Decrypt ${KEY}`],
    ],
    [
      "receiving under a customer's key",
      ["sqs", "ReceiveMessage", { QueueUrl: "http://x/000000000000/sealed" }],
      [`sqs:ReceiveMessage ${arn("sqs", "sealed")}`, `kms:Decrypt ${KEY}`],
    ],
    [
      "an email by its domain's identity",
      ["ses", "SendEmail", form({ Source: "Push <push@example.com>", ConfigurationSetName: "set" })],
      [`ses:SendEmail ${arn("ses", "identity/example.com")}`, `ses:SendEmail ${arn("ses", "configuration-set/set")}`],
    ],
    [
      "an email's recipient",
      [
        "ses",
        "SendEmail",
        form({ Source: "push@example.com", "Destination.ToAddresses.member.1": "Somebody <to@elsewhere.example>" }),
      ],
      [
        `ses:SendEmail ${arn("ses", "identity/example.com")}`,
        `ses:SendEmail ${arn("ses", "identity/to@elsewhere.example")}`,
      ],
    ],
    [
      "a message's sender and recipient, as its envelope has them",
      [
        "ses",
        "SendRawEmail",
        form({
          Source: "push@example.com",
          "Destinations.member.1": "to@elsewhere.example",
          ConfigurationSetName: "set",
          ...message("From: PBX Push <push@example.com>", "To: to@elsewhere.example"),
        }),
      ],
      ["push", "push"].flatMap(() => [
        `ses:SendRawEmail ${arn("ses", "identity/example.com")}`,
        `ses:SendRawEmail ${arn("ses", "configuration-set/set")}`,
        `ses:SendRawEmail ${arn("ses", "identity/to@elsewhere.example")}`,
      ]),
    ],
    [
      "a message's sender and recipients, as only its headers have them",
      [
        "ses",
        "SendRawEmail",
        form(message("FROM: push@example.com", "To: A <a@x.example>,", " b@x.example", "Cc: c@x.example")),
      ],
      ["example.com", "a@x.example", "b@x.example", "c@x.example"].map(
        (name) => `ses:SendRawEmail ${arn("ses", `identity/${name}`)}`,
      ),
    ],
    ["a public key", ["kms", "GetPublicKey", { KeyId: "k1" }], [`kms:GetPublicKey ${KEY}`]],
    [
      "a secret by its name",
      ["secretsmanager", "GetSecretValue", { SecretId: "push/apns" }],
      [`secretsmanager:GetSecretValue ${arn("secretsmanager", "secret:push/apns-a1b2c3")}`],
    ],
    ["metrics", ["monitoring", "GetMetricData", {}], ["cloudwatch:GetMetricData *"]],
    ["alarms", ["monitoring", "DescribeAlarms", {}], [`cloudwatch:DescribeAlarms ${arn("cloudwatch", "alarm:*")}`]],
    [
      "a connection's end",
      ["execute-api", "DeleteConnection", { ConnectionId: "c1" }],
      [`execute-api:ManageConnections ${arn("execute-api", "api1/push/DELETE/@connections/c1")}`],
    ],
  ])("name %s", async (_, call, expected) => {
    const rights = rightsOf(callOf(call), (await account()).facts);
    expect(rights?.map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
  });

  it.each<[string, Call, string, readonly string[] | undefined]>([
    [
      "the partition keys of a batch",
      ["dynamodb", "BatchGetItem", { RequestItems: { core: { Keys: [{ pk: { S: "a" } }, { pk: { S: "b" } }] } } }],
      "dynamodb:leadingkeys",
      ["a", "b"],
    ],
    [
      "the partition key of a Put",
      ["dynamodb", "PutItem", { TableName: "core", Item: { pk: { S: "a" }, x: { S: "b" } } }],
      "dynamodb:leadingkeys",
      ["a"],
    ],
    [
      "the partition key of a Query",
      [
        "dynamodb",
        "Query",
        {
          TableName: "core",
          KeyConditionExpression: "#k = :k AND begins_with(sk, :s)",
          ExpressionAttributeValues: { ":s": { S: "x" }, ":k": { S: "a" } },
        },
      ],
      "dynamodb:leadingkeys",
      ["a"],
    ],
    ["no partition key of a Scan", ["dynamodb", "Scan", { TableName: "core" }], "dynamodb:leadingkeys", undefined],
    [
      "the bare address of a sender",
      ["ses", "SendEmail", form({ Source: '"Push Service" <Push@Example.com>' })],
      "ses:fromaddress",
      ["push@example.com"],
    ],
    [
      "the display name of a sender",
      ["ses", "SendEmail", form({ Source: '"Push Service" <push@example.com>' })],
      "ses:fromdisplayname",
      ["Push Service"],
    ],
    [
      "the bare address of a message's sender",
      ["ses", "SendRawEmail", form(message('From: "Push Service" <Push@Example.com>'))],
      "ses:fromaddress",
      ["push@example.com"],
    ],
    ["TLS, as loopback counts as TLS", ["kms", "Decrypt", { KeyId: "k1" }], "aws:securetransport", ["true"]],
  ])("carry %s", async (_, call, key, expected) => {
    expect(rightsOf(callOf(call), (await account()).facts)?.[0]?.context.get(key)).toEqual(expected);
  });
});

const may = (Action: Json, Resource: Json = TABLE, more: Readonly<Record<string, Json>> = {}): Json => [
  { Effect: "Allow", Action, Resource, ...more },
];
const canary = { Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["canary"] } } };
const maySend = may("ses:SendRawEmail", arn("ses", "identity/*"), {
  Condition: { StringEquals: { "ses:FromAddress": "push@example.com" } },
});

describe("calls of a role", () => {
  it.each<[string, Json, Call, boolean]>([
    ["an item", may("dynamodb:GetItem"), ["dynamodb", "GetItem", { TableName: "core", Key: {} }], true],
    [
      "an item, with another right",
      may(["dynamodb:PutItem"]),
      ["dynamodb", "GetItem", { TableName: "core", Key: {} }],
      false,
    ],
    [
      "an index, by the table's right",
      may("dynamodb:Query"),
      ["dynamodb", "Query", { TableName: "core", IndexName: "i", KeyConditionExpression: "k = :k" }],
      false,
    ],
    [
      "the table, by an index's right",
      may("dynamodb:Query", `${TABLE}/index/i`),
      ["dynamodb", "Query", { TableName: "core", KeyConditionExpression: "k = :k" }],
      false,
    ],
    [
      "a batch that touches another table",
      may("dynamodb:BatchGetItem"),
      ["dynamodb", "BatchGetItem", { RequestItems: { core: { Keys: [] }, secrets: { Keys: [] } } }],
      false,
    ],
    [
      "its own rows",
      may("dynamodb:GetItem", TABLE, canary),
      ["dynamodb", "GetItem", { TableName: "core", Key: { pk: { S: "canary" } } }],
      true,
    ],
    [
      "other rows",
      may("dynamodb:GetItem", TABLE, canary),
      ["dynamodb", "GetItem", { TableName: "core", Key: { pk: { S: "other" } } }],
      false,
    ],
    [
      "a message, from its sender",
      maySend,
      ["ses", "SendRawEmail", form(message("From: Push <push@example.com>"))],
      true,
    ],
    [
      "a message, by the right to SendEmail",
      may("ses:SendEmail", arn("ses", "identity/*")),
      ["ses", "SendRawEmail", form(message("From: push@example.com"))],
      false,
    ],
    [
      "a message that names another sender than its envelope",
      maySend,
      ["ses", "SendRawEmail", form({ Source: "push@example.com", ...message("From: boss@example.com") })],
      false,
    ],
    [
      "a push, by the endpoint alone",
      may("sns:Publish", arn("sns", "endpoint/APNS_VOIP/push-ios/*")),
      ["sns", "Publish", form({ TargetArn: ENDPOINT })],
      false,
    ],
    [
      "a push, by the application alone",
      may("sns:Publish", APP),
      ["sns", "Publish", form({ TargetArn: ENDPOINT })],
      false,
    ],
    [
      "a push, by both",
      may("sns:Publish", [APP, arn("sns", "endpoint/APNS_VOIP/push-ios/*")]),
      ["sns", "Publish", form({ TargetArn: ENDPOINT })],
      true,
    ],
    ["an operation that is in no table", may("*", "*"), ["dynamodb", "DescribeTable", { TableName: "core" }], false],
    ["a service that is in no table", may("*", "*"), ["lambda", "Invoke", {}], false],
  ])("%s", async (_, statements, call, through) => {
    const { authority } = await account(statements);
    const attempt = () => authority.authorize(callOf(call));
    if (through) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(/not authorized to perform|knows no IAM action/u);
  });

  it("are not checked if the caller is not one of the template's roles", async () => {
    const { authority } = await account();
    expect(() => authority.authorize(callOf(["dynamodb", "Scan", { TableName: "core" }], "test"))).not.toThrow();
  });
});

const CALLER = "arn:aws:sts::000000000000:assumed-role/PushRole/push";
const noPolicy = (action: string) => `because no identity-based policy allows the ${action} action`;

/** Sources: local/iam/refusal.ts. */
describe("refusals", () => {
  it.each<[Call, string, number, string]>([
    [
      ["dynamodb", "GetItem", { TableName: "core", Key: {} }],
      "AccessDeniedException",
      400,
      `User: ${CALLER} is not authorized to perform: dynamodb:GetItem on resource: ${TABLE} ${noPolicy("dynamodb:GetItem")}`,
    ],
    [
      ["sns", "Publish", form({ TargetArn: ENDPOINT })],
      "AuthorizationError",
      403,
      `User: ${CALLER} is not authorized to perform: SNS:Publish on resource: ${APP} ${noPolicy("SNS:Publish")}`,
    ],
    [
      ["sqs", "SendMessage", { QueueUrl: "x/plain" }],
      "AccessDenied",
      403,
      `User: ${CALLER} is not authorized to perform: sqs:sendmessage on resource: ${arn("sqs", "plain")} ${noPolicy("sqs:sendmessage")}`,
    ],
    [
      ["ses", "SendEmail", form({ Source: "a@example.com" })],
      "AccessDenied",
      403,
      `User \`${CALLER}' is not authorized to perform \`ses:SendEmail' on resource \`${arn("ses", "identity/example.com")}'`,
    ],
    [
      ["kms", "Decrypt", { KeyId: "k1" }],
      "AccessDeniedException",
      400,
      `User: ${CALLER} is not authorized to perform: kms:Decrypt on resource: ${KEY} because no resource-based policy allows the kms:Decrypt action`,
    ],
  ])("of %s have the service's own code and message", async (call, code, status, message) => {
    const { authority } = await account();
    expect(() => authority.authorize(callOf(call))).toThrow(
      expect.objectContaining({ code, status, message }) as Error,
    );
  });

  it("of a table's key have DynamoDB's message about the key", async () => {
    const { authority } = await account(may("dynamodb:GetItem", "*"));
    const refused = expect.objectContaining({
      code: "AccessDeniedException",
      message: expect.stringMatching(/^KMS key access denied error: /u) as string,
    }) as Error;
    expect(() => authority.authorize(callOf(["dynamodb", "GetItem", { TableName: "secrets", Key: {} }]))).toThrow(
      refused,
    );
  });
});
