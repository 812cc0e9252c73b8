import { jsonObject } from "../../aws/json.ts";
import { TemplateError } from "../../cloudformation/template.ts";
import type { LambdaFunction } from "../../lambda/pool.ts";
import type { ApiDefinition } from "../definition.ts";
import { mockReply } from "../mock.ts";

/** A route ready to run: a function, or a MOCK integration's answer. */
export interface Route {
  readonly key: string;
  readonly target: LambdaFunction | string;
  readonly responds: boolean;
}

export interface Routes {
  readonly connect: Route | undefined;
  readonly disconnect: Route | undefined;
  /** The route of a text frame; `$default` if it names no other. */
  select(frame: string): Route | undefined;
}

/** Throws a TemplateError for what the host cannot run. */
export function compileRoutes(api: ApiDefinition): Routes {
  const routes = new Map([...api.routes.values()].map((route) => [route.key, compile(api, route.key)]));
  const path = /^\$request\.body\.([\w.]+)$/u.exec(api.selection)?.[1]?.split(".");
  if (path === undefined)
    throw new TemplateError(`WebSocket API ${api.name}: cannot select routes by ${api.selection}`);
  return {
    connect: routes.get("$connect"),
    disconnect: routes.get("$disconnect"),
    select: (frame) => routes.get(keyOf(frame, path) ?? "$default") ?? routes.get("$default"),
  };
}

function compile(api: ApiDefinition, key: string): Route {
  const route = [...api.routes.values()].find((candidate) => candidate.key === key);
  const integration = route && api.integrations.get(route.integrationId);
  if (integration === undefined) throw new TemplateError(`route ${key} of API ${api.name} has no integration`);
  try {
    return { key, target: integration.target ?? mockReply(integration.mock), responds: route?.responds ?? false };
  } catch (error) {
    throw new TemplateError(
      `route ${key} of API ${api.name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The value at the path, as text; undefined if there is none. Frames cannot select `$connect` and the like. */
function keyOf(frame: string, path: readonly string[]): string | undefined {
  let value: unknown = jsonObject(frame);
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  const key = String(value);
  return key.startsWith("$") ? undefined : key;
}
