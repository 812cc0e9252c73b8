import { describe, expect, it } from "vitest";
import type { AwsClient, ConnectionOperations, Sqs } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import { sqsChecks } from "../../../../lambdas/adapters/aws/pbx/check-queue.ts";
import { apiGatewaySockets, socketCloser } from "../../../../lambdas/adapters/aws/pbx/connections-api.ts";

/** A client that gives every call the same answer, and its requests. */
function scripted(answer: object | Error) {
  const asked: unknown[] = [];
  const request = (operation: string, input: object) => {
    asked.push([operation, input]);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { client: { request } as unknown as AwsClient<ConnectionOperations> & Sqs, asked };
}
const failed = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

describe("a call to API Gateway", () => {
  it("ends a socket", async () => {
    const { client, asked } = scripted({});
    await socketCloser(client).close("c1");
    await apiGatewaySockets(client).close("c2");
    expect(asked).toEqual([
      ["DeleteConnection", { ConnectionId: "c1" }],
      ["DeleteConnection", { ConnectionId: "c2" }],
    ]);
  });

  it("reads when a socket was last active", async () => {
    const { client, asked } = scripted({ LastActiveAt: new Date(5) });
    expect(await apiGatewaySockets(client).lastActiveAt("c1")).toBe(5);
    expect(asked).toEqual([["GetConnection", { ConnectionId: "c1" }]]);
    expect(await apiGatewaySockets(scripted({}).client).lastActiveAt("c1")).toBeUndefined();
  });

  it.each([
    failed("GoneException", 400),
    failed("Unknown", 410),
    Object.assign(new Error("x"), { name: "GoneException" }),
  ])("does not fail for a socket that is gone (%s)", async (gone) => {
    const sockets = apiGatewaySockets(scripted(gone).client);
    await expect(sockets.close("c1")).resolves.toBeUndefined();
    expect(await sockets.lastActiveAt("c1")).toBeUndefined();
  });

  it.each([
    [failed("ThrottlingException", 400), "throttled"],
    [failed("ForbiddenException", 403), "rejected"],
    [failed("InternalServerErrorException", 500), "unavailable"],
    [new Error("x"), "unavailable"],
  ] as const)("does not treat %s as gone", async (error, kind) => {
    const sockets = apiGatewaySockets(scripted(error).client);
    await expect(sockets.close("c1")).rejects.toMatchObject({ operation: "apigateway.DeleteConnection", kind });
    await expect(sockets.lastActiveAt("c1")).rejects.toMatchObject({ operation: "apigateway.GetConnection", kind });
  });
});

describe("the check queue", () => {
  const QueueUrl = "https://sqs.example/checks";
  it.each<[string, (checks: ReturnType<typeof sqsChecks>) => Promise<void>, object, number]>([
    ["a check after the time for a login", (q) => q.checkLogin("c1", 30), { kind: "login", connectionId: "c1" }, 30],
    ["a flooding socket, at once", (q) => q.flooding("c1"), { kind: "flooding", connectionId: "c1" }, 0],
    ["a first login", (q) => q.firstLogin("a", "s"), { kind: "first-login", account: "a", secretId: "s" }, 0],
    ["a sweep later", (q) => q.sweep("d", 15), { kind: "sweep", domain: "d" }, 15],
    ["the next page of the daily check", (q) => q.tidy("d"), { kind: "tidy", after: "d" }, 0],
  ])("gets %s", async (_, order, body, DelaySeconds) => {
    const { client, asked } = scripted({});
    await order(sqsChecks(client, QueueUrl));
    expect(asked).toEqual([["SendMessage", { QueueUrl, MessageBody: JSON.stringify(body), DelaySeconds }]]);
  });

  it("that refuses a message causes an error", async () => {
    const { client } = scripted(failed("OverLimit", 403));
    await expect(sqsChecks(client, QueueUrl).flooding("c1")).rejects.toMatchObject({
      operation: "sqs.SendMessage",
      kind: "rejected",
    });
  });
});
