import { BatchGetItemCommand } from "@aws-sdk/client-dynamodb";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { postDynamo, postSns } from "../../../../lambdas/adapters/aws/shared/clients.ts";
import { rehearsePush } from "../../../../lambdas/adapters/aws/push/rehearsal.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close(() => undefined).closeAllConnections()));

/** A host that notes what it is asked, and its clients. */
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
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { endpoint, region: "eu-central-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } };
  return { asked, connections: () => connections, dynamo: postDynamo(options), sns: postSns(options) };
}

describe("the rehearsal of a push", () => {
  it("opens the connections that the first calls use, and calls no operation", async () => {
    const { asked, connections, dynamo, sns } = await host(true);
    await rehearsePush(dynamo, sns);
    expect(asked).toEqual(["GET /", "GET /"]);
    await dynamo.send(new BatchGetItemCommand({ RequestItems: {} }));
    expect(asked.at(-1)).toBe("POST / DynamoDB_20120810.BatchGetItem");
    expect(connections()).toBe(2);
  });

  it("ends all the same where nobody answers, in half a second", async () => {
    const { dynamo, sns } = await host(false);
    const startedAt = performance.now();
    await rehearsePush(dynamo, sns);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it("ends all the same where there is no host", async () => {
    const nowhere = { endpoint: "http://127.0.0.1:1", region: "eu-central-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } };
    await expect(rehearsePush(postDynamo(nowhere), postSns(nowhere))).resolves.toBeUndefined();
  });
});
