import { constants, publicEncrypt } from "node:crypto";
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { DecryptCommand, GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendEmailCommand, SendRawEmailCommand, SESClient } from "@aws-sdk/client-ses";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startLocalHost, type LocalHost } from "../../../local/host.ts";
import { fixture } from "../fixture/assembly.ts";
import { awsOptions } from "../support.ts";
import { eventually } from "../../support/process/waiting.ts";

let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost({ port: 0, assembly: fixture(), sweepMs: 200 });
});
afterAll(() => host.stop());
beforeEach(() => {
  host.faults.clear();
  host.calls.reset();
  host.mailbox.clear();
});
const options = () => awsOptions(host.awsUrl);
const post = (body: unknown) =>
  fetch(`${host.url}/_local/faults`, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
const read = async (...keys: string[]) =>
  (await fetch(`${host.url}/read?keys=${keys.join(",")}`)).json() as Promise<object>;
const write = (pk: string, ttl: number) => fetch(`${host.url}/write?pk=${pk}&ttl=${ttl}`);

describe("DynamoDB", () => {
  it("is reached by functions, with each call counted except those of the start", async () => {
    expect(await (await fetch(`${host.url}/_local/calls`)).json()).toEqual({});
    await write("a", 9_999_999_999);
    expect(await read("a", "b")).toEqual({ found: 1, unprocessed: 0 });
    expect(await (await fetch(`${host.url}/_local/calls`)).json()).toEqual({
      "dynamodb.BatchGetItem": 1,
      "dynamodb.PutItem": 1,
    });
  });

  it("deletes rows past their TTL, and no others", async () => {
    const now = Math.floor(Date.now() / 1000);
    await write("gone", now - 10);
    await write("stays", now + 1_000);
    await eventually(async () => ((await read("gone", "stays")) as { found: number }).found === 1 || undefined);
    const db = new DynamoDBClient(options());
    const { TableNames = [] } = await db.send(new ListTablesCommand());
    const { Table } = await db.send(new DescribeTableCommand({ TableName: TableNames[0] }));
    expect(Table?.KeySchema).toEqual([{ AttributeName: "pk", KeyType: "HASH" }]);
    const { Items } = await db.send(new ScanCommand({ TableName: TableNames[0] }));
    expect(Items?.map(({ pk }) => pk?.S)).toContain("stays");
  });
});

describe("faults", () => {
  it("hit one operation in its protocol's form, as often as requested", async () => {
    expect(
      (
        await post({
          service: "dynamodb",
          operation: "BatchGetItem",
          error: "ProvisionedThroughputExceededException",
          count: 1,
        })
      ).status,
    ).toBe(201);
    expect((await fetch(`${host.url}/read?keys=a`)).status).toBe(500);
    expect(await read("a")).toMatchObject({ unprocessed: 0 });
    expect(host.logs.list().some(({ line }) => line.includes("ProvisionedThroughputExceededException"))).toBe(true);
    expect(await (await fetch(`${host.url}/_local/faults`)).json()).toMatchObject([{ struck: 1 }]);
  });

  it("reach SNS's query protocol by code and status", async () => {
    const sns = new SNSClient(options());
    const publish = () =>
      sns.send(new PublishCommand({ TopicArn: "arn:aws:sns:eu-west-1:000000000000:events", Message: "x" }));
    await post({ service: "sns", error: "Throttled", count: 1 });
    await expect(publish()).rejects.toMatchObject({ name: "ThrottledException", $metadata: { httpStatusCode: 400 } });
    await post({ service: "sns", status: 503, count: 1 });
    await expect(publish()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    await publish();
  });

  it("delay a call, which has no effect if the caller hangs up meanwhile", async () => {
    await post({ service: "ses", latencyMs: 250_000, count: 1 });
    await post({ service: "ses", latencyMs: 100 });
    const ses = new SESClient({ ...options(), requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true } });
    const mail = new SendEmailCommand({
      Source: "a@b.c",
      Destination: { ToAddresses: ["d@e.f"] },
      Message: { Subject: { Data: "s" }, Body: { Text: { Data: "t" } } },
    });
    await expect(ses.send(mail)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(host.mailbox.list()).toEqual([]);
    const begun = Date.now();
    await new SESClient(options()).send(mail);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(95);
    expect(host.mailbox.list()).toHaveLength(1);
  });

  it("leave keys of a batch unprocessed", async () => {
    await write("p1", 9_999_999_999);
    await write("p2", 9_999_999_999);
    await post({ service: "dynamodb", partial: true, count: 2 });
    expect(await read("p1", "p2")).toEqual({ found: 1, unprocessed: 1 });
    expect(await read("p1")).toEqual({ found: 0, unprocessed: 1 });
    expect(await read("p1", "p2")).toEqual({ found: 2, unprocessed: 0 });
  });

  it("hit a share of the calls", async () => {
    await post({ service: "dynamodb", status: 500, rate: 0.5 });
    const db = new DynamoDBClient(options());
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => db.send(new ListTablesCommand())));
    const failed = results.filter(({ status }) => status === "rejected").length;
    expect(failed).toBeGreaterThan(50);
    expect(failed).toBeLessThan(150);
  });

  it.each([
    ["not JSON", "{", "JSON"],
    ["no service", { error: "X" }, "service"],
    ["an unknown service", { service: "s3", error: "X" }, "service"],
    ["no effect", { service: "sns" }, "at least one of"],
    ["a rate above 1", { service: "sns", error: "X", rate: 2 }, "rate"],
    ["a count of 0", { service: "sns", error: "X", count: 0 }, "count"],
    ["an unknown member", { service: "sns", error: "X", probability: 1 }, "probability"],
    ["partial for another service", { service: "sns", partial: true }, "partial"],
    ["a list", [], "service"],
  ])("are refused with a reason: %s", async (_, body, reason) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error.toLowerCase()).toContain(reason.toLowerCase());
    expect(host.faults.list()).toEqual([]);
  });
});

describe("SES", () => {
  it("puts both kinds of email into the mailbox", async () => {
    const ses = new SESClient(options());
    const data = (Data: string) => ({ Data, Charset: "UTF-8" });
    await ses.send(
      new SendEmailCommand({
        Source: "PBX Push <push@example.com>",
        Destination: { ToAddresses: ["Owner <owner@example.com>"] },
        Message: { Subject: data("Grüße"), Body: { Text: data("Text & <link>"), Html: data("<p>ü</p>") } },
      }),
    );
    const raw = [
      "From: push@example.com",
      "To: Owner <owner@example.com>",
      "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=",
      "MIME-Version: 1.0",
      'Content-Type: multipart/alternative; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from("Text & <link>").toString("base64"),
      "--b",
      "Content-Type: text/html; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "<p>=C3=BC</p>",
      "--b--",
      "",
    ].join("\r\n");
    await ses.send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));
    const mails = (await (await fetch(`${host.url}/_local/mail`)).json()) as Record<string, string>[];
    expect(mails).toHaveLength(2);
    for (const mail of mails) {
      expect(mail).toMatchObject({ to: "owner@example.com", subject: "Grüße" });
      expect(mail["text"]?.trim()).toBe("Text & <link>");
      expect(mail["html"]?.trim()).toBe("<p>ü</p>");
      expect(new Date(mail["date"] ?? "").getTime()).toBeGreaterThan(Date.now() - 10_000);
    }
    await expect(
      ses.send(
        new SendEmailCommand({
          Source: "a@b.c",
          Destination: {},
          Message: { Subject: data("s"), Body: { Text: data("t") } },
        }),
      ),
    ).rejects.toThrow("no recipient");
  });
});

describe("keys and secrets", () => {
  it("KMS decrypts what was encrypted to its public key", async () => {
    const kms = new KMSClient(options());
    const KeyId = String(host.outputs.get("data.Key"));
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    const key = {
      key: Buffer.from(PublicKey ?? []),
      format: "der",
      type: "spki",
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: "sha256",
    } as const;
    const CiphertextBlob = publicEncrypt(key, Buffer.from("token"));
    const decrypt = (blob: Uint8Array) =>
      kms.send(new DecryptCommand({ KeyId, CiphertextBlob: blob, EncryptionAlgorithm: "RSAES_OAEP_SHA_256" }));
    expect(Buffer.from((await decrypt(CiphertextBlob)).Plaintext ?? []).toString()).toBe("token");
    await expect(decrypt(Buffer.alloc(256, 1))).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    await expect(kms.send(new GetPublicKeyCommand({ KeyId: "nobody" }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  it("Secrets Manager holds secrets that the template generates", async () => {
    const secrets = new SecretsManagerClient(options());
    const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: "credential" }));
    expect(JSON.parse(SecretString)).toEqual({ user: "u", password: expect.stringMatching(/^.{32}$/u) as unknown });
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
