import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { leanDynamo, leanSns, leanSqs } from "../../../../lambdas/adapters/aws/client/lean-client.ts";
import { warmUpPush, warmUpSession } from "../../../../lambdas/adapters/aws/client/warm-up.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close(() => undefined).closeAllConnections()));

/** A host that records its requests, and its clients. */
async function host(answers: boolean) {
  const asked: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""} ${String(request.headers["x-amz-target"] ?? "")}`.trim());
    request.resume();
    if (answers) response.end("{}");
  });
  server.on("connection", () => (connections += 1));
  servers.push(server.listen(0, "127.0.0.1"));
  await new Promise((resolve) => server.once("listening", resolve));
  return { asked, connections: () => connections, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
const environment = (url: string) => ({
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "x",
  AWS_SECRET_ACCESS_KEY: "x",
  AWS_ENDPOINT_URL: url,
});
const clients = (url: string) => ({
  dynamo: leanDynamo(environment(url)),
  sns: leanSns(environment(url)),
  sqs: leanSqs(environment(url)),
});

describe("the warm-up", () => {
  it("of the push function opens the connections that its first calls use, and calls no operation", async () => {
    const { asked, connections, url } = await host(true);
    const { dynamo, sns } = clients(url);
    await warmUpPush(dynamo, sns);
    expect(asked).toEqual(["GET /", "GET /"]);
    await dynamo.request("BatchGetItem", { RequestItems: {} });
    await sns.request("Publish", { Message: "m" }).catch(() => undefined);
    expect(asked.slice(2)).toEqual(["POST / DynamoDB_20120810.BatchGetItem", "POST /"]);
    expect(connections()).toBe(2);
  });

  it("of the session function does the same for its table and its queue", async () => {
    const { asked, connections, url } = await host(true);
    const { dynamo, sqs } = clients(url);
    await warmUpSession(dynamo, sqs, `${url}/000000000000/checks`);
    expect(asked).toEqual(["GET /", "GET /"]);
    await dynamo.request("PutItem", { TableName: "t", Item: {} });
    await sqs
      .request("SendMessage", { QueueUrl: `${url}/000000000000/checks`, MessageBody: "{}" })
      .catch(() => undefined);
    expect(asked.slice(2)).toEqual(["POST / DynamoDB_20120810.PutItem", "POST / AmazonSQS.SendMessage"]);
    expect(connections()).toBe(2);
  });

  it("waits half a second for a host that does not answer, and then lets init continue", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    const { dynamo, sns } = clients((await host(false)).url);
    await warmUpPush(dynamo, sns);
    expect(timeout.mock.calls).toEqual([[500]]);
  });

  it.each([
    ["the host does not exist", environment("http://127.0.0.1:1")],
    ["the endpoint is not a URL", environment("nowhere")],
    ["there are no credentials", { AWS_REGION: "eu-central-1" }],
    ["nothing is set", {}],
  ])("lets init continue if %s", async (_, given) => {
    await expect(warmUpPush(leanDynamo(given), leanSns(given))).resolves.toBeUndefined();
    await expect(warmUpSession(leanDynamo(given), leanSqs(given), "nowhere")).resolves.toBeUndefined();
  });
});
