import { randomBytes } from "node:crypto";
import * as v from "valibot";
import type { Created, Provider, ResourceRequest } from "../cloudformation/deploy.ts";
import { cannotRun, read } from "../cloudformation/read.ts";
import type { FunctionRegistry } from "../lambda/registry.ts";
import { RESPONSE_KEY } from "./mock.ts";
import { apiHost, type ApiDefinition, type Templates, type Throttle } from "./definition.ts";

const texts = v.optional(v.record(v.string(), v.string()), {});
const settings = v.object({
  ThrottlingRateLimit: v.optional(v.number()),
  ThrottlingBurstLimit: v.optional(v.number()),
});

const schemas = {
  api: v.object({
    Name: v.optional(v.string()),
    ProtocolType: v.picklist(["WEBSOCKET", "HTTP"]),
    RouteSelectionExpression: v.optional(v.string(), ""),
    CorsConfiguration: v.optional(v.undefined("CORS is not answered here")),
  }),
  integration: v.object({
    ApiId: v.string(),
    IntegrationType: v.picklist(["AWS_PROXY", "MOCK"]),
    IntegrationUri: v.optional(v.string()),
    RequestTemplates: texts,
    TemplateSelectionExpression: v.optional(v.string()),
    PayloadFormatVersion: v.optional(v.string()),
  }),
  integrationResponse: v.object({
    ApiId: v.string(),
    IntegrationId: v.string(),
    IntegrationResponseKey: v.pipe(
      v.string(),
      v.regex(RESPONSE_KEY, "must be $default or /expression/, such as /200/"),
    ),
    ResponseTemplates: texts,
    TemplateSelectionExpression: v.optional(v.string()),
  }),
  route: v.object({
    ApiId: v.string(),
    RouteKey: v.string(),
    Target: v.pipe(v.string(), v.regex(/^integrations\/./u)),
    AuthorizationType: v.optional(
      v.picklist(["NONE", "AWS_IAM"], "JWT and Lambda authorizers do not run here"),
      "NONE",
    ),
  }),
  routeResponse: v.object({ ApiId: v.string(), RouteId: v.string() }),
  stage: v.object({
    ApiId: v.string(),
    StageName: v.string(),
    DefaultRouteSettings: v.optional(settings, {}),
    RouteSettings: v.optional(v.record(v.string(), settings), {}),
  }),
};

/** Assembles the template's APIs in `apis`, by id. */
export function apiGatewayResources(
  apis: Map<string, ApiDefinition>,
  functions: Pick<FunctionRegistry, "find">,
): Readonly<Record<string, Provider>> {
  const apiOf = (id: string, request: ResourceRequest): ApiDefinition => {
    const api = apis.get(id);
    if (api === undefined) throw cannotRun(request, `there is no API ${id}`);
    return api;
  };
  const newId = () => randomBytes(5).toString("hex");

  return {
    "AWS::ApiGatewayV2::Api"(request): Created {
      const { Name, ProtocolType, RouteSelectionExpression } = read(schemas.api, request);
      const { region, accountId } = request.stack;
      const api: ApiDefinition = {
        id: newId(),
        name: Name ?? request.logicalId,
        protocol: ProtocolType,
        selection: RouteSelectionExpression,
        region,
        accountId,
        routes: new Map(),
        integrations: new Map(),
      };
      apis.set(api.id, api);
      const scheme = ProtocolType === "HTTP" ? "https" : "wss";
      return { ref: api.id, attributes: { ApiId: api.id, ApiEndpoint: `${scheme}://${apiHost(api)}` } };
    },

    "AWS::ApiGatewayV2::Integration"(request): Created {
      const properties = read(schemas.integration, request);
      const api = apiOf(properties.ApiId, request);
      const target = properties.IntegrationUri === undefined ? undefined : functions.find(properties.IntegrationUri);
      if (properties.IntegrationType === "AWS_PROXY" && target === undefined)
        throw cannotRun(request, `${properties.IntegrationUri} is no function of this template`);
      if (api.protocol === "HTTP" && properties.PayloadFormatVersion !== "2.0")
        throw cannotRun(request, "only payload format 2.0 runs here");
      const id = newId();
      const mock = {
        requestTemplates: templates(properties.RequestTemplates, properties),
        responses: new Map<string, Templates>(),
      };
      api.integrations.set(id, { mock, ...(target !== undefined && { target }) });
      return { ref: id };
    },

    "AWS::ApiGatewayV2::IntegrationResponse"(request): Created {
      const properties = read(schemas.integrationResponse, request);
      const integration = apiOf(properties.ApiId, request).integrations.get(properties.IntegrationId);
      if (integration === undefined) throw cannotRun(request, "its integration does not exist");
      integration.mock.responses.set(
        properties.IntegrationResponseKey,
        templates(properties.ResponseTemplates, properties),
      );
      return { ref: newId() };
    },

    "AWS::ApiGatewayV2::Route"(request): Created {
      const { ApiId, RouteKey, Target, AuthorizationType } = read(schemas.route, request);
      const id = newId();
      const integrationId = Target.replace("integrations/", "");
      const iam = AuthorizationType === "AWS_IAM";
      apiOf(ApiId, request).routes.set(id, { key: RouteKey, integrationId, iam, responds: false });
      return { ref: id };
    },

    "AWS::ApiGatewayV2::RouteResponse"(request): Created {
      const { ApiId, RouteId } = read(schemas.routeResponse, request);
      const route = apiOf(ApiId, request).routes.get(RouteId);
      if (route === undefined) throw cannotRun(request, "its route does not exist");
      route.responds = true;
      return { ref: newId() };
    },

    "AWS::ApiGatewayV2::Stage"(request): Created {
      const { ApiId, StageName, DefaultRouteSettings, RouteSettings } = read(schemas.stage, request);
      apiOf(ApiId, request).stage = {
        name: StageName,
        throttle: throttle(DefaultRouteSettings),
        routeThrottles: new Map(Object.entries(RouteSettings).map(([key, each]) => [key, throttle(each)])),
      };
      return { ref: StageName };
    },
  };
}

const templates = (
  byKey: Readonly<Record<string, string>>,
  { TemplateSelectionExpression: selection }: { TemplateSelectionExpression?: string | undefined },
) => ({ byKey, ...(selection !== undefined && { selection }) }) satisfies Templates;

const throttle = ({
  ThrottlingRateLimit: rate,
  ThrottlingBurstLimit: burst,
}: v.InferOutput<typeof settings>): Throttle => ({
  ...(rate !== undefined && { rate }),
  ...(burst !== undefined && { burst }),
});
