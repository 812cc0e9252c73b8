import { TemplateError } from "../../cloudformation/template.ts";
import type { LambdaFunction } from "../../lambda/pool.ts";
import type { ApiDefinition } from "../definition.ts";
import { httpAnswer, httpEvent, jsonAnswer, type HttpAnswer, type HttpRequest } from "./event.ts";
import { selectRoute, type HttpRoute } from "./routes.ts";
import { createThrottles } from "../throttle.ts";

/** API Gateway's HTTP front of one API. */
export interface HttpApi {
  /** Never rejects. */
  handle(request: HttpRequest): Promise<HttpAnswer>;
}

export const isOperatorApi = (api: ApiDefinition) => [...api.routes.values()].some(({ iam }) => iam);

/** Throws a TemplateError for a route that cannot run here. Callers on loopback have IAM's permission. */
export function createHttpApi(api: ApiDefinition, onThrottle: () => void = () => undefined): HttpApi {
  const routes = [...api.routes.values()].map(({ key, integrationId }): HttpRoute<LambdaFunction> => {
    const target = api.integrations.get(integrationId)?.target;
    if (target === undefined) throw new TemplateError(`route ${key} of API ${api.name} does not lead to a function`);
    return { key, target };
  });
  const allow = createThrottles(api.stage);
  const caller = isOperatorApi(api) ? `arn:aws:iam::${api.accountId}:user/local` : undefined;

  return {
    async handle(request) {
      const match = selectRoute(routes, request.message.method ?? "GET", request.path);
      if (match === undefined) return jsonAnswer(404, '{"message":"Not Found"}');
      if (!allow(match.route.key)) {
        onThrottle();
        return jsonAnswer(429, '{"message":"Too Many Requests"}');
      }
      const result = await match.route.target.invoke(httpEvent(api, request, match, caller));
      return result.ok ? httpAnswer(result.payload) : jsonAnswer(500, '{"message":"Internal Server Error"}');
    },
  };
}
