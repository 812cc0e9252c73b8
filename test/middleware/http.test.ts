import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { http, type HttpRequest, type HttpResponse } from "../../lambdas/middleware/http.ts";
import { rememberingTelemetry } from "../support/memory/remembering-telemetry.ts";

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly stage?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly base64?: boolean;
  readonly authorizer?: object;
}

function event({
  method = "GET",
  path = "/push/x",
  stage = "$default",
  query = "",
  headers = {},
  body,
  base64 = false,
  authorizer,
}: Asked) {
  return {
    version: "2.0",
    rawPath: path,
    rawQueryString: query,
    headers,
    cookies: ["a=1"],
    ...(body !== undefined && { body }),
    isBase64Encoded: base64,
    requestContext: { requestId: "r", stage, http: { method, path, sourceIp: "192.0.2.1" }, authorizer },
  } as unknown as APIGatewayProxyEventV2;
}

function setting(handle: (request: HttpRequest) => Promise<HttpResponse>, addressHeader?: string) {
  const telemetry = { ...rememberingTelemetry(), begin: () => undefined, flush: () => undefined };
  const failure = () => ({ status: 503, body: "sorry" });
  const handler = http(handle, {
    telemetry,
    name: "registration",
    headers: { "x-always": "yes" },
    failure,
    addressHeader,
  });
  return { telemetry, ask: (asked: Asked = {}) => handler(event(asked), {} as Context) };
}

/** The request that a handler gets for an event. */
async function seen(asked: Asked, addressHeader?: string): Promise<HttpRequest> {
  const requests: HttpRequest[] = [];
  await setting((request) => Promise.resolve({ status: Number(requests.push(request)) && 204 }), addressHeader).ask(
    asked,
  );
  const [request] = requests;
  if (request === undefined) throw new Error("nothing was asked");
  return request;
}

describe("http", () => {
  it("passes on method, path, query, body, cookies and source", async () => {
    const request = await seen({ method: "POST", query: "a=1&b=%2F", body: "text" });
    expect(request).toMatchObject({
      method: "POST",
      path: "/push/x",
      body: "text",
      source: "192.0.2.1",
      cookies: ["a=1"],
    });
    expect(request.query.get("b")).toBe("/");
    expect(request.caller).toBeUndefined();
  });

  it("decodes a body in base64", async () => {
    expect((await seen({ body: Buffer.from("ü").toString("base64"), base64: true })).body).toBe("ü");
  });

  it.each([
    ["/prod/domains", "prod", "/domains"],
    ["/prod", "prod", ""],
    ["/production/domains", "prod", "/production/domains"],
    ["/domains", "$default", "/domains"],
  ])("removes the stage from the path %s", async (path, stage, expected) => {
    expect((await seen({ path, stage })).path).toBe(expected);
  });

  it.each([
    ["198.51.100.7:4711", "198.51.100.7"],
    ["2001:db8::1:4711", "2001:db8::1"],
    ["nonsense", "192.0.2.1"],
    ["", "192.0.2.1"],
  ])("reads the address from the CDN's header %j only where a CDN is configured", async (told, source) => {
    const headers = { "cloudfront-viewer-address": told };
    expect((await seen({ headers }, "CloudFront-Viewer-Address")).source).toBe(source);
    expect((await seen({ headers })).source).toBe("192.0.2.1");
  });

  it("passes on the ARN of the caller who signed the request", async () => {
    const authorizer = { iam: { userArn: "arn:aws:iam::1:user/a" } };
    expect((await seen({ authorizer })).caller).toBe("arn:aws:iam::1:user/a");
  });

  it("adds its headers to every answer, and omits the body for HEAD", async () => {
    const { ask } = setting(() => Promise.resolve({ status: 200, headers: { "x-mine": "1" }, body: "text" }));
    expect(await ask()).toEqual({ statusCode: 200, headers: { "x-always": "yes", "x-mine": "1" }, body: "text" });
    expect(await ask({ method: "HEAD" })).toMatchObject({ statusCode: 200, body: "" });
  });

  it("never throws, and does not reveal the cause", async () => {
    const { ask, telemetry } = setting(() => Promise.reject(new Error("a reason")));
    expect(await ask()).toEqual({ statusCode: 503, headers: { "x-always": "yes" }, body: "sorry" });
    expect(telemetry.count("Unexpected", "registration")).toBe(1);
  });
});
