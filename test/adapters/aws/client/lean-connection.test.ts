import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { once } from "node:events";
import { Agent as HttpAgent, createServer, type RequestListener } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Dynamo } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import { call } from "../../../../lambdas/adapters/aws/client/call.ts";
import { leanDynamo } from "../../../../lambdas/adapters/aws/client/lean-client.ts";
import { patient } from "../../../../lambdas/adapters/aws/client/patient.ts";
import { overDynamo } from "../../../../lambdas/adapters/aws/client/sdk-client.ts";
import { DependencyError } from "../../../../lambdas/ports/errors.ts";
import { listen } from "../../../../local/aws/listen.ts";
import { failsAfter, holdTimeLimits } from "../../../support/values/time-limits.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** @returns its URL, and its connections as they arrive */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  const sockets: Socket[] = [];
  server.on("connection", (socket) => void sockets.push(socket));
  const listening = await listen(server, 0);
  closing.push(() => listening.close());
  return { url: listening.url, sockets };
}
/** Resolves when a connection has ended, orderly or not. */
const closed = (socket: Socket | undefined) =>
  new Promise<void>((resolve) =>
    socket === undefined || socket.closed ? resolve() : socket.once("close", () => resolve()),
  );
const environment = (url: string) => ({
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "x",
  AWS_SECRET_ACCESS_KEY: "x",
  AWS_ENDPOINT_URL: url,
});
const lean = (url: string): Dynamo => leanDynamo(environment(url));
const sdk = (url: string): Dynamo =>
  overDynamo(
    new DynamoDBClient({
      endpoint: url,
      region: "eu-central-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
      maxAttempts: 1,
    }),
  );

/** The kind of the failure, or "done". */
const kindOf = (client: Dynamo, abortSignal?: AbortSignal) =>
  call("dynamodb.PutItem", (options) =>
    client.request("PutItem", { TableName: "t", Item: {} }, abortSignal ? { abortSignal } : options),
  ).then(
    () => "done",
    (error: unknown) => (error instanceof DependencyError ? error.kind : error),
  );
const done: RequestListener = (request, response) => void request.resume().on("end", () => response.end("{}"));

describe.each([
  ["lean", lean],
  ["the SDK's", sdk],
] as const)("a connection of the %s client", (_, clientAt) => {
  it("is reused after an answer and after an error", async () => {
    let status = 200;
    const { url, sockets } = await serve(
      (request, response) => void request.resume().on("end", () => response.writeHead(status).end("{}")),
    );
    const client = clientAt(url);
    const kinds = [await kindOf(client)];
    status = 500;
    kinds.push(await kindOf(client), await kindOf(client));
    expect([kinds, sockets.length]).toEqual([["done", "unavailable", "unavailable"], 1]);
  });

  it("that is reset while kept alive is reported as reset, and the next call gets a new one", async () => {
    let requests = 0;
    const { url, sockets } = await serve((request, response) =>
      (requests += 1) === 2 ? request.socket.resetAndDestroy() : done(request, response),
    );
    const client = clientAt(url);
    expect([await kindOf(client), await kindOf(client), await kindOf(client), sockets.length]).toEqual([
      "done",
      "reset",
      "done",
      2,
    ]);
  });

  it("that the server closes between two calls causes a reset at most, and the next call gets a new one", async () => {
    const { url, sockets } = await serve(done);
    const client = clientAt(url);
    await kindOf(client);
    sockets[0]?.destroy();
    await closed(sockets[0]);
    expect(["done", "reset"]).toContain(await kindOf(client));
    expect(await kindOf(client)).toBe("done");
  });

  it.each<readonly [string, RequestListener]>([
    ["before a byte of the answer", (request) => void request.socket.destroy()],
    [
      "in the middle of a body with a length",
      (request, response) =>
        void response.writeHead(200, { "content-length": "100" }).write("{}", () => request.socket.destroy()),
    ],
    [
      "in the middle of a chunked body",
      (request, response) => void response.writeHead(200).write("{}", () => request.socket.destroy()),
    ],
    [
      "at the end of its half, the length not reached",
      (request, response) =>
        void response.writeHead(200, { "content-length": "100" }).write("{}", () => request.socket.end()),
    ],
  ])("that the server closes %s is reported as reset", async (_name, listener) => {
    expect(await kindOf(clientAt((await serve(listener)).url))).toBe("reset");
  });

  it.each<
    readonly [string, (request: Parameters<RequestListener>[0], response: Parameters<RequestListener>[1]) => void]
  >([
    ["before an answer", () => undefined],
    [
      "in the middle of an answer",
      (_request, response) => void response.writeHead(200, { "content-length": "100" }).write("{"),
    ],
  ])("is closed by the abort signal %s, which ends the call", async (_name, begin) => {
    const abort = new AbortController();
    let asked = () => undefined as void;
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const { url, sockets } = await serve((request, response) => {
      begin(request, response);
      asked();
    });
    const outcome = kindOf(clientAt(url), abort.signal);
    await arrived;
    abort.abort();
    expect(await outcome).toBe("timeout");
    await closed(sockets[0]);
  });

  it("is not opened if the signal was aborted before", async () => {
    const { url, sockets } = await serve(done);
    expect([await kindOf(clientAt(url), AbortSignal.abort()), sockets.length]).toEqual(["timeout", 0]);
  });

  it("to a closed port never began", async () => {
    const { url } = await serve(done);
    await Promise.all(closing.splice(0).map((close) => close()));
    expect(await kindOf(clientAt(url))).toBe("unreachable");
  });

  it("that does not speak HTTP may have carried out the call", async () => {
    const server = createTcpServer((socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n")));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    expect(await kindOf(clientAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))).toBe("unavailable");
  });
});

describe("a lean client", () => {
  // All other tests are on loopback, where a request without a host would also arrive.
  it.each([
    ["http://dynamodb.eu-central-1.amazonaws.com:8000", "dynamodb.eu-central-1.amazonaws.com", "8000"],
    ["http://dynamodb.eu-central-1.amazonaws.com", "dynamodb.eu-central-1.amazonaws.com", 80],
    ["http://[2001:db8::5]:8000", "2001:db8::5", "8000"],
  ])("connects to the host and port of %s", async (endpoint, host, port) => {
    const { url } = await serve(done);
    const connection = vi
      .spyOn(HttpAgent.prototype, "createConnection")
      .mockImplementation(() => connect(Number(new URL(url).port), "127.0.0.1"));
    closing.push(() => connection.mockRestore());
    expect(await kindOf(lean(endpoint))).toBe("done");
    expect(connection.mock.calls.map(([options]) => options)).toMatchObject([{ host, port }]);
  });

  it("aborts an answer longer than any of AWS's, with its connection", async () => {
    const { url, sockets } = await serve((_request, response) => {
      const more = () => response.write(Buffer.alloc(1 << 20, " "), (error) => (error ? undefined : more()));
      more();
    });
    expect(await kindOf(lean(url))).toBe("unavailable");
    await closed(sockets[0]);
  });

  it("accepts an answer as long as four items of DynamoDB", async () => {
    const row = { pk: { S: "a".repeat(400_000) } };
    const { url } = await serve(
      (_request, response) => void response.end(JSON.stringify({ Responses: { core: [row, row, row, row] } })),
    );
    const { Responses } = await lean(url).request("BatchGetItem", { RequestItems: {} });
    expect(Responses).toEqual({ core: [row, row, row, row] });
  });

  it("reads a character split between two chunks", async () => {
    const { url } = await serve((_request, response) => {
      const body = Buffer.from('{"Attributes":{"a":{"S":"ü☎"}}}');
      response.write(body.subarray(0, 26), () => response.end(body.subarray(26)));
    });
    expect(await lean(url).request("UpdateItem", { TableName: "t", Key: {} })).toEqual({
      Attributes: { a: { S: "ü☎" } },
    });
  });
});

describe("a lean client that gets no answer", () => {
  holdTimeLimits();
  const put = (url: string) =>
    call("dynamodb.PutItem", (options) => lean(url).request("PutItem", { TableName: "t", Item: {} }, options));

  it("waits a second for a connection", async () => {
    const asked = Promise.withResolvers<undefined>();
    // Its name is never found.
    const connection = vi.spyOn(HttpAgent.prototype, "createConnection").mockImplementation(() => {
      setImmediate(() => asked.resolve(undefined));
      return connect({ host: "dynamodb.example", port: 1, lookup: () => undefined });
    });
    closing.push(() => connection.mockRestore());
    const failure = await failsAfter(1_000, put("http://dynamodb.example"), asked.promise);
    expect(failure).toMatchObject({ kind: "timeout", cause: { message: "no connection in time" } });
  });

  it("once connected, waits for the call's limit of two seconds", async () => {
    const asked = Promise.withResolvers<undefined>();
    const { url } = await serve(() => asked.resolve(undefined));
    expect(await failsAfter(2_000, put(url), asked.promise)).toMatchObject({ kind: "timeout" });
  });
});

describe("a retrying client", () => {
  const patientAt = (url: string) => patient(leanDynamo(environment(url)), () => 0);
  const answers = async (...listeners: RequestListener[]) => {
    let requests = 0;
    const { url } = await serve((request, response) => (listeners[requests++] ?? done)(request, response));
    return { url, requests: () => requests };
  };
  const told =
    (status: number, type: string): RequestListener =>
    (_request, response) =>
      void response.writeHead(status).end(JSON.stringify({ __type: type }));
  const reset: RequestListener = (request) => void request.socket.resetAndDestroy();

  it.each<readonly [string, RequestListener, number]>([
    ["a reset connection", reset, 2],
    ["a throttled call", told(400, "ThrottlingException"), 2],
    ["AWS's own failure", told(500, "InternalServerError"), 2],
    ["a failed condition, which it does not retry", told(400, "ConditionalCheckFailedException"), 1],
    ["a refusal, which it does not retry", told(403, "AccessDeniedException"), 1],
    ["an unreadable answer, which it does not retry", (_request, response) => void response.end("<html>"), 1],
  ])("after %s", async (_, first, expected) => {
    const { url, requests } = await answers(first);
    const kind = await kindOf(patientAt(url));
    expect([requests(), kind === "done"]).toEqual([expected, expected === 2]);
  });

  it("gives up after three, like the SDK", async () => {
    const { url, requests } = await answers(reset, reset, reset, reset);
    expect([await kindOf(patientAt(url)), requests()]).toEqual(["reset", 3]);
  });

  it.each([
    [1_900, 2],
    [1_901, 1],
  ])("has 2 s in all, of which an attempt needs 100 ms: reset after %i ms, it tries %i times", async (ms, tries) => {
    vi.useFakeTimers({ toFake: ["performance"] });
    closing.push(() => vi.useRealTimers());
    const { url, requests } = await answers((request) => {
      vi.advanceTimersByTime(ms);
      request.socket.resetAndDestroy();
    });
    expect([await kindOf(patientAt(url)), requests()]).toEqual([tries === 2 ? "done" : "reset", tries]);
  });

  it("stops trying when its signal is aborted", async () => {
    const abort = new AbortController();
    const { url, requests } = await answers((request) => {
      abort.abort();
      request.socket.resetAndDestroy();
    });
    expect([await kindOf(patientAt(url), abort.signal), requests()]).toEqual(["timeout", 1]);
  });
});
