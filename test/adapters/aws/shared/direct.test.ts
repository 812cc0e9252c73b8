import { BatchGetItemCommand, ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { NotFoundException, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import fc from "fast-check";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { call } from "../../../../lambdas/adapters/aws/shared/call.ts";
import { postDynamo, postSns } from "../../../../lambdas/adapters/aws/shared/clients.ts";
import { Sha256 } from "../../../../lambdas/adapters/aws/shared/sha256.ts";
import { listen, type Listening } from "../../../../local/aws/listen.ts";

/** What one request held. */
interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
interface Answer {
  readonly status: number;
  readonly body: string;
  /** The rest of the body never comes. */
  readonly halts?: true;
}

let asked: Asked[];
let answer: Answer | undefined;
let host: Listening;
beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: "{}" };
  host = await listen(
    createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        asked.push({ path: request.url ?? "", headers: request.headers, body });
        if (answer === undefined) return;
        response.writeHead(answer.status);
        if (answer.halts) response.write(answer.body);
        else response.end(answer.body);
      });
    }),
    0,
  );
});
afterEach(() => host.close());

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: "token" };
const options = () => ({ endpoint: host.url, region: "eu-central-1", credentials, maxAttempts: 1 });
const publish = new PublishCommand({
  TargetArn: "arn",
  MessageStructure: "json",
  Message: '{"default":"ü ☎ &=+%"}',
  MessageAttributes: { name: { DataType: "String", StringValue: "value" } },
});
const PUBLISHED = "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>";
const read = new BatchGetItemCommand({ RequestItems: { table: { Keys: [{ pk: { S: "ü" } }], ConsistentRead: true } } });

/** Who signed what, and the signature, of a request. */
function signature({ headers, path, body }: Asked) {
  const [, scope, names] = /Credential=(\S+), SignedHeaders=(\S+), /u.exec(headers.authorization ?? "") ?? [];
  const signed = Object.fromEntries((names ?? "").split(";").map((name) => [name, headers[name]]));
  const { "x-amz-date": date, "amz-sdk-invocation-id": id, "amz-sdk-request": attempt, "x-amz-user-agent": agent, ...rest } = signed;
  return { scope: scope?.replace(/\/\d{8}\//u, "/DATE/"), path, body, ...rest };
}

describe("a direct call", () => {
  it("asks what the SDK's own call asks, signed for the same headers but for those that tell AWS of the SDK", async () => {
    answer = { status: 200, body: PUBLISHED };
    await new SNSClient(options()).send(publish);
    await postSns(options()).send(publish);
    answer = { status: 200, body: "{}" };
    await new DynamoDBClient(options()).send(read);
    await postDynamo(options()).send(read);
    const [sdkPublish, ourPublish, sdkRead, ourRead] = asked.map(signature);
    expect(ourPublish).toEqual(sdkPublish);
    expect(ourRead).toEqual(sdkRead);
    expect(ourRead).toMatchObject({ scope: "AKIDEXAMPLE/DATE/eu-central-1/dynamodb/aws4_request", "x-amz-security-token": "token" });
    for (const { headers } of [asked[1], asked[3]] as Asked[]) {
      expect(headers).toMatchObject({ "user-agent": "pbx-push-service", "content-length": expect.stringMatching(/^\d+$/u) as string });
    }
  });

  it("goes through the SDK's middleware where the stage says so, and once only", async () => {
    answer = { status: 200, body: PUBLISHED };
    expect(await postSns(options(), "sdk").send(publish)).toMatchObject({ MessageId: "m" });
    answer = { status: 200, body: "{}" };
    await postDynamo(options(), "sdk").send(read);
    for (const { headers } of asked.splice(0)) {
      expect(headers["amz-sdk-invocation-id"]).toMatch(/^[\da-f-]{36}$/u);
      expect(headers["user-agent"]).toMatch(/^aws-sdk-js/u);
    }
    answer = { status: 503, body: "{}" };
    await expect(postDynamo(options(), "sdk").send(read)).rejects.toThrow();
    expect(asked).toHaveLength(1);
  });

  it("writes any Publish as the SDK does, byte for byte", async () => {
    answer = { status: 200, body: PUBLISHED };
    const [sdk, ours] = [new SNSClient(options()), postSns(options())];
    const anyText = fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.toWellFormed());
    const attributes = fc.dictionary(anyText, anyText.map((StringValue) => ({ DataType: "String", StringValue })), { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(anyText, anyText, attributes, async (TargetArn, Message, MessageAttributes) => {
        const any = new PublishCommand({ TargetArn, Message, MessageStructure: "json", MessageAttributes });
        await sdk.send(any);
        await ours.send(any);
        const [theirs, own] = asked.splice(0).map(({ body }) => body);
        expect(own).toBe(theirs);
      }),
      { numRuns: 200 },
    );
  });

  it("takes no answer to a Publish without a MessageId for one", async () => {
    for (const body of ["", "<r/>", "<PublishResponse><PublishResult><MessageId>"]) {
      answer = { status: 200, body };
      await expect(call("sns.Publish", (signal) => postSns(options()).send(publish, signal))).rejects.toMatchObject({ kind: "unavailable" });
    }
  });

  it("has the SDK's output and its exceptions", async () => {
    answer = { status: 200, body: PUBLISHED };
    expect(await postSns(options()).send(publish)).toMatchObject({ MessageId: "m", $metadata: { httpStatusCode: 200 } });
    answer = { status: 404, body: "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>gone</Message></Error></ErrorResponse>" };
    const failed = await postSns(options()).send(publish).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NotFoundException);
    expect(failed).toMatchObject({ message: "gone", $metadata: { httpStatusCode: 404 } });
    answer = { status: 400, body: '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}' };
    const update = new UpdateItemCommand({ TableName: "table", Key: { pk: { S: "k" } } });
    await expect(postDynamo(options()).send(update)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    answer = { status: 200, body: '{"Responses":{"table":[{"pk":{"S":"ü"}}]}}' };
    expect(await postDynamo(options()).send(read)).toMatchObject({ Responses: { table: [{ pk: { S: "ü" } }] } });
  });

  it.each([
    ["no answer comes", undefined],
    ["an answer does not end", { status: 200, body: "<PublishResponse>", halts: true }],
  ] as const)("is ended by its abort signal where %s", async (_, given) => {
    answer = given;
    const startedAt = performance.now();
    const sent = call("sns.Publish", (signal) => postSns(options()).send(publish, signal), 100);
    await expect(sent).rejects.toMatchObject({ kind: "timeout" });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it("asks for credentials again before they expire, and then keeps them", async () => {
    answer = { status: 200, body: PUBLISHED };
    let given = 0;
    const provider = () => {
      given += 1;
      const expiration = new Date(Date.now() + (given === 1 ? 1_000 : 3_600_000));
      return Promise.resolve({ ...credentials, accessKeyId: `KEY${String(given)}`, expiration });
    };
    const sns = postSns({ ...options(), credentials: provider });
    for (let n = 0; n < 3; n += 1) await sns.send(publish);
    const keys = asked.map(({ headers }) => /Credential=(\w+)\//u.exec(headers.authorization ?? "")?.[1]);
    expect(keys.at(-1)).toBe("KEY2");
    expect(given).toBe(2);
  });
});

describe("Sha256", () => {
  const hex = async (hash: Sha256, ...data: (string | Uint8Array | ArrayBuffer)[]) => {
    for (const part of data) hash.update(part);
    return Buffer.from(await hash.digest()).toString("hex");
  };
  it("is FIPS 180-4's, for text and bytes", async () => {
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(await hex(new Sha256(), "abc")).toBe(abc);
    expect(await hex(new Sha256(), new TextEncoder().encode("a"), new TextEncoder().encode("bc").buffer)).toBe(abc);
  });
  it("with a key is RFC 4231's HMAC (test case 2), whatever the key is given as, and of a part of a buffer its part", async () => {
    const expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const key = new TextEncoder().encode("Jefe");
    const inside = new Uint8Array([0, ...key, 0]).subarray(1, 5);
    for (const each of ["Jefe", key, key.buffer, inside]) expect(await hex(new Sha256(each), "what do ya want ", "for nothing?")).toBe(expected);
  });
});
