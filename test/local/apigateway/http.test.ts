import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { selectRoute } from "../../../local/apigateway/http/routes.ts";
import { startLocalHost, type LocalHost } from "../../../local/host.ts";
import { fixture } from "../fixture/assembly.ts";

let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost({ port: 0, assembly: fixture() });
});
afterAll(() => host.stop());

interface Echo {
  readonly rawPath: string;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly authorizer?: unknown; readonly http: { readonly method: string } };
  readonly [name: string]: unknown;
}
const ask = async (path: string, init: RequestInit = {}) => (await (await fetch(host.url + path, init)).json()) as Echo;

describe("events of an HTTP API", () => {
  it("use payload format 2.0", async () => {
    const echo = await ask("/a%20b?x=1&x=2&y=%C3%BC", { headers: { "X-Many": "1", cookie: "a=1; b=2" } });
    expect(echo).toMatchObject({
      version: "2.0",
      routeKey: "$default",
      rawPath: "/a%20b",
      rawQueryString: "x=1&x=2&y=%C3%BC",
      queryStringParameters: { x: "1,2", y: "ü" },
      cookies: ["a=1", "b=2"],
      headers: { "x-many": "1", "x-forwarded-for": expect.stringContaining("127.0.0.1") as unknown },
      requestContext: {
        stage: "$default",
        http: { method: "GET", path: "/a%20b", sourceIp: expect.stringContaining("127.0.0.1") as unknown },
      },
      isBase64Encoded: false,
    });
    expect(echo).not.toHaveProperty("body");
    expect(echo.requestContext.authorizer).toBeUndefined();
  });

  it.each([
    ["application/json", '{"a":"ü"}', false],
    ["text/plain; charset=utf-8", "ü", false],
    ["application/x-www-form-urlencoded", "code=1", true],
    ["application/octet-stream", "\u0000", true],
  ])("carry %s", async (type, body, encoded) => {
    const echo = await ask("/", { method: "POST", headers: { "content-type": type }, body });
    expect(echo.isBase64Encoded).toBe(encoded);
    expect(Buffer.from(echo.body ?? "", encoded ? "base64" : "utf8").toString()).toBe(body);
  });

  it("are answered with the function's status, headers, cookies and binary body", async () => {
    const response = await fetch(`${host.url}/cookies`);
    expect(response.status).toBe(201);
    expect(response.headers.get("x-one")).toBe("1");
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  it("are answered with 500 when the function throws, and with 413 when their body is too large", async () => {
    const failed = await fetch(`${host.url}/fail`);
    expect([failed.status, await failed.json()]).toEqual([500, { message: "Internal Server Error" }]);
    expect((await fetch(host.url, { method: "POST", body: Buffer.alloc(11 * 1024 * 1024) })).status).toBe(413);
  });

  it("reach the operator's API at /_local/admin as user/local, without a signature", async () => {
    const echo = await ask("/_local/admin/domains/pbx.example.com%2Fmaster", { method: "DELETE" });
    expect(echo).toMatchObject({
      rawPath: "/domains/pbx.example.com%2Fmaster",
      routeKey: "ANY /domains/{account+}",
      pathParameters: { account: "pbx.example.com/master" },
      requestContext: { authorizer: { iam: { userArn: "arn:aws:iam::000000000000:user/local" } } },
    });
    expect((await fetch(`${host.url}/_local/admin/other`)).status).toBe(404);
  });
});

describe("addresses in a function's environment", () => {
  it("are this host's, AWS endpoints included, and none of this process's variables leak in", async () => {
    process.env["LEAK"] = "1";
    const environment = await ask("/env");
    expect(environment).toMatchObject({
      PUBLIC_URL: host.url,
      PAGE: `${host.url}/push/connect`,
      OPERATOR_URL: `${host.url}/_local/admin`,
      PUSH_URL: `${host.url}/push/ws`,
      COUNT: "7",
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: host.awsUrl,
      AWS_ENDPOINT_URL_SNS: host.awsUrl,
    });
    expect(environment["PUBLIC_KEY"]).toMatch(/^MII/u);
    expect(environment).not.toHaveProperty("LEAK");
  });
});

describe("route selection", () => {
  const routes = ["GET /a/{id}", "GET /a/b", "ANY /a/b", "ANY /a/{rest+}", "POST /a/{id}", "$default"].map((key) => ({
    key,
    target: key,
  }));
  it.each([
    ["GET", "/a/b", "GET /a/b", undefined],
    ["PUT", "/a/b", "ANY /a/b", undefined],
    ["GET", "/a/c", "GET /a/{id}", { id: "c" }],
    ["POST", "/a/%C3%BC", "POST /a/{id}", { id: "ü" }],
    ["GET", "/a/c/d", "ANY /a/{rest+}", { rest: "c/d" }],
    ["DELETE", "/a/c", "ANY /a/{rest+}", { rest: "c" }],
    ["GET", "/a/%", "GET /a/{id}", { id: "%" }],
    ["GET", "/z", "$default", undefined],
  ])("%s %s → %s", (method, path, key, pathParameters) => {
    const found = selectRoute(routes, method, path);
    expect(found?.route.key).toBe(key);
    expect(found?.pathParameters).toEqual(pathParameters);
  });

  it("finds none where nothing matches", () => {
    expect(selectRoute([{ key: "GET /a", target: 1 }], "HEAD", "/a")).toBeUndefined();
  });
});
