import type { APIGatewayProxyWebsocketEventV2, Context } from "aws-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { pushHandler } from "../../lambdas/handlers/push/push.ts";
import { postFailure } from "../../lambdas/usecases/push/post.ts";
import { sessionFailure, sessionHandler } from "../../lambdas/handlers/pbx/session.ts";
import { socket, type SocketRequest } from "../../lambdas/middleware/socket.ts";
import { viewerAddress } from "../../lambdas/middleware/viewer-address.ts";
import { NOON } from "../support/values/clock.ts";
import { rememberingTelemetry } from "../support/memory/remembering-telemetry.ts";

interface Happening {
  readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT";
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event of API Gateway, reduced to what we read and what identifies it. */
function eventOf({ eventType, body, headers }: Happening): APIGatewayProxyWebsocketEventV2 {
  const requestContext = {
    eventType,
    connectionId: "c1",
    requestId: "r1",
    routeKey: "$default",
    requestTimeEpoch: NOON,
    identity: { sourceIp: "198.51.100.1" },
  };
  return { requestContext, headers, body, isBase64Encoded: false } as unknown as APIGatewayProxyWebsocketEventV2;
}

let begun: object[];
let flushed: number;
let told: ReturnType<typeof rememberingTelemetry>;
beforeEach(() => {
  begun = [];
  flushed = 0;
  told = rememberingTelemetry();
});

type Handle = (request: SocketRequest) => Promise<string | undefined>;

function stack(handle: Handle, addressHeader?: string, failure: (text: string) => string = () => "failed") {
  const telemetry = { ...told, begin: (fields: object) => void begun.push(fields), flush: () => void (flushed += 1) };
  const handler = socket(handle, { telemetry, name: "session", failure, addressHeader });
  return (happening: Happening) => handler(eventOf(happening), {} as Context);
}

/** The request that a handler gets. */
async function requestOf(happening: Happening, addressHeader?: string): Promise<SocketRequest> {
  const requests: SocketRequest[] = [];
  await stack((request) => Promise.resolve(void requests.push(request)), addressHeader)(happening);
  return requests[0] as SocketRequest;
}

describe("socket", () => {
  it("turns an event into a request without API Gateway's fields", async () => {
    const usual = { connectionId: "c1", source: "198.51.100.1", arrivedAt: NOON };
    expect(await requestOf({ eventType: "MESSAGE", body: "{}" })).toEqual({ ...usual, kind: "message", text: "{}" });
    expect(await requestOf({ eventType: "CONNECT" })).toEqual({ ...usual, kind: "connect", text: "" });
    expect(await requestOf({ eventType: "DISCONNECT" })).toEqual({ ...usual, kind: "disconnect", text: "" });
  });

  it("takes the client's address from the header of the CDN, if one is configured", async () => {
    const happening = { eventType: "CONNECT", headers: { "cloudfront-viewer-address": "192.0.2.7:50000" } } as const;
    expect((await requestOf(happening, "CloudFront-Viewer-Address")).source).toBe("192.0.2.7");
    expect((await requestOf(happening)).source).toBe("198.51.100.1");
    const forged = { eventType: "CONNECT", headers: { "cloudfront-viewer-address": "<script>:1" } } as const;
    expect((await requestOf(forged, "CloudFront-Viewer-Address")).source).toBe("198.51.100.1");
    expect((await requestOf({ eventType: "CONNECT" }, "CloudFront-Viewer-Address")).source).toBe("198.51.100.1");
  });

  it("returns the answer as the body of the route response, and no body without one", async () => {
    expect(await stack(() => Promise.resolve('{"mt":"X"}'))({ eventType: "MESSAGE", body: "{}" })).toEqual({
      statusCode: 200,
      body: '{"mt":"X"}',
    });
    expect(await stack(() => Promise.resolve(undefined))({ eventType: "MESSAGE", body: "{}" })).toEqual({
      statusCode: 200,
    });
    expect(begun).toEqual([1, 2].map(() => ({ connectionId: "c1", requestId: "r1", route: "$default" })));
    expect(flushed).toBe(2);
  });

  it("never throws: answers a message in the protocol, refuses a connection, and counts both", async () => {
    const broken = stack(
      () => Promise.reject(new Error("a bug")),
      undefined,
      (text) => `failed: ${text}`,
    );
    expect(await broken({ eventType: "MESSAGE", body: "{1}" })).toEqual({ statusCode: 200, body: "failed: {1}" });
    expect(await broken({ eventType: "CONNECT" })).toEqual({ statusCode: 503 });
    expect(await broken({ eventType: "DISCONNECT" })).toEqual({ statusCode: 503 });
    expect([told.count("Unexpected", "session"), told.lines.length, flushed]).toEqual([3, 3, 3]);
  });
});

describe("viewerAddress", () => {
  it.each([
    ["192.0.2.1:443", "192.0.2.1"],
    ["2001:db8::1:50000", "2001:db8::1"],
    [undefined, undefined],
    ["", undefined],
    ["a host:1", undefined],
    [`${"1".repeat(60)}:1`, undefined],
  ])("reads %j as %j", (header, address) => expect(viewerAddress(header)).toBe(address));
});

describe("handlers", () => {
  const request = (kind: SocketRequest["kind"], text = ""): SocketRequest => ({
    kind,
    text,
    connectionId: "c1",
    source: "s",
    arrivedAt: NOON,
  });

  it("session: opens and closes connections and answers messages", async () => {
    const calls: unknown[] = [];
    const note =
      (name: string) =>
      (...args: unknown[]) =>
        Promise.resolve(void calls.push([name, ...args]));
    const received = (...args: unknown[]) => Promise.resolve(String(calls.push(["received", ...args])));
    const opened = (...args: unknown[]) => Promise.resolve(calls.push(["opened", ...args]) > 0);
    const handle = sessionHandler({ opened, closed: note("closed"), received });
    expect(await handle(request("connect"))).toBeUndefined();
    expect(await handle(request("message", "{}"))).toBe("2");
    expect(await handle(request("disconnect"))).toBeUndefined();
    expect(calls).toEqual([
      ["opened", "c1", "s"],
      ["received", "c1", "{}"],
      ["closed", "c1"],
    ]);
  });

  it("push: passes on one post and returns its answer", async () => {
    const handle = pushHandler(({ connectionId, text, arrivedAt }) =>
      Promise.resolve(`${connectionId} ${text} ${arrivedAt}`),
    );
    expect(await handle(request("message", '{"mt":"PushNotifyPost"}'))).toBe(`c1 {"mt":"PushNotifyPost"} ${NOON}`);
  });

  it("answer a failed message in the protocol, with its api and src", () => {
    const text = '{"mt":"X","src":"7","api":"Push"}';
    expect(postFailure(text)).toMatch(/^\{"mt":"PushNotifyPostResult","api":"Push","src":"7","err":/u);
    expect(sessionFailure(text)).toMatch(/^\{"mt":"Error","api":"Push","src":"7","error":/u);
    expect(sessionFailure("no frame")).toMatch(/^\{"mt":"Error","error":/u);
  });
});
