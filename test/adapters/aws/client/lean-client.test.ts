import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { partition } from "@aws-sdk/core/client";
import { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import fc from "fast-check";
import { createHash, createHmac } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AwsClient, Operations } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import { call } from "../../../../lambdas/adapters/aws/client/call.ts";
import { leanDynamo, leanSns, leanSqs } from "../../../../lambdas/adapters/aws/client/lean-client.ts";
import { overDynamo, overSns, overSqs } from "../../../../lambdas/adapters/aws/client/sdk-client.ts";
import type { Signed, Transport } from "../../../../lambdas/adapters/aws/wire/https-transport.ts";
import type { DependencyError } from "../../../../lambdas/ports/errors.ts";
import { dynamoInputs, messageTo, outputs, snsInputs } from "./lean-inputs.ts";

afterEach(() => vi.unstubAllEnvs());

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}
/** An HTTP handler that records its request and gives one answer. */
function handlerOf(answer: Answer) {
  const asked: HttpRequest[] = [];
  const handle = (request: HttpRequest) => {
    asked.push(request);
    const { status, headers = {}, body } = answer;
    return Promise.resolve({
      response: new HttpResponse({
        statusCode: status,
        headers: { ...headers },
        body: Readable.from(body === "" ? [] : [Buffer.from(body)]),
      }),
    });
  };
  return {
    asked,
    handle,
    metadata: { handlerProtocol: "http/1.1" },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

/** The lean client's request, in the shape of the SDK's. */
function asRequest({ url, method, headers, body }: Signed): HttpRequest {
  const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ""] as const] : []));
  const { protocol, hostname, port, pathname: path } = url;
  const target = { protocol, hostname, path, ...(port !== "" && { port: Number(port) }) };
  return new HttpRequest({ ...target, method, headers: Object.fromEntries(pairs), ...(body !== "" && { body }) });
}

/** A transport that records its request and gives one answer. */
function transportOf({ status, headers = {}, body }: Answer) {
  const asked: HttpRequest[] = [];
  const transport: Transport = (request) => {
    asked.push(asRequest(request));
    return Promise.resolve({ status, headers, body });
  };
  return { asked, transport };
}

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const variables = (region: string, sessionToken?: string) => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
});

/** The same service with the SDK's client and the lean one, both answered by `answer`. */
type Pair<O extends Operations<O>> = (
  answer: Answer,
  region?: string,
  sessionToken?: string,
) => {
  readonly sdk: AwsClient<O>;
  readonly lean: AwsClient<O>;
  /** The SDK's request, then the lean one. */
  readonly asked: () => readonly [HttpRequest, HttpRequest];
};
function pair<O extends Operations<O>>(
  sdk: (config: {
    region: string;
    credentials: object;
    maxAttempts: number;
    requestHandler: ReturnType<typeof handlerOf>;
  }) => AwsClient<O>,
  lean: (environment: ReturnType<typeof variables>, transport: Transport) => AwsClient<O>,
): Pair<O> {
  return (answer, region = "eu-central-1", sessionToken) => {
    const [theirs, ours] = [handlerOf(answer), transportOf(answer)];
    const credentials = { ...KEYS, ...(sessionToken !== undefined && { sessionToken }) };
    return {
      sdk: sdk({ region, credentials, maxAttempts: 1, requestHandler: theirs }),
      lean: lean({ ...process.env, ...variables(region, sessionToken) }, ours.transport),
      asked: () => [theirs.asked[0], ours.asked[0]] as [HttpRequest, HttpRequest],
    };
  };
}
const dynamo = pair(
  (config) => overDynamo(new DynamoDBClient(config as never)),
  (environment, transport) => leanDynamo(environment, transport),
);
const sns = pair(
  (config) => overSns(new SNSClient(config as never)),
  (environment, transport) => leanSns(environment, transport),
);
const sqs = pair(
  (config) => overSqs(new SQSClient(config as never)),
  (environment, transport) => leanSqs(environment, transport),
);
/** The outcome of a call. */
const outcomeOf = (work: Promise<object>) =>
  call("service.Operation", () => work).then(
    (output) => {
      const { $metadata: _, ...members } = output as { $metadata?: unknown };
      return members;
    },
    (error: DependencyError) => {
      const { name, message } = error.cause as Error;
      return {
        kind: error.kind,
        code: error.code,
        mayBeDone: error.mayBeDone,
        cause: { name, message: message.split("\n")[0] },
      };
    },
  );

/** Headers that only describe the SDK, its attempts or the machine; those that a signature adds are checked separately. */
const OF_SDK = /^(amz-sdk-|x-amz-user-agent$|user-agent$|authorization$|x-amz-date$)/u;
const counting = ({ headers }: HttpRequest) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_SDK.test(name)));

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** AWS's own check of a signature (docs.aws.amazon.com, Create a signed AWS API request), and what was signed. */
function signatureOf(request: HttpRequest) {
  const parts = /^AWS4-HMAC-SHA256 Credential=(.+?), SignedHeaders=(.+?), Signature=([0-9a-f]{64})$/u.exec(
    request.headers["authorization"] ?? "",
  );
  const [, credential = "", names = "", signature] = parts ?? [];
  const [key, ...scope] = credential.split("/");
  const [date = "", region = "", service = "", end = ""] = scope;
  const lines = names.split(";").map((name) => `${name}:${request.headers[name]?.trim().replace(/ +/gu, " ")}\n`);
  const path = request.path
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/")
    .replace(/[!'()*]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const canonical = [
    request.method,
    path,
    "",
    lines.join(""),
    names,
    sha256((request.body as string | undefined) ?? ""),
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope.join("/"), sha256(canonical)].join("\n");
  const signing = [date, region, service, end].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${KEYS.secretAccessKey}`,
  );
  return {
    right: hmac(signing, text).toString("hex") === signature,
    key,
    region,
    service,
    end,
    names: names.split(";").filter((name) => !OF_SDK.test(name)),
  };
}

function expectSame([theirs, ours]: readonly [HttpRequest, HttpRequest], bodyOf: (body: string) => unknown) {
  const seen = (request: HttpRequest) => ({
    method: request.method,
    protocol: request.protocol,
    hostname: request.hostname,
    port: request.port,
    path: request.path,
    query: request.query,
    headers: { ...counting(request), "content-length": undefined, "x-amz-content-sha256": undefined },
    body: bodyOf((request.body as string | undefined) ?? ""),
    signature: signatureOf(request),
  });
  expect(seen(ours)).toEqual(seen(theirs));
  expect(seen(ours).signature.right).toBe(true);
  expect(ours.headers["x-amz-content-sha256"]).toBe(sha256((ours.body as string | undefined) ?? ""));
  if (ours.body) expect(ours.headers["content-length"]).toBe(String(Buffer.byteLength(ours.body as string)));
}
const json = (body: string): unknown => JSON.parse(body);

/** One Region of each partition with Lambda, and those that only the SDK's table has. */
const REGIONS = [
  "eu-central-1",
  "us-east-1",
  "ap-southeast-7",
  "cn-north-1",
  "cn-northwest-1",
  "us-gov-west-1",
  "us-gov-east-1",
  "eusc-de-east-1",
  "us-iso-east-1",
  "us-isob-east-1",
  "eu-isoe-west-1",
  "us-isof-south-1",
  "xx-new-9",
];
const regions = fc.constantFrom(...REGIONS);
const tokens = fc.option(fc.base64String({ minLength: 4, maxLength: 60 }), { nil: undefined });
const OK = { status: 200, body: "{}" };

describe("a lean client sends the SDK's request, correctly signed, for", () => {
  it.each(["BatchGetItem", "DeleteItem", "PutItem", "UpdateItem"] as const)("DynamoDB's %s", async (operation) => {
    await fc.assert(
      fc.asyncProperty(
        dynamoInputs[operation] as fc.Arbitrary<never>,
        regions,
        tokens,
        async (input, region, token) => {
          const { sdk, lean, asked } = dynamo(OK, region, token);
          await Promise.all([sdk.request(operation, input), lean.request(operation, input)]);
          expectSame(asked(), json);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(["CreatePlatformEndpoint", "Publish", "SetEndpointAttributes"] as const)(
    "SNS's %s, byte for byte",
    async (operation) => {
      await fc.assert(
        fc.asyncProperty(snsInputs[operation] as fc.Arbitrary<never>, regions, tokens, async (input, region, token) => {
          const { sdk, lean, asked } = sns({ status: 200, body: `<${operation}Response/>` }, region, token);
          await Promise.allSettled([sdk.request(operation, input), lean.request(operation, input)]);
          expectSame(asked(), String);
        }),
        { numRuns: 60 },
      );
    },
  );

  it("SQS's SendMessage, to the host in the queue's URL", async () => {
    const inputs = regions.chain((region) =>
      messageTo(`https://sqs.${region}.${partition(region).dnsSuffix}`).map((input) => ({ region, input })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          inputs,
          messageTo("http://127.0.0.1:4566").map((input) => ({ region: "eu-central-1", input })),
        ),
        tokens,
        async ({ region, input }, token) => {
          vi.spyOn(console, "warn").mockReturnValue(undefined); // the SDK warns about a queue at another address
          const { sdk, lean, asked } = sqs(OK, region, token);
          await Promise.allSettled([sdk.request("SendMessage", input), lean.request("SendMessage", input)]);
          expectSame(asked(), json);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ["for all services", { AWS_ENDPOINT_URL: "http://127.0.0.1:4566" }],
    ["with a path", { AWS_ENDPOINT_URL: "https://vpce-1.example.com:8443/aws" }],
    ["with a slash at its end", { AWS_ENDPOINT_URL: "http://[::1]:4566/" }],
    [
      "for one service",
      {
        AWS_ENDPOINT_URL: "http://127.0.0.1:1",
        AWS_ENDPOINT_URL_DYNAMODB: "http://localhost:2",
        AWS_ENDPOINT_URL_SNS: "http://localhost:3",
      },
    ],
    ["that is to be ignored", { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }],
  ])("an endpoint that is configured %s", async (_, environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const [rows, messages] = [dynamo(OK), sns(OK)];
    await Promise.all([
      rows.sdk.request("PutItem", { TableName: "t", Item: {} }),
      rows.lean.request("PutItem", { TableName: "t", Item: {} }),
    ]);
    await Promise.allSettled([
      messages.sdk.request("Publish", { Message: "m" }),
      messages.lean.request("Publish", { Message: "m" }),
    ]);
    expectSame(rows.asked(), json);
    expectSame(messages.asked(), String);
  });

  it("every Region that the SDK knows", async () => {
    const table: string =
      "../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js";
    const { partitionsInfo } = (await import(table)) as {
      partitionsInfo: { partitions: readonly { regions: object; outputs: { dnsSuffix: string } }[] };
    };
    for (const {
      regions,
      outputs: { dnsSuffix },
    } of partitionsInfo.partitions) {
      for (const region of Object.keys(regions)) {
        const { lean, asked } = dynamo(OK, region);
        await lean.request("PutItem", { TableName: "t", Item: {} });
        expect(asked()[1].hostname).toBe(`dynamodb.${region}.${dnsSuffix}`);
      }
    }
  });
});

const STATUSES = [400, 403, 404, 410, 413, 429, 500, 502, 503, 504];
const unreadable = fc.constantFrom(
  "",
  "<html><body>Bad Gateway</body></html>",
  "Service Unavailable",
  "{",
  "null",
  '"text"',
  "[]",
  "<",
  "<a><b></a>",
);
const status = fc.constantFrom(...STATUSES);
const message = fc.constantFrom("quotes the token", "ü ☎ <&>\"'", "");

describe("a lean client reads an answer as the SDK does:", () => {
  it.each(["BatchGetItem", "UpdateItem"] as const)("output of %s", async (operation) => {
    await fc.assert(
      fc.asyncProperty(outputs[operation], async (output) => {
        const { sdk, lean } = dynamo({
          status: 200,
          headers: { "content-type": "application/x-amz-json-1.0" },
          body: JSON.stringify(output),
        });
        const [theirs, ours] = await Promise.all(
          [sdk, lean].map((client) =>
            outcomeOf(client.request(operation, { RequestItems: {}, TableName: "t", Key: {} })),
          ),
        );
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 200 },
    );
  });

  const DYNAMO_CODES = [
    "ConditionalCheckFailedException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionConflictException",
    "ValidationException",
    "ResourceNotFoundException",
    "AccessDeniedException",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "InternalServerError",
    "SomethingNew",
  ];
  const spelled = (codes: readonly string[], namespaces: readonly string[]) =>
    fc
      .tuple(
        fc.constantFrom(...namespaces),
        fc.constantFrom(...codes),
        fc.constantFrom("", ":http://internal.amazon.com/coral/"),
      )
      .map((parts) => parts.join(""));

  it("errors of DynamoDB", async () => {
    const types = spelled(DYNAMO_CODES, [
      "com.amazonaws.dynamodb.v20120810#",
      "com.amazon.coral.service#",
      "com.amazonaws.dynamodb#",
      "",
    ]);
    const told = fc
      .oneof(
        fc.record({ __type: types, message, Message: message }, { requiredKeys: [] }),
        fc.record({ code: fc.constantFrom(...DYNAMO_CODES), message }),
      )
      .map((body) => JSON.stringify(body));
    const headers = fc.oneof(
      fc.constant({}),
      types.map((type) => ({ "x-amzn-errortype": type })),
    );
    await fc.assert(
      fc.asyncProperty(status, headers, fc.oneof(told, unreadable), async (given, fields, body) => {
        const { sdk, lean } = dynamo({ status: given, headers: fields, body });
        const [theirs, ours] = await Promise.all(
          [sdk, lean].map((client) => outcomeOf(client.request("UpdateItem", { TableName: "t", Key: {} }))),
        );
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 400 },
    );
  });

  it("results of SNS's Publish, CreatePlatformEndpoint and SetEndpointAttributes", async () => {
    const name = fc.constantFrom(
      "Publish" as const,
      "CreatePlatformEndpoint" as const,
      "SetEndpointAttributes" as const,
    );
    const values = fc.constantFrom(
      "9ee1c2a5-6f8e-5b8a-8c8b-9a3d1a3b3c3d",
      "arn:aws:sns:eu-central-1:000000000000:endpoint/GCM/app/5e3e9847-3183-3f18-a7e8-671c3a57d4b3",
      "a&amp;b &#x2601;",
    );
    const space = fc.constantFrom("", "\n  ", "\r\n");
    // An answer in SNS's own spelling to Publish is read without an XML parser.
    const requestIds = fc.constantFrom("d74b8436-ae13-5ab4-a9ff-ce54dfea72a0", "r");
    await fc.assert(
      fc.asyncProperty(
        name,
        values,
        space,
        fc.boolean(),
        requestIds,
        async (operation, value, gap, head, requestId) => {
          const member = {
            Publish: "MessageId",
            CreatePlatformEndpoint: "EndpointArn",
            SetEndpointAttributes: undefined,
          }[operation];
          const result = member
            ? `<${operation}Result>${gap}<${member}>${value}</${member}>${gap}</${operation}Result>`
            : "";
          const body = `${head ? '<?xml version="1.0"?>' : ""}${gap}<${operation}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${gap}${result}${gap}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>${gap}`;
          const { sdk, lean } = sns({ status: 200, headers: { "content-type": "text/xml" }, body });
          const [theirs, ours] = await Promise.all(
            [sdk, lean].map((client) => outcomeOf(client.request(operation, {} as never))),
          );
          expect(ours).toEqual(theirs);
        },
      ),
    );
  });

  const SNS_CODES = [
    "AuthorizationError",
    "EndpointDisabled",
    "InternalError",
    "InvalidParameter",
    "ParameterValueInvalid",
    "InvalidSecurity",
    "KMSAccessDenied",
    "KMSDisabled",
    "KMSInvalidState",
    "KMSNotFound",
    "KMSOptInRequired",
    "KMSThrottling",
    "NotFound",
    "PlatformApplicationDisabled",
    "Throttled",
    "ValidationException",
    "Throttling",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "AccessDenied",
    "ServiceUnavailable",
    "SomethingNew",
  ];
  it("errors of SNS", async () => {
    const texts = fc.constantFrom(
      "Invalid parameter: Token Reason: Endpoint arn:aws:sns:eu-central-1:1:endpoint/GCM/app/x already exists with the same Token, but different attributes.",
      "a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; &#252;",
    );
    const told = fc
      .tuple(fc.constantFrom(...SNS_CODES), texts)
      .map(
        ([code, text]) =>
          `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      );
    await fc.assert(
      fc.asyncProperty(
        status,
        fc.oneof({ arbitrary: told, weight: 3 }, { arbitrary: unreadable, weight: 1 }),
        async (given, body) => {
          const { sdk, lean } = sns({ status: given, body });
          const [theirs, ours] = await Promise.all(
            [sdk, lean].map((client) => outcomeOf(client.request("Publish", { Message: "m" }))),
          );
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("SQS's acceptance, including a wrong checksum", async () => {
    const sum = (text: string) => createHash("md5").update(text).digest("hex");
    await fc.assert(
      fc.asyncProperty(
        messageTo("https://sqs.eu-central-1.amazonaws.com"),
        fc.constantFrom("right", "wrong", "none"),
        async (input, kind) => {
          const md5 = { right: sum(input.MessageBody), wrong: sum("other"), none: undefined }[kind];
          const { sdk, lean } = sqs({ status: 200, body: JSON.stringify({ MessageId: "m", MD5OfMessageBody: md5 }) });
          const [theirs, ours] = await Promise.all(
            [sdk, lean].map((client) => outcomeOf(client.request("SendMessage", input))),
          );
          expect(ours).toEqual(theirs);
        },
      ),
    );
  });

  it("errors of SQS", async () => {
    // Name in the model and code of the query protocol, as SQS pairs them (the service's model, awsQueryError).
    const own = fc.constantFrom(
      ["com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"],
      ["com.amazonaws.sqs#UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"],
      ["com.amazonaws.sqs#RequestThrottled", "RequestThrottled"],
      ["com.amazonaws.sqs#KmsThrottled", "KMS.ThrottlingException"],
      ["com.amazonaws.sqs#KmsAccessDenied", "KMS.AccessDeniedException"],
      ["com.amazonaws.sqs#InvalidMessageContents", "InvalidMessageContents"],
      ["com.amazonaws.sqs#InvalidAddress", "InvalidAddress"],
      ["com.amazonaws.sqs#OverLimit", "OverLimit"],
      ["com.amazon.coral.service#AccessDeniedException", "AccessDenied"],
      ["com.amazon.coral.service#InternalFailure", "InternalFailure"],
      ["com.amazon.coral.service#ThrottlingException", "ThrottlingException"],
    );
    const told = fc
      .tuple(own, message, fc.constantFrom("Sender", "Receiver"))
      .map(([[__type, code], text, fault]) => ({
        headers: { "x-amzn-query-error": `${code};${fault}` },
        body: JSON.stringify({ __type, message: text }),
      }));
    await fc.assert(
      fc.asyncProperty(
        status,
        fc.oneof({ arbitrary: told, weight: 3 }, { arbitrary: unreadable.map((body) => ({ body })), weight: 1 }),
        async (given, answer) => {
          const { sdk, lean } = sqs({ status: given, ...answer });
          const input = { QueueUrl: "https://sqs.eu-central-1.amazonaws.com/1/q", MessageBody: "m" };
          const [theirs, ours] = await Promise.all(
            [sdk, lean].map((client) => outcomeOf(client.request("SendMessage", input))),
          );
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("a body cut off anywhere, with a length that fits", async () => {
    const rows = JSON.stringify({ Responses: { core: [{ pk: { S: "a" } }] } });
    const published =
      '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>0-1</MessageId></PublishResult><ResponseMetadata><RequestId>0-2</RequestId></ResponseMetadata></PublishResponse>';
    expect(await outcomeOf(sns({ status: 200, body: published }).lean.request("Publish", { Message: "m" }))).toEqual({
      MessageId: "0-1",
    });
    for (let length = 1; length < rows.length; length += 1) {
      const { sdk, lean } = dynamo({ status: 200, body: rows.slice(0, length) });
      const [theirs, ours] = await Promise.all(
        [sdk, lean].map((client) => outcomeOf(client.request("BatchGetItem", { RequestItems: {} }))),
      );
      expect(ours).toEqual(theirs);
      expect(ours).toMatchObject({ kind: "unavailable", mayBeDone: true });
    }
    for (let length = 1; length < published.length; length += 1) {
      const { lean } = sns({ status: 200, body: published.slice(0, length) });
      expect(await outcomeOf(lean.request("Publish", { Message: "m" }))).toMatchObject({
        kind: "unavailable",
        mayBeDone: true,
      });
    }
  });
});

describe("a lean client is stricter than the SDK", () => {
  it.each(["", "[]", "null", '"text"', "5"])(
    "with a 200 of %j from DynamoDB or SQS, which is not an answer",
    async (body) => {
      expect(
        await outcomeOf(dynamo({ status: 200, body }).lean.request("UpdateItem", { TableName: "t", Key: {} })),
      ).toMatchObject({ kind: "unavailable", mayBeDone: true });
      const message = { QueueUrl: "https://sqs.eu-central-1.amazonaws.com/1/q", MessageBody: "m" };
      expect(await outcomeOf(sqs({ status: 200, body }).lean.request("SendMessage", message))).toMatchObject({
        kind: "unavailable",
        mayBeDone: true,
      });
    },
  );

  it.each([
    "",
    "<r/>",
    "<PublishResponse><PublishResult/></PublishResponse>",
    "<PublishResponse><PublishResult><MessageId></MessageId></PublishResult></PublishResponse>",
  ])("with a 200 of %j from SNS, which names no message and no endpoint", async (body) => {
    for (const operation of ["Publish", "CreatePlatformEndpoint"] as const) {
      const text = body
        .replaceAll("Publish", operation)
        .replaceAll("MessageId", operation === "Publish" ? "MessageId" : "EndpointArn");
      expect(await outcomeOf(sns({ status: 200, body: text }).lean.request(operation, {} as never))).toMatchObject({
        kind: "unavailable",
        mayBeDone: true,
      });
    }
    expect(
      await outcomeOf(sns({ status: 200, body: "" }).lean.request("SetEndpointAttributes", {} as never)),
    ).toMatchObject({ kind: "unavailable" });
  });

  it.each(["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])(
    "without %s it reports that, and sends nothing",
    async (name) => {
      const { asked, transport } = transportOf(OK);
      const lean = leanDynamo({ ...variables("eu-central-1"), [name]: "" }, transport);
      expect(await outcomeOf(lean.request("PutItem", { TableName: "t", Item: {} }))).toMatchObject({
        cause: { message: `environment variable ${name} is not set` },
      });
      expect(asked).toEqual([]);
    },
  );
});

it("a lean client signs with the current credentials", async () => {
  const environment: Record<string, string> = variables("eu-central-1", "first");
  const { asked, transport } = transportOf(OK);
  const lean = leanDynamo(environment, transport);
  await lean.request("PutItem", { TableName: "t", Item: {} });
  Object.assign(environment, { AWS_ACCESS_KEY_ID: "AKIDROTATED", AWS_SESSION_TOKEN: "second" });
  await lean.request("PutItem", { TableName: "t", Item: {} });
  delete environment["AWS_SESSION_TOKEN"];
  await lean.request("PutItem", { TableName: "t", Item: {} });
  expect(
    asked.map((request) => [
      signatureOf(request).key,
      signatureOf(request).right,
      request.headers["x-amz-security-token"],
    ]),
  ).toEqual([
    ["AKIDEXAMPLE", true, "first"],
    ["AKIDROTATED", true, "second"],
    ["AKIDROTATED", true, undefined],
  ]);
});
