import type { KMSClient } from "@aws-sdk/client-kms";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { NotFoundException, type SNSClient } from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import type { Sns } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import { credentialSecrets } from "../../../../lambdas/adapters/aws/push/credential-secrets.ts";
import { dynamoDevices } from "../../../../lambdas/adapters/aws/push/devices.ts";
import { dynamoNewTokens } from "../../../../lambdas/adapters/aws/push/new-tokens.ts";
import { dynamoOutcomes } from "../../../../lambdas/adapters/aws/push/outcomes.ts";
import { snsApplications } from "../../../../lambdas/adapters/aws/push/platform-applications.ts";
import { dynamoPostContext } from "../../../../lambdas/adapters/aws/push/post-context.ts";
import { kmsPublicKeys } from "../../../../lambdas/adapters/aws/push/public-keys.ts";
import { snsDispatcher } from "../../../../lambdas/adapters/aws/push/sns-dispatcher.ts";
import { marshall } from "@aws-sdk/util-dynamodb";
import { awsError, scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { NOON } from "../../../support/values/clock.ts";
import { anApp, iosToken } from "../../../support/values/values.ts";

/** A client, of the SDK or ours, that gives every call the same answer. */
function answering<Client>(answer: object | Error): Client {
  const say = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  return { send: say, request: say } as unknown as Client;
}
const DENIED = awsError("AccessDeniedException");
const ARN = "arn:app";
const LIMIT = 1_000;

describe("an answer without the requested part is empty", () => {
  it.each<readonly [string, () => Promise<unknown>, unknown]>([
    ["a secret", () => credentialSecrets(answering<SecretsManagerClient>({})).read("s"), ""],
    ["a key", () => kmsPublicKeys(answering<KMSClient>({})).publicKey("k"), ""],
    ["an application", () => snsApplications(answering<SNSClient>({})).create("n", "GCM", {}), ""],
    [
      "a message's id",
      () => snsDispatcher(answering<Sns>({})).send("e", {} as never, LIMIT),
      { outcome: "accepted", messageId: "" },
    ],
  ])("%s", async (_, work, empty) => expect(await work()).toEqual(empty));
});

describe("a denied call is named in its error", () => {
  it.each<readonly [string, () => Promise<unknown>]>([
    ["secretsmanager.GetSecretValue", () => credentialSecrets(answering<SecretsManagerClient>(DENIED)).read("s")],
    ["kms.GetPublicKey", () => kmsPublicKeys(answering<KMSClient>(DENIED)).publicKey("k")],
    ["sns.CreatePlatformApplication", () => snsApplications(answering<SNSClient>(DENIED)).create("n", "GCM", {})],
    ["sns.SetPlatformApplicationAttributes", () => snsApplications(answering<SNSClient>(DENIED)).update(ARN, {})],
    ["sns.CreatePlatformEndpoint", () => snsDispatcher(answering<Sns>(DENIED)).register(anApp("GCM"), "t", LIMIT)],
    ["sns.SetEndpointAttributes", () => snsDispatcher(answering<Sns>(DENIED)).enable("e", "t", LIMIT)],
  ])("%s", async (operation, work) => {
    await expect(work()).rejects.toMatchObject({ operation, kind: "rejected", denied: true });
  });

  it("while a missing application is created", async () => {
    const none = new NotFoundException({ message: "none", $metadata: { httpStatusCode: 404 } });
    expect(await snsApplications(answering<SNSClient>(none)).update(ARN, {})).toBe(false);
  });
});

describe("SNS's dispatcher", () => {
  it("uses a topic as its own endpoint, without a call", async () => {
    const app = { ...anApp("GCM"), platform: "CANARY", applicationArn: "arn:topic" } as const;
    expect(await snsDispatcher(answering<Sns>(DENIED)).register(app, iosToken, LIMIT)).toBe("arn:topic");
  });

  const about = "Invalid parameter: Token Reason: x";
  const named = (name: string, message: string) => Object.assign(awsError(name), { message });
  it.each([
    ["of another name", named("ThrottlingException", about), "throttled"],
    ["about another parameter", named("InvalidParameterException", "Invalid parameter: Name"), "rejected"],
  ])("blames no token for an error %s", async (_, error, kind) => {
    const dispatcher = snsDispatcher(answering<Sns>(error));
    await expect(dispatcher.register(anApp("GCM"), "t", LIMIT)).rejects.toMatchObject({ kind });
    await expect(dispatcher.enable("e", "t", LIMIT)).rejects.toMatchObject({ kind });
  });

  it.each(["No endpoint found for the target arn specified", "Message too long", about])(
    "ignores the text of an error with another name: %s",
    async (text) => {
      const dispatcher = snsDispatcher(answering<Sns>(named("ThrottlingException", text)));
      await expect(dispatcher.send("e", {} as never, LIMIT)).rejects.toMatchObject({ kind: "throttled" });
    },
  );

  it("blames no token for a parameter that SNS refuses for another reason", async () => {
    const dispatcher = snsDispatcher(answering<Sns>(named("InvalidParameterException", "Invalid parameter: Name")));
    const rejected = { outcome: "rejected", code: "InvalidParameterException" };
    expect(await dispatcher.send("e", {} as never, LIMIT)).toEqual(rejected);
  });

  it("finds no endpoint for a token that SNS refuses without naming one", async () => {
    const refused = snsDispatcher(answering<Sns>(named("InvalidParameterException", about)));
    expect(await refused.register(anApp("GCM"), "t", LIMIT)).toBeUndefined();
    expect(await refused.enable("e", "t", LIMIT)).toBe("bad-token");
  });
});

describe("a post's context", () => {
  const TABLES = { core: "core", sessions: "sessions" };
  const device = { pk: "DEVICE#d", sk: "DEVICE", endpointArn: "arn:e", usedAt: 5, createdAt: "5", tries: 2 };
  const breaker = { pk: "BREAKER#ios", sk: "BREAKER", openedAt: 1, openUntil: 2 };
  const asked = async (ask: Parameters<ReturnType<typeof dynamoPostContext>["read"]>[0]) => {
    const dynamo = scriptedDynamo({ Responses: { core: [], sessions: [] } });
    await dynamoPostContext(dynamo.client, TABLES).read(ask, LIMIT);
    const { RequestItems } = dynamo.asked[0]?.input as { RequestItems: Record<string, { Keys: object[] }> };
    return Object.entries(RequestItems).map(([table, { Keys }]) => `${table} ${String(Keys.length)}`);
  };

  it("includes only the requested parts", async () => {
    expect(await asked({ connectionId: "c" })).toEqual(["sessions 1"]);
    expect(await asked({ connectionId: "c", app: "ios" })).toEqual(["sessions 1"]);
    expect(await asked({ connectionId: "c", deviceKey: "d" })).toEqual(["sessions 1"]);
    expect(await asked({ deviceKey: "d", app: "ios" })).toEqual(["core 2"]);
    expect(await asked({ connectionId: "c", deviceKey: "d", app: "ios" })).toEqual(["sessions 1", "core 2"]);
  });

  it.each([[[device, breaker]], [[breaker, device]]])("is read correctly in any order of the answer", async (rows) => {
    const { client } = scriptedDynamo({ Responses: { core: rows.map((row) => marshall(row)) } });
    const read = await dynamoPostContext(client, TABLES).read({ deviceKey: "d", app: "ios" }, LIMIT);
    expect(read.breaker).toEqual({ openedAt: 1, openUntil: 2 });
    // An invalid time is ignored.
    expect(read.device?.seenBy("a.example.com")).toEqual({ endpointArn: "arn:e", usedAt: 5, createdAt: 0, tries: 2 });
  });

  it.each([[[breaker]], [[device]], [[]]])("omits missing rows", async (rows) => {
    const { client } = scriptedDynamo({ Responses: { core: rows.map((row) => marshall(row)) } });
    const read = await dynamoPostContext(client, TABLES).read({ deviceKey: "d", app: "ios" }, LIMIT);
    const keys: readonly string[] = rows.map(({ sk }) => sk);
    expect([read.device !== undefined, read.breaker !== undefined]).toEqual(
      ["DEVICE", "BREAKER"].map((sk) => keys.includes(sk)),
    );
  });
});

describe("a device", () => {
  it.each([
    ["has another endpoint now", { Item: marshall({ endpointArn: "arn:new", app: "ios" }) }],
    ["is gone", {}],
  ])("that the index still lists under its endpoint, and that %s, is not found", async (_, row) => {
    const { client } = scriptedDynamo({ Items: [marshall({ pk: "DEVICE#d" })] }, row);
    expect(await dynamoOutcomes(client, "core").find("arn:old")).toBeUndefined();
  });

  it("keeps what a change does not name", async () => {
    const { client, asked } = scriptedDynamo({ Attributes: {} });
    const change = { domain: "a.example.com", app: "ios", usedAt: NOON, token: undefined };
    await dynamoDevices(client, "core").remember("d", change as never, LIMIT);
    expect((asked[0]?.input as { UpdateExpression: string }).UpdateExpression).not.toContain("token");
  });
});

it("a count of new tokens that loses every race is a conflict", async () => {
  const { client, asked } = scriptedDynamo(awsError("ConditionalCheckFailedException"));
  await expect(dynamoNewTokens(client, "core").add("a.example.com", NOON, LIMIT)).rejects.toMatchObject({
    operation: "dynamodb.UpdateItem",
    kind: "conflict",
  });
  expect(asked).toHaveLength(3);
});
