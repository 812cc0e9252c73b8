import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { loadAssembly } from "../../../local/cloudformation/assembly.ts";
import type { Resource } from "../../../local/cloudformation/template.ts";
import { startLocalHost } from "../../../local/host.ts";
import { fixture, fn, writeAssembly } from "../fixture/assembly.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
const start = async (assembly: string, more: object = {}) => {
  const host = await startLocalHost({ port: 0, assembly, ...more });
  ends.push(() => host.stop());
  return host;
};

const mockAnswer = (IntegrationResponseKey: string): Resource => ({
  Type: "AWS::ApiGatewayV2::IntegrationResponse",
  Properties: {
    ApiId: { Ref: "Socket" },
    IntegrationId: { Ref: "ByMock" },
    IntegrationResponseKey,
    ResponseTemplates: { "200": "{}" },
    TemplateSelectionExpression: "200",
  },
});

const unknown: readonly (readonly [string, Readonly<Record<string, Resource>>, string])[] = [
  [
    "an unknown type",
    { Box: { Type: "AWS::EFS::FileSystem" } },
    "AWS::EFS::FileSystem Box (stack service) cannot run here",
  ],
  ["a FIFO queue", { Q: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } } }, "FIFO"],
  ["a Python function", { F: fn("x", {}, { Runtime: "python3.13" }) }, "Node.js"],
  [
    "a stream that feeds a function",
    {
      M: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: { FunctionName: { Ref: "QueueFunction" }, EventSourceArn: "arn:aws:kinesis:x" },
      },
    },
    "SQS",
  ],
  [
    "a schedule in an unknown form",
    {
      S: {
        Type: "AWS::Scheduler::Schedule",
        Properties: { ScheduleExpression: "sometimes", Target: { Arn: { "Fn::GetAtt": ["QueueFunction", "Arn"] } } },
      },
    },
    "sometimes",
  ],
  [
    "a JWT authorizer",
    {
      R: {
        Type: "AWS::ApiGatewayV2::Route",
        Properties: { ApiId: { Ref: "Web" }, RouteKey: "GET /x", Target: "integrations/x", AuthorizationType: "JWT" },
      },
    },
    "JWT",
  ],
  [
    "a second public API",
    { Second: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "second", ProtocolType: "HTTP" } } },
    "room for one",
  ],
  [
    "a template language",
    {
      MockAnswer: {
        Type: "AWS::ApiGatewayV2::IntegrationResponse",
        Properties: {
          ApiId: { Ref: "Socket" },
          IntegrationId: { Ref: "ByMock" },
          IntegrationResponseKey: "$default",
          ResponseTemplates: { "200": "$input.body" },
          TemplateSelectionExpression: "200",
        },
      },
    },
    "not literal",
  ],
  [
    "a status without slashes as an integration response key",
    { MockAnswer: mockAnswer("200") },
    "AWS::ApiGatewayV2::IntegrationResponse MockAnswer (stack service) cannot run here: IntegrationResponseKey: must be $default or /expression/, such as /200/",
  ],
  [
    "an integration response key that is not a regular expression",
    { MockAnswer: mockAnswer("/2(/") },
    "Invalid regular expression",
  ],
  [
    "a MOCK integration without a response for its status",
    { MockAnswer: mockAnswer("/4\\d\\d/") },
    "no response for status 200",
  ],
  [
    "a custom resource that fails",
    {
      C: {
        Type: "Custom::X",
        Properties: {
          ServiceToken: { "Fn::GetAtt": ["CustomFunction", "Arn"] },
          KeyId: { "Fn::ImportValue": "key" },
          Fail: true,
        },
      },
    },
    "failed on purpose",
  ],
  [
    "a custom resource of another account",
    { C: { Type: "Custom::X", Properties: { ServiceToken: "arn:aws:lambda:eu-west-1:1:function:theirs" } } },
    "ServiceToken",
  ],
  [
    "an unknown attribute",
    { F: fn("x", { A: { "Fn::GetAtt": ["Work", "Colour"] } }) },
    "Colour of Work (AWS::SQS::Queue, stack service) is not known",
  ],
  ["an import without an export", { F: fn("x", { A: { "Fn::ImportValue": "nothing" } }) }, "imports nothing"],
];

describe("starting the host", () => {
  it.each(unknown)("fails and names what cannot run: %s", async (_, resources, message) => {
    await expect(start(fixture(resources))).rejects.toThrow(message);
  });

  it("fails in a directory without an assembly", async () => {
    await expect(start("/nowhere")).rejects.toThrow("cannot read /nowhere/manifest.json");
  });

  it("fails on a port in use, and suggests another one", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    ends.push(() => taken.close());
    const { port } = taken.address() as AddressInfo;
    await expect(start(fixture(), { port })).rejects.toThrow(
      `port ${port} is taken: stop what listens there, or choose another one, such as PORT=${port + 1}`,
    );
  });

  it("fails if DYNAMODB_ENDPOINT does not answer", async () => {
    await expect(start(fixture(), { dynamoDbEndpoint: "http://127.0.0.1:9" })).rejects.toThrow(
      "DYNAMODB_ENDPOINT: nothing answers",
    );
  });
});

describe("a stand-in", () => {
  it("is listed, and its attributes are made up", async () => {
    const host = await start(
      fixture({
        Rule: { Type: "AWS::Events::Rule", Properties: { EventPattern: { source: ["aws.secretsmanager"] } } },
        Uses: fn("http", { ROLE: { "Fn::GetAtt": ["Dashboards", "Arn"] } }),
        Dashboards: { Type: "AWS::CodeDeploy::Application" },
      }),
    );
    expect(host.standsIn).toEqual(["AWS::CodeDeploy::Application (2)", "events that rule Rule waits for"]);
  });
});

describe("stacks", () => {
  it("are ordered by dependency, with Region and account made up where CDK leaves them open", () => {
    const stacks = loadAssembly(writeAssembly({ first: {}, second: {}, third: {} }));
    expect(stacks.map(({ name }) => name)).toEqual(["first", "second", "third"]);
    expect(stacks[0]).toMatchObject({ region: "eu-west-1", accountId: "000000000000" });
  });
});

describe("several hosts in one process", () => {
  it("share nothing", async () => {
    const [one, two] = await Promise.all([start(fixture()), start(fixture())]);
    await fetch(`${one.url}/write?pk=a&ttl=9999999999`);
    const found = async (url: string) =>
      ((await (await fetch(`${url}/read?keys=a`)).json()) as { found: number }).found;
    expect([await found(one.url), await found(two.url)]).toEqual([1, 0]);
    expect(two.calls.list()).toEqual({ "dynamodb.BatchGetItem": 1 });
  });
});
