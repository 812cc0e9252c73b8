import { GetConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { GetPublicKeyCommand } from "@aws-sdk/client-kms";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetAccountSendingEnabledCommand } from "@aws-sdk/client-ses";
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as clients from "../../../../lambdas/adapters/aws/client/clients.ts";
import * as fallbacks from "../../../../lambdas/adapters/aws/client/lean-client-sdk.ts";
import { overConnections } from "../../../../lambdas/adapters/aws/client/sdk-client.ts";
import { listen, type Listening } from "../../../../local/aws/listen.ts";

let asked: string[] = [];
let host: Listening;
beforeAll(async () => {
  // A failure of AWS's own, which the SDK retries.
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => response.writeHead(500).end("{}"));
  });
  host = await listen(server, 0);
});
afterAll(() => host.close());
beforeEach(() => {
  asked = [];
  for (const [name, value] of [
    ["AWS_REGION", "eu-central-1"],
    ["AWS_ACCESS_KEY_ID", "x"],
    ["AWS_SECRET_ACCESS_KEY", "x"],
    ["AWS_ENDPOINT_URL", host.url],
  ] as const)
    vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

const QueueUrl = () => `${host.url}/0/q`;
const put = { TableName: "t", Item: {} };

// A call is tried three times by default, and one with its own deadline once.
describe("a failure of AWS's own is tried this many times", () => {
  it.each<readonly [string, number, () => Promise<unknown>]>([
    ["DynamoDB", 3, () => clients.dynamoClient().request("PutItem", put)],
    ["SES", 3, () => clients.sesClient().send(new GetAccountSendingEnabledCommand({}))],
    ["CloudWatch", 3, () => clients.cloudWatchClient().send(new DescribeAlarmsCommand({}))],
    ["SQS", 3, () => clients.sqsClient().send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody: "{}" }))],
    ["KMS", 3, () => clients.kmsClient().send(new GetPublicKeyCommand({ KeyId: "k" }))],
    ["Secrets Manager", 3, () => clients.secretsClient().send(new DescribeSecretCommand({ SecretId: "s" }))],
    [
      "API Gateway's connections",
      3,
      () => clients.connectionsClient(`${host.url}/stage`).send(new GetConnectionCommand({ ConnectionId: "c" })),
    ],
    ["SNS for a deployment", 2, () => clients.snsControlClient().send(new PublishCommand({ Message: "m" }))],
    ["SNS for posts", 1, () => clients.snsClient().send(new PublishCommand({ Message: "m" }))],
    ["DynamoDB in place of the lean client", 1, () => fallbacks.leanDynamo().request("PutItem", put)],
    ["SNS in place of the lean client", 1, () => fallbacks.leanSns().request("Publish", { Message: "m" })],
    [
      "SQS in place of the lean client",
      1,
      () => fallbacks.leanSqs().request("SendMessage", { QueueUrl: QueueUrl(), MessageBody: "{}" }),
    ],
  ])("%s: %i", async (_, attempts, work) => {
    await expect(work()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    expect(asked).toHaveLength(attempts);
  });

  it("at the stage's callback URL, including its path", async () => {
    const connections = overConnections(clients.connectionsClient(`${host.url}/stage`));
    await connections.request("DeleteConnection", { ConnectionId: "c" }).catch(() => undefined);
    expect(asked[0]).toBe("DELETE /stage/@connections/c");
  });
});

describe("a request of the SDK ends", () => {
  it.each([
    ["after 2 s", clients.snsClient, 2_000],
    ["after 8 s in a deployment", clients.snsControlClient, 8_000],
  ])("%s, and its connection has 1 s to open", async (_, client, requestTimeout) => {
    const sns = client();
    await sns.send(new PublishCommand({ Message: "m" })).catch(() => undefined);
    // By default the SDK only warns of a request that takes longer.
    const handler = sns.config.requestHandler as unknown as { httpHandlerConfigs(): object };
    expect(handler.httpHandlerConfigs()).toMatchObject({
      connectionTimeout: 1_000,
      requestTimeout,
      throwOnRequestTimeout: true,
    });
  });
});

it("with the SDK in place of the lean clients nothing is warmed up", async () => {
  await fallbacks.leanDynamo().warmUp("PutItem", put, {});
  await fallbacks.leanSns().warmUp("Publish", { Message: "m" }, {});
  await fallbacks.leanSqs().warmUp("SendMessage", { QueueUrl: QueueUrl(), MessageBody: "{}" }, {});
  expect(asked).toEqual([]);
});
