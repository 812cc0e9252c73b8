import { unmarshall } from "@aws-sdk/util-dynamodb";
import { createHash } from "node:crypto";
import { afterEach, expect, it, vi } from "vitest";
import { type Asked, type FakeAws, startFakeAws } from "../support/aws/fake-aws.ts";
import { limits } from "../support/values/values.ts";

type Handler = (event: object, context: object) => Promise<{ readonly statusCode: number }>;

let aws: FakeAws;
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await aws.stop();
});

function answer({ operation, body }: Asked) {
  if (operation === "DynamoDB.BatchGetItem") return { body: '{"Responses":{"sessions":[]}}' };
  if (operation !== "AmazonSQS.SendMessage") return { body: "{}" };
  const { MessageBody } = JSON.parse(body) as { readonly MessageBody: string };
  return { body: JSON.stringify({ MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") }) };
}

/** The function as it is deployed, with AWS faked on loopback. */
async function sessionFunction(environment: Readonly<Record<string, string>>): Promise<Handler> {
  aws = await startFakeAws(answer);
  const all = {
    STAGE: "test",
    CORE_TABLE: "core",
    SESSIONS_TABLE: "sessions",
    SECRETS_TABLE: "secrets",
    LIMITS: JSON.stringify(limits),
    CHECK_QUEUE_URL: `${aws.url}/checks`,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: aws.url,
    ...environment,
  };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, "write").mockReturnValue(true); // the function's own log
  const path = `../../lambdas/entrypoints/session.ts?${Object.keys(environment).join()}`;
  return ((await import(path)) as { readonly handler: Handler }).handler;
}

/** From behind a CDN: API Gateway sees the CDN's own address. */
const CONNECT = {
  requestContext: {
    connectionId: "c1",
    eventType: "CONNECT",
    routeKey: "$connect",
    requestId: "r",
    requestTimeEpoch: 1,
    identity: { sourceIp: "198.51.100.1" },
  },
  headers: { "X-Viewer-Address": "192.0.2.7:0" },
};

it.each([
  ["the CDN's header where one is configured", { ADDRESS_HEADER: "x-viewer-address" }, "192.0.2.7"],
  ["API Gateway's event where none is, as anyone can send a header", {}, "198.51.100.1"],
] as const)("the session function takes a PBX's address from %s", async (_, environment, source) => {
  const handler = await sessionFunction(environment);
  expect(await handler(CONNECT, {})).toEqual({ statusCode: 200 });
  const [put] = aws.asked.filter(({ operation }) => operation === "DynamoDB.PutItem");
  const { Item } = JSON.parse(put?.body ?? "{}") as { readonly Item: Parameters<typeof unmarshall>[0] };
  expect(unmarshall(Item)).toMatchObject({ pk: "CONN#c1", source });
});
