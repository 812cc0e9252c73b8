import { beforeAll, describe, expect, it } from "vitest";
import { stages } from "../../stages.ts";
import { flat, list, object, synthesize, text, type Resource, type Synthesized } from "./synthesize.ts";

/** Messages a PBX sends (docs/protocol.md), and whether a frame goes back by the route response. */
const messages = {
  CheckBuild: true,
  AppChallenge: true,
  AppLogin: true,
  PbxInfo: false,
  AppInfo: true,
  KeepAlive: true,
  PushNotifyPost: true,
};
const events = { $connect: false, $disconnect: false, $default: true };

let stage: Synthesized;
beforeAll(() => {
  stage = synthesize("minimal");
});

const webSocketApi = (of: Synthesized): Resource => {
  const [api] = of.of("AWS::ApiGatewayV2::Api").filter(({ properties }) => properties["ProtocolType"] === "WEBSOCKET");
  if (api === undefined) throw new Error("no WebSocket API");
  return api;
};
const belongsTo = (api: Resource) => (resource: Resource) =>
  flat(resource.properties["ApiId"]) === `\${${api.logicalId}}`;
const routesOf = (of: Synthesized) => of.of("AWS::ApiGatewayV2::Route").filter(belongsTo(webSocketApi(of)));
const key = ({ properties }: Resource): string => text(properties["RouteKey"]);

function integrationOf(of: Synthesized, routeKey: string): Resource {
  const route = routesOf(of).find((candidate) => key(candidate) === routeKey);
  const target = flat(route?.properties["Target"]);
  const integration = of
    .of("AWS::ApiGatewayV2::Integration")
    .find(({ logicalId }) => target === `integrations/\${${logicalId}}`);
  if (integration === undefined) throw new Error(`${routeKey} leads to ${target}`);
  return integration;
}

it("gives the three APIs of a stage different names", () => {
  const names = stage.of("AWS::ApiGatewayV2::Api").map(({ properties }) => properties["Name"]);
  expect(names.sort()).toEqual(["push-minimal-service", "push-minimal-service-operator", "push-minimal-service-pages"]);
});

describe("WebSocket API", () => {
  it("has routes only for messages of the protocol and API Gateway's own events", () => {
    expect(routesOf(stage).map(key).sort()).toEqual(Object.keys({ ...messages, ...events }).sort());
    expect(webSocketApi(stage).properties["RouteSelectionExpression"]).toBe("$request.body.mt");
  });

  it.each(Object.entries({ ...messages, ...events }))("answers %s by route response: %s", (routeKey, answers) => {
    const route = routesOf(stage).find((candidate) => key(candidate) === routeKey);
    const responses = stage
      .of("AWS::ApiGatewayV2::RouteResponse")
      .filter(({ properties }) => flat(properties["RouteId"]) === `\${${route?.logicalId}}`);
    expect(responses.map(({ properties }) => properties["RouteResponseKey"])).toEqual(answers ? ["$default"] : []);
    expect(route?.properties["RouteResponseSelectionExpression"]).toBe(answers ? "$default" : undefined);
  });

  it("answers KeepAlive without a function, whichever response key API Gateway selects", () => {
    const mock = integrationOf(stage, "KeepAlive");
    expect(mock.properties).toMatchObject({
      IntegrationType: "MOCK",
      RequestTemplates: { "200": '{"statusCode":200}' },
    });
    const answers = stage
      .of("AWS::ApiGatewayV2::IntegrationResponse")
      .filter(({ properties }) => flat(properties["IntegrationId"]) === `\${${mock.logicalId}}`);
    expect(answers.map(({ properties }) => properties["IntegrationResponseKey"]).sort()).toEqual(["$default", "/200/"]);
    for (const { properties } of answers) {
      const template = object(properties["ResponseTemplates"])["200"];
      expect(JSON.parse(text(template))).toEqual({ mt: "KeepAliveResult" });
    }
  });

  it("answers KeepAlive with the session function if configured", () => {
    const lambda = synthesize("lambda", { ...stages["minimal"]!, keepAlive: "lambda" });
    expect(integrationOf(lambda, "KeepAlive").logicalId).toBe(integrationOf(lambda, "AppLogin").logicalId);
    expect(integrationOf(lambda, "KeepAlive").properties["IntegrationType"]).toBe("AWS_PROXY");
  });

  it("sends posts to the push function and everything else to the session function", () => {
    const uri = (routeKey: string) => flat(integrationOf(stage, routeKey).properties["IntegrationUri"]);
    expect(uri("PushNotifyPost")).toMatch(/FunctionsPushLive/u);
    for (const routeKey of [...Object.keys(messages), ...Object.keys(events)])
      if (!["PushNotifyPost", "KeepAlive"].includes(routeKey)) expect(uri(routeKey)).toMatch(/FunctionsSessionLive/u);
  });

  it("throttles each route, and logs no frames", () => {
    const [api] = stage.of("AWS::ApiGatewayV2::Stage").filter(belongsTo(webSocketApi(stage)));
    expect(api?.properties["StageName"]).toBe("push");
    expect(object(api?.properties["DefaultRouteSettings"])).toMatchObject({
      DataTraceEnabled: false,
      LoggingLevel: "OFF",
    });
    const settings = object(api?.properties["RouteSettings"]);
    expect(Object.keys(settings).sort()).toEqual(Object.keys({ ...messages, ...events }).sort());
    for (const setting of Object.values(settings))
      expect(object(setting)).toMatchObject({
        ThrottlingRateLimit: expect.any(Number) as number,
        ThrottlingBurstLimit: expect.any(Number) as number,
      });
    // API Gateway refuses a setting for a route that does not exist yet.
    const waitsFor = list(api?.definition["DependsOn"]).map(String);
    expect(routesOf(stage).every(({ logicalId }) => waitsFor.includes(logicalId))).toBe(true);
  });
});

describe("HTTP APIs", () => {
  const httpRoutes = () =>
    stage.of("AWS::ApiGatewayV2::Route").filter((route) => !belongsTo(webSocketApi(stage))(route));

  it("serve pages without authorization and the operator's routes only with IAM", () => {
    const authorization = httpRoutes().map((route) => [key(route), route.properties["AuthorizationType"]]);
    expect(Object.fromEntries(authorization)).toEqual({
      "ANY /push/{proxy+}": "NONE",
      "GET /push/status": "NONE",
      "HEAD /push/status": "NONE",
      "GET /push/status.json": "NONE",
      "HEAD /push/status.json": "NONE",
      "GET /push/status/style.css": "NONE",
      "HEAD /push/status/style.css": "NONE",
      "GET /push/status/icon.svg": "NONE",
      "HEAD /push/status/icon.svg": "NONE",
      "ANY /{proxy+}": "AWS_IAM",
    });
  });

  it("log the route, but no path or query, as those contain tickets", () => {
    const formats = stage
      .of("AWS::ApiGatewayV2::Stage")
      .filter((api) => !belongsTo(webSocketApi(stage))(api))
      .map(({ properties }) => text(object(properties["AccessLogSettings"])["Format"]));
    expect(formats).toHaveLength(2);
    for (const format of formats) {
      expect(format).toContain("$context.routeKey");
      expect(format).not.toMatch(/\$context\.(path|protocol|domainName)|querystring|\$request/iu);
    }
  });
});
