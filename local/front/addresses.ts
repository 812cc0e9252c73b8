import type { ApiDefinition } from "../apigateway/definition.ts";
import { isOperatorApi } from "../apigateway/http/api.ts";
import { SOCKET_PATH } from "../product.ts";

/** Where this host serves what has an address of its own on AWS. */
export const CONNECTIONS = `${SOCKET_PATH}/@connections`;
export const OPERATOR = "/_local/admin";

/**
 * Plays DNS: puts this host's addresses in place of those the APIs have on AWS. The stage of a WebSocket API is part of
 * its address there; here it is the path that it has behind CloudFront.
 */
export function localAddresses(text: string, apis: ReadonlyMap<string, ApiDefinition>, base: string): string {
  const pattern = /(http|ws)s:\/\/([\w-]+)\.execute-api\.[\w-]+\.amazonaws\.com(\/[\w$-]+)?/gu;
  return text.replace(pattern, (address: string, scheme: string, id: string, segment = "") => {
    const api = apis.get(id);
    if (api === undefined) return address;
    const host = base.replace(/^http/u, scheme);
    if (api.protocol === "HTTP") return `${host}${isOperatorApi(api) ? OPERATOR : ""}${segment}`;
    return `${host}${SOCKET_PATH}${segment === `/${api.stage?.name}` ? "" : segment}`;
  });
}
