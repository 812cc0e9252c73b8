import type { HttpRequest, HttpResponse } from "../../../lambdas/middleware/http.ts";
import type { Method, Routes } from "../../../lambdas/handlers/shared/routes.ts";

/** An HTTP request as the middleware passes it on; the target includes the query. */
export function aRequest(method: string, target: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const { pathname, searchParams } = new URL(target, "https://push.example.com");
  return {
    method,
    path: pathname,
    query: searchParams,
    headers: {},
    cookies: [],
    body: "",
    source: "192.0.2.1",
    caller: undefined,
    ...more,
  };
}

/** The same with a JSON body. */
export const withJson = (method: string, target: string, body: unknown, more: Partial<HttpRequest> = {}): HttpRequest =>
  aRequest(method, target, {
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...more,
  });

/** What routes answer to a request, its body read as JSON. */
export async function answerOf(
  routes: Routes,
  request: HttpRequest,
): Promise<HttpResponse & { readonly value: unknown }> {
  const handle = routes[request.path]?.[request.method as Method];
  if (handle === undefined) throw new Error(`nothing answers ${request.method} ${request.path}`);
  const response = await handle(request);
  const isJson = response.headers?.["content-type"]?.startsWith("application/json") ?? false;
  return { ...response, value: isJson ? JSON.parse(response.body ?? "") : undefined };
}
