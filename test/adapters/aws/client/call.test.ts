import { createServer, type RequestListener } from "node:http";
import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, describe, expect, it, vi } from "vitest";
import { listen, type Listening } from "../../../../local/aws/listen.ts";
import { call, dependencyError } from "../../../../lambdas/adapters/aws/client/call.ts";
import { dynamoPostContext } from "../../../../lambdas/adapters/aws/push/post-context.ts";
import { dynamoPbxSecrets } from "../../../../lambdas/adapters/aws/pbx/pbx-secrets.ts";
import { overDynamo } from "../../../../lambdas/adapters/aws/client/sdk-client.ts";
import { DependencyError } from "../../../../lambdas/ports/errors.ts";
import { failsAfter, holdTimeLimits } from "../../../support/values/time-limits.ts";

const servers: Listening[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
async function serve(listener: RequestListener): Promise<string> {
  const server = await listen(createServer(listener), 0);
  servers.push(server);
  return server.url;
}
const settings = (endpoint: string) => ({
  endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});
const dynamoAt = (endpoint: string) => new DynamoDBClient(settings(endpoint));
const get = new BatchGetItemCommand({ RequestItems: { core: { Keys: [{ pk: { S: "a" }, sk: { S: "b" } }] } } });

/** The error of an awaited call. */
async function thrownBy(work: Promise<unknown>): Promise<DependencyError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DependencyError) return error;
  throw new Error("no DependencyError");
}
const send = (endpoint: string, limit?: number) =>
  call("dynamodb.BatchGetItem", (options) => dynamoAt(endpoint).send(get, options), limit);
const read = (endpoint: string) => thrownBy(send(endpoint));
holdTimeLimits();

describe("a call", () => {
  it("to a server that never answers ends after its limit, with its connection", async () => {
    const [asked, gone] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const url = await serve((request) => {
      request.socket.once("close", () => gone.resolve(undefined));
      asked.resolve(undefined);
    });
    const failure = await failsAfter(150, send(url, 150), asked.promise);
    expect(failure).toMatchObject({
      name: "DependencyError",
      kind: "timeout",
      operation: "dynamodb.BatchGetItem",
      code: undefined,
    });
    await gone.promise;
  });

  it("without its own limit has 2 s", async () => {
    const asked = Promise.withResolvers<undefined>();
    const url = await serve(() => asked.resolve(undefined));
    expect(await failsAfter(2_000, send(url), asked.promise)).toMatchObject({ kind: "timeout" });
  });

  it("to a server that stops in the middle of its answer also ends", async () => {
    const begun = Promise.withResolvers<undefined>();
    const url = await serve(
      (_request, response) =>
        void response.writeHead(200, { "content-length": "100" }).write("{", () => begun.resolve(undefined)),
    );
    expect(await failsAfter(150, send(url, 150), begun.promise)).toMatchObject({ kind: "timeout" });
  });

  it("on a kept-alive socket that is reset reports the reset", async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests += 1;
      if (requests === 1) response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
      else request.socket.resetAndDestroy();
    });
    const client = dynamoAt(url);
    await client.send(get);
    expect((await thrownBy(call("dynamodb.BatchGetItem", (options) => client.send(get, options)))).kind).toBe("reset");
  });

  it("to a closed port never began", async () => {
    const url = await serve(() => undefined);
    await Promise.all(servers.splice(0).map((server) => server.close()));
    expect(await read(url)).toMatchObject({ kind: "unreachable", code: "ECONNREFUSED" });
  });

  it.each([
    [400, "ThrottlingException", "throttled"],
    [400, "ProvisionedThroughputExceededException", "throttled"],
    [400, "RequestLimitExceeded", "throttled"],
    [400, "ConditionalCheckFailedException", "conflict"],
    [400, "TransactionCanceledException", "conflict"],
    [400, "ValidationException", "rejected"],
    [403, "AccessDeniedException", "rejected"],
    [500, "InternalServerError", "unavailable"],
    [503, "ServiceUnavailable", "unavailable"],
  ])("DynamoDB's %i %s is %s, without its message", async (status, code, kind) => {
    const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: "quotes the token" });
    const error = await read(await serve((_request, response) => void response.writeHead(status).end(body)));
    expect(error.kind).toBe(kind);
    expect(error.code).toContain(code.replace(/Exception$/u, ""));
    expect(error.denied).toBe(code === "AccessDeniedException");
    expect(error.message).not.toContain("token");
  });

  it.each([
    [400, "Throttled", "throttled"],
    [400, "Throttling", "throttled"],
    [429, "TooManyRequests", "throttled"],
    [403, "AuthorizationError", "rejected"],
    [500, "InternalError", "unavailable"],
  ])("SNS's %i %s is %s", async (status, code, kind) => {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>x</Message></Error></ErrorResponse>`;
    const url = await serve(
      (_request, response) => void response.writeHead(status, { "content-type": "text/xml" }).end(body),
    );
    const sns = new SNSClient(settings(url));
    const error = await thrownBy(
      call("sns.Publish", (options) => sns.send(new PublishCommand({ TargetArn: "a", Message: "m" }), options)),
    );
    expect(error.kind).toBe(kind);
    expect(error.denied).toBe(code === "AuthorizationError");
  });

  it("with an unreadable answer may have taken effect", async () => {
    const error = await read(await serve((_request, response) => void response.writeHead(200).end("<html>")));
    expect([error.kind, error.mayBeDone]).toEqual(["unavailable", true]);
  });

  it("that has ended leaves no time limit behind", async () => {
    const signals: AbortSignal[] = [];
    const noting = (work: () => Promise<unknown>) =>
      call("y", ({ abortSignal }) => {
        signals.push(abortSignal);
        return work();
      });
    await noting(() => Promise.resolve(5));
    await thrownBy(noting(() => Promise.reject(new Error("x"))));
    vi.advanceTimersByTime(10_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });

  it("passes on a DependencyError, and returns the answer", async () => {
    const thrown = new DependencyError("x", "conflict");
    expect(await thrownBy(call("y", () => Promise.reject(thrown)))).toBe(thrown);
    expect(await call("y", () => Promise.resolve(5))).toBe(5);
  });
});

it.each([undefined, null, "text", {}])("dependencyError: %j is unavailable", (cause) => {
  expect(dependencyError("x.Y", cause)).toMatchObject({ kind: "unavailable", operation: "x.Y" });
});
// The SDK names the first three TimeoutError, whatever the cause.
it.each([
  ["ECONNRESET", "TimeoutError", "reset"],
  ["EPIPE", "TimeoutError", "reset"],
  ["ETIMEDOUT", "TimeoutError", "timeout"],
  ["ETIMEDOUT", "Error", "timeout"],
  ["ESOCKETTIMEDOUT", "Error", "timeout"],
  ["ABORT_ERR", "AbortError", "timeout"],
  ["ENOTFOUND", "Error", "unreachable"],
  ["ECONNREFUSED", "Error", "unreachable"],
  ["EAI_AGAIN", "Error", "unreachable"],
  ["EHOSTUNREACH", "Error", "unreachable"],
  ["ENETUNREACH", "Error", "unreachable"],
])("dependencyError: %s, named %s, is %s", (code, name, kind) => {
  const ours = kind === "unreachable" ? code : undefined;
  expect(dependencyError("x.Y", Object.assign(new Error("x"), { code, name }))).toMatchObject({ kind, code: ours });
});

// The SDK's own lists (@smithy/core, service-error-classification), and public reports: aws-sdk-go#1155, aws4fetch#84. All were
// answered with 4xx, most with 400.
it.each([
  ["BandwidthLimitExceeded", 400, "throttled"],
  ["EC2ThrottledException", 400, "throttled"],
  ["KMSThrottling", 400, "throttled"],
  ["KMSThrottlingException", 400, "throttled"],
  ["KmsThrottled", 400, "throttled"],
  ["LimitExceededException", 400, "throttled"],
  ["PriorRequestNotComplete", 400, "throttled"],
  ["ProvisionedThroughputExceededException", 400, "throttled"],
  ["RequestLimitExceeded", 400, "throttled"],
  ["RequestThrottled", 403, "throttled"],
  ["RequestThrottledException", 400, "throttled"],
  ["SlowDown", 400, "throttled"],
  ["Throttled", 400, "throttled"],
  ["ThrottledException", 400, "throttled"],
  ["Throttling", 400, "throttled"],
  ["ThrottlingException", 400, "throttled"],
  ["TooManyRequestsException", 400, "throttled"],
  ["Unheard", 429, "throttled"],
  ["RequestTimeout", 400, "unavailable"],
  ["RequestTimeoutException", 400, "unavailable"],
  ["TransactionInProgressException", 400, "unavailable"],
  ["InternalFailure", 400, "unavailable"],
  ["InternalServerErrorException", 400, "unavailable"],
  ["ServiceUnavailable", 400, "unavailable"],
  ["Unheard", 408, "unavailable"],
  ["Unheard", 500, "unavailable"],
  ["Unheard", 502, "unavailable"],
  ["Unheard", 503, "unavailable"],
  ["Unheard", 504, "unavailable"],
  ["TimeoutError", 0, "timeout"],
  ["ConditionalCheckFailedException", 400, "conflict"],
  ["TransactionConflictException", 400, "conflict"],
  ["TransactionCanceledException", 400, "conflict"],
  ["IdempotentParameterMismatchException", 400, "conflict"],
  // What only contains such a name is another error.
  ["NoSlowDown", 400, "rejected"],
  ["NoServiceUnavailable", 400, "rejected"],
  ["NoTransactionConflict", 400, "rejected"],
  ["Unheard", 399, "unavailable"],
  // Never solved by a retry.
  ["RequestExpired", 400, "rejected"],
  ["RequestTimeTooSkewed", 403, "rejected"],
  ["InvalidParameter", 400, "rejected"],
  ["EndpointDisabled", 400, "rejected"],
  ["OptedOut", 400, "rejected"],
  ["Unheard", 404, "rejected"],
])("dependencyError: %s answered with %i is %s", (name, httpStatusCode, kind) => {
  const cause = Object.assign(new Error("x"), { name, $metadata: { httpStatusCode } });
  expect(dependencyError("x.Y", cause)).toMatchObject({ kind, code: kind === "timeout" ? undefined : name });
});

describe("a BatchGetItem that answers 200 with unprocessed keys", () => {
  const key = { pk: { S: "DEVICE#a" }, sk: { S: "DEVICE" } };
  const partial: RequestListener = (_request, response) => {
    const body = { Responses: { core: [], sessions: [], secrets: [] }, UnprocessedKeys: { core: { Keys: [key] } } };
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
  };

  it("counts as throttled for a post's context and for credentials, not as a missing row", async () => {
    const client = dynamoAt(await serve(partial));
    const context = dynamoPostContext(overDynamo(client), { sessions: "sessions", core: "core" });
    const credentials = dynamoPbxSecrets(overDynamo(client), { secrets: "secrets", core: "core" });
    const failures = [
      await thrownBy(context.read({ connectionId: "c", deviceKey: "a", app: "ios" }, 1_000)),
      await thrownBy(credentials.find({ account: "a", domain: "a" })),
    ];
    expect(failures.map(({ kind }) => kind)).toEqual(["throttled", "throttled"]);
  });

  it("ends within the limit of a context read", async () => {
    const context = dynamoPostContext(overDynamo(dynamoAt(await serve(() => undefined))), {
      sessions: "sessions",
      core: "core",
    });
    expect(await failsAfter(100, context.read({ connectionId: "c", app: "ios" }, 100))).toMatchObject({
      kind: "timeout",
    });
  });
});
